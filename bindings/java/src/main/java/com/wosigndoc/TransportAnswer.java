package com.wosigndoc;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Holds an HTTP answer that a {@link Transport} received. */
public final class TransportAnswer implements Closeable {
    private final int status;
    private final InputStream body;

    /**
     * Takes an answer whose body is still on its way.
     *
     * @param status its HTTP status
     * @param body its body, which throws when it breaks off before its end; closing it ends the exchange
     */
    public TransportAnswer(int status, InputStream body) {
        this.status = status;
        this.body = Objects.requireNonNull(body, "body");
    }

    /**
     * Takes an answer that is there, of which a transport need read no more than 1 MiB and a byte.
     *
     * @param status its HTTP status
     * @param body its body
     */
    public TransportAnswer(int status, byte[] body) {
        this(status, new ByteArrayInputStream(body));
    }

    int status() {
        return status;
    }

    InputStream body() {
        return body;
    }

    /** Ends the exchange. */
    @Override
    public void close() throws IOException {
        body.close();
    }
}
