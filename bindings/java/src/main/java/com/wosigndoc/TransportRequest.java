package com.wosigndoc;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says what a {@link Transport} sends: one try of an order, or what a preflight asks. */
public final class TransportRequest {
    private final JsonObject about;
    // Null where the body is a text.
    private final HostedOrder order;
    private final byte[] text;
    private final Duration timeout;
    private final long begun = System.nanoTime();
    private Body current;
    private boolean bodyRead;
    private WoSignDocException bodyFailure;

    private TransportRequest(JsonObject about, HostedOrder order, Duration timeout) {
        this.about = about;
        this.order = order;
        this.text = Json.bytes(Json.text(about, "body", ""));
        this.timeout = timeout;
    }

    /** Makes the request of a try that has so much time. */
    static TransportRequest of(HostedOrder order, Duration timeout) {
        return new TransportRequest(order.about(), order, timeout);
    }

    /** Makes the request of a preflight, by what the library says that it needs. */
    static TransportRequest probe(JsonObject about) {
        return new TransportRequest(about, null, Duration.ofMillis(about.get("timeout_ms").getAsLong()));
    }

    /**
     * Returns the method.
     *
     * @return {@code POST}, or {@code GET} of a {@link Transport#probe}
     */
    public String method() {
        return Json.text(about, "method", "");
    }

    /**
     * Returns where to send it.
     *
     * @return the endpoint, as configured
     */
    public URI uri() {
        return URI.create(Json.text(about, "url", ""));
    }

    /**
     * Returns the headers to send, without Content-Length.
     *
     * @return names and values
     */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        about.getAsJsonObject("headers").entrySet().forEach(header ->
                headers.put(header.getKey(), header.getValue().getAsString()));
        return Collections.unmodifiableMap(headers);
    }

    /**
     * Returns how long the body is.
     *
     * @return bytes; 0: there is none
     */
    public long contentLength() {
        return order == null ? text.length : about.get("content_length").getAsLong();
    }

    /**
     * Returns the time in which a connection must stand: name, proxy and TLS together.
     *
     * @return as configured, and no more than the {@link #timeout}
     */
    public Duration connectTimeout() {
        Duration connect = Duration.ofMillis(about.get("connect_timeout_ms").getAsLong());
        return connect.compareTo(timeout) < 0 ? connect : timeout;
    }

    /**
     * Returns the time in which everything must be done, the connection and the whole answer included.
     *
     * @return what is left of the call's time when this try begins
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Returns the body from its first byte. It is made while it is read, and never in memory as a whole. Another call
     * begins again, for a server or a proxy that asks who the client is; the stream before it is then of no more use.
     *
     * @return the body, which any thread may read as long as {@link Transport#send} runs
     */
    public synchronized InputStream body() {
        if (order == null) {
            return new Text();
        }
        if (current != null) {
            order.rewind();
        }
        current = new Body();
        return current;
    }

    /** Says whether a byte of the order may have been sent. */
    synchronized boolean bodyRead() {
        return bodyRead;
    }

    /** Throws what kept the body from being read, such as a file that changed. */
    synchronized void throwBodyFailure() {
        if (bodyFailure != null) {
            throw bodyFailure;
        }
    }

    boolean late() {
        return System.nanoTime() - begun >= timeout.toNanos();
    }

    /** Ends the try: no stream of it is read any more. */
    synchronized void end() {
        current = null;
    }

    private synchronized int read(Body body, byte[] into, int at, int count) throws IOException {
        if (body != current) {
            throw new IOException("this body is of no more use (该正文已不可用)");
        }
        bodyRead = true;
        try {
            int got = order.read(into, at, count);
            return got == 0 ? -1 : got;
        } catch (WoSignDocException failure) {
            bodyFailure = failure;
            throw new IOException(failure);
        }
    }

    private synchronized void noteRead(boolean some) {
        bodyRead |= some;
    }

    // No ByteArrayInputStream itself: since Java 9 that one has ways to be read that go past read().
    private final class Text extends FilterInputStream {
        Text() {
            super(new ByteArrayInputStream(text));
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            noteRead(one >= 0);
            return one;
        }

        @Override
        public int read(byte[] into, int at, int count) throws IOException {
            int got = super.read(into, at, count);
            noteRead(got > 0);
            return got;
        }
    }

    private final class Body extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int count) throws IOException {
            if (at < 0 || count < 0 || count > into.length - at) {
                throw new IndexOutOfBoundsException();
            }
            return count == 0 ? 0 : TransportRequest.this.read(this, into, at, count);
        }
    }
}
