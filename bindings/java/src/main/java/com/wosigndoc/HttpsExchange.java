package com.wosigndoc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLHandshakeException;

/** Makes one exchange of {@link HttpsTransport}: sends the request, and reads the answer in time. */
final class HttpsExchange {
    private final HttpURLConnection connection;
    private final WatchedSockets sockets;
    private final Watch watch;

    HttpsExchange(HttpURLConnection connection, WatchedSockets sockets, Watch watch) {
        this.connection = connection;
        this.sockets = sockets;
        this.watch = watch;
        watch.add(connection::disconnect);
    }

    /** Sends a request; the answer's body is still on its way, and ends the exchange when it is closed. */
    TransportAnswer run(TransportRequest request) throws IOException {
        try {
            if (request.contentLength() == 0) {
                connection.connect();
                watch.connected();
                return answer();
            }
            OutputStream out = begin();
            if (out == null) {
                // Refused by its head: Java keeps no more of such an answer.
                return over(new TransportAnswer(connection.getResponseCode(), new byte[0]));
            }
            watch.connected();
            IOException broken = pour(request.body(), out);
            return broken == null ? answer() : over(early(broken));
        } catch (IOException failure) {
            throw explain(failure);
        }
    }

    /** Sends the head; returns where to write the body, or null when the server does not want it. */
    private OutputStream begin() throws IOException {
        try {
            return connection.getOutputStream();
        } catch (java.net.ProtocolException refused) {
            if (connection.getRequestProperty("Expect") == null || connection.getResponseCode() < 0) {
                throw refused;
            }
            return null;
        }
    }

    /** Sends the body; returns why it could not be sent to its end. */
    private static IOException pour(InputStream body, OutputStream out) throws IOException {
        byte[] piece = new byte[16 * 1024];
        for (int got = body.read(piece); got >= 0; got = body.read(piece)) {
            try {
                out.write(piece, 0, got);
            } catch (IOException broken) {
                return broken;
            }
        }
        try {
            out.close();
            return null;
        } catch (IOException broken) {
            return broken;
        }
    }

    /** Hears what the server said before it broke off: Java does not look for it. */
    private TransportAnswer early(IOException broken) throws IOException {
        TransportAnswer said = watch.over() ? null : EarlyAnswer.hear(sockets.made());
        if (said == null) {
            throw broken;
        }
        return said;
    }

    private TransportAnswer over(TransportAnswer answer) {
        watch.cut();
        return answer;
    }

    private TransportAnswer answer() throws IOException {
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("the answer is no HTTP (应答不是 HTTP)");
        }
        InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        return new TransportAnswer(status, new Body(body));
    }

    /** Returns what a failure is, where that is more than what Java says of it. */
    private IOException explain(IOException failure) {
        if (watch.over()) {
            SocketTimeoutException late = new SocketTimeoutException("no answer in time (未在时限内得到应答)");
            late.initCause(failure);
            return late;
        }
        // In TLS 1.3 a server judges the client's certificate after the client thinks that it is connected, and before
        // it reads any of the order.
        boolean refused = failure instanceof SSLHandshakeException && sockets.made() != null
                && sockets.made().getSession().getProtocol().equals("TLSv1.3");
        return refused ? new NotSentException(failure) : failure;
    }

    /** Reads an answer's body. */
    private final class Body extends FilterInputStream {
        private final long announced;
        private long read;
        private boolean ended;

        /** Null: there is none. */
        Body(InputStream body) {
            super(body);
            boolean chunked = connection.getHeaderField("Transfer-Encoding") != null;
            announced = chunked ? -1 : connection.getContentLengthLong();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int count) throws IOException {
            int got;
            try {
                got = in == null ? -1 : in.read(into, at, count);
            } catch (IOException failure) {
                throw explain(failure);
            }
            read += Math.max(got, 0);
            // Java takes an answer that was cut for one that has ended.
            if (got < 0 && in != null && read < announced) {
                throw new IOException("the answer was cut: " + read + " of " + announced + " bytes came (应答不完整)");
            }
            ended |= got < 0;
            return got;
        }

        @Override
        public void close() {
            if (ended) {
                // In good order, which TLS needs to resume the session.
                connection.disconnect();
            }
            watch.cut();
        }
    }
}
