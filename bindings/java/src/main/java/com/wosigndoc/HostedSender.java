package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Sends orders by a {@link Transport}: what to send, when to repeat it and what an answer means is the library's. */
final class HostedSender implements Sender {
    // Longest answer that the protocol has. A byte more shows the library that it is longer.
    private static final int MAX_ANSWER = 1 << 20;

    private final byte[] settings;
    private final Transport transport;
    private final ClientAbout about;
    private volatile boolean closed;

    HostedSender(byte[] settings, Transport transport) {
        this.settings = settings;
        this.transport = transport;
        // What is wrong with the settings is said now, as without a transport.
        JsonObject document = Invocation.run((out, length) ->
                NativeCalls.wsd_config_hosted(settings, settings.length, out, length));
        document.add("certificate", Certified.describe(transport.certificate()));
        document.add("warnings", new JsonArray());
        about = new ClientAbout(document);
    }

    @Override
    public ClientAbout about() {
        return about;
    }

    @Override
    public JsonObject create(byte[] json, Attachments attachments, int limit) {
        if (closed) {
            throw new IllegalStateException("used after close() (在 close() 之后使用)");
        }
        try (HostedOrder order = new HostedOrder(settings, json, attachments, limit)) {
            Duration left = order.timeout();
            while (true) {
                TransportRequest request = TransportRequest.of(order, left);
                Received received;
                try {
                    received = exchange(request);
                } catch (IOException failure) {
                    JsonObject next = failed(order, request, failure);
                    pause(next.get("pause_ms").getAsLong());
                    left = Duration.ofMillis(next.get("timeout_ms").getAsLong());
                    continue;
                }
                return order.answered(received.status, received.body);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Sends a request once, and reads its answer. */
    private Received exchange(TransportRequest request) throws IOException {
        try (Closing answer = new Closing(transport.send(request))) {
            request.throwBodyFailure();
            if (answer.held == null) {
                throw TransportException.withoutAnswer(request.bodyRead());
            }
            return Received.of(answer.held, request);
        } catch (IOException | RuntimeException failure) {
            request.throwBodyFailure();
            throw failure;
        } finally {
            request.end();
        }
    }

    /** Tells the library what became of a try; throws what the call ends with, unless another may follow. */
    private static JsonObject failed(HostedOrder order, TransportRequest request, IOException failure) {
        try {
            return order.failed(told(request, failure));
        } catch (WoSignDocException end) {
            end.initCause(failure);
            throw end;
        }
    }

    /** Returns what the library is told of a failure. */
    static JsonObject told(TransportRequest request, Exception failure) {
        boolean sent = request.bodyRead() && !(failure instanceof NotSentException);
        JsonObject told = new JsonObject();
        told.addProperty("stage", failure instanceof CutException ? "answer" : sent ? "exchange" : "connect");
        told.addProperty("timeout", timeout(failure) || request.late());
        told.addProperty("tls", tls(failure));
        told.addProperty("message", Words.of(failure));
        return told;
    }

    private static boolean tls(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            // Not every SSLException: JSSE says so of a connection that breaks, too.
            if (each instanceof SSLHandshakeException || each instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    private static boolean timeout(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            // Java 11's own HTTP client has a type of its own, which Java 8 does not know.
            boolean ofHttp = each.getClass().getName().matches("java\\.net\\.http\\.Http(Connect)?TimeoutException");
            boolean inTime = each instanceof InterruptedIOException && !Thread.currentThread().isInterrupted();
            if (ofHttp || inTime) {
                return true;
            }
        }
        return false;
    }

    /** Waits as the native library does: an interrupt does not end the call, and is not lost. */
    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.sleep(left);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Holds an answer as HTTP brought it. */
    static final class Received {
        final int status;
        final byte[] body;

        private Received(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        /** Reads an answer up to the limit, in the time of its request. */
        static Received of(TransportAnswer answer, TransportRequest request) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try {
                InputStream stream = answer.body();
                byte[] piece = new byte[16 * 1024];
                while (body.size() <= MAX_ANSWER) {
                    int got = stream.read(piece, 0, Math.min(piece.length, MAX_ANSWER + 1 - body.size()));
                    if (got < 0) {
                        break;
                    }
                    if (request.late()) {
                        throw new InterruptedIOException("the answer did not end in time (应答未在时限内结束)");
                    }
                    body.write(piece, 0, got);
                }
            } catch (IOException cut) {
                // A server that closes without saying how long its answer is has said all it had to say.
                if (!whole(answer.status(), body.toByteArray())) {
                    throw new CutException(cut);
                }
            }
            return new Received(answer.status(), body.toByteArray());
        }

        private static boolean whole(int status, byte[] body) {
            try {
                WoSignDocClient.answer(status, body);
                return true;
            } catch (PlatformException refusal) {
                return true;
            } catch (WoSignDocException incomplete) {
                return false;
            }
        }
    }

    /** Closes an answer, if there is one. What that throws changes nothing: the answer was read before, or failed to be. */
    static final class Closing implements AutoCloseable {
        final TransportAnswer held;

        Closing(TransportAnswer held) {
            this.held = held;
        }

        @Override
        public void close() {
            try {
                if (held != null) {
                    held.close();
                }
            } catch (IOException | RuntimeException late) {
                // An order whose answer is known would be sent again.
            }
        }
    }

    /** Says that an answer had begun when its connection broke or its time ran out. */
    private static final class CutException extends IOException {
        private static final long serialVersionUID = 1;

        CutException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
