package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * Calls the sandbox's control API. It is HTTP/1.0 over a socket, since {@link java.net.HttpURLConnection} knows no PATCH and takes
 * proxies of the JVM even to this machine.
 */
final class ControlApi {
    /** How long an answer may take where nothing else is said. */
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The longest time that the control API lets anybody wait; what is longer it refuses. */
    private static final Duration MAX_WAIT = Duration.ofHours(1);
    /** How long a read takes before it is seen whether the test was interrupted. */
    private static final int STEP_MS = 50;

    private final URI base;

    ControlApi(String base) {
        this.base = URI.create(base);
    }

    /** One answer. */
    private static final class Answer {
        final int status;
        final byte[] body;

        Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }
    }

    byte[] get(String target) {
        return call("GET", target, null, PATIENCE);
    }

    byte[] call(String method, String target, JsonObject body, Duration patience) {
        return checked(answer(method, target, body, patience, false), false);
    }

    /** Makes a call that answers when something has happened: in vain it is a timeout, and an interrupt ends it. */
    byte[] await(String method, String target, JsonObject body, Duration timeout) {
        Duration limit = timeout.compareTo(MAX_WAIT) < 0 ? timeout : MAX_WAIT;
        return checked(answer(method, target, body, limit.plus(PATIENCE), true), true);
    }

    private static byte[] checked(Answer answer, boolean waited) {
        if (answer.status / 100 == 2) {
            return answer.body;
        }
        JsonObject said = Json.objectOrNull(answer.body);
        String message = Json.has(said, "message") ? Json.text(said, "message") : Json.text(answer.body);
        String messageZh = Json.has(said, "message_zh") ? Json.text(said, "message_zh") : "HTTP " + answer.status;
        throw waited && (answer.status == 408 || answer.status == 409)
                ? new SandboxTimeoutException(message, messageZh)
                : new SandboxException(message, messageZh);
    }

    private Answer answer(String method, String target, JsonObject body, Duration patience, boolean interruptible) {
        byte[] content = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
            socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), (int) PATIENCE.toMillis());
            socket.setSoTimeout(STEP_MS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            String head = method + " " + target + " HTTP/1.0\r\nHost: " + base.getAuthority() + "\r\n"
                    + (body == null ? "" : "Content-Type: application/json\r\n")
                    + "Content-Length: " + content.length + "\r\n\r\n";
            byte[] request = head.getBytes(StandardCharsets.US_ASCII);
            byte[] whole = Arrays.copyOf(request, request.length + content.length);
            System.arraycopy(content, 0, whole, request.length, content.length);
            out.write(whole);
            long end = System.nanoTime() + patience.toNanos();
            return read(piece -> more(socket, piece, end, interruptible));
        } catch (IOException cause) {
            throw new SandboxException(
                    "the sandbox does not answer " + method + " " + target + "; it may have ended: see its log",
                    "沙箱未响应 " + method + " " + target + "，可能已退出：请查看其日志", cause);
        }
    }

    /** What gives the next bytes. */
    private interface Source {
        int read(byte[] piece) throws IOException;
    }

    private static int more(Socket socket, byte[] piece, long end, boolean interruptible) throws IOException {
        while (true) {
            try {
                return socket.getInputStream().read(piece);
            } catch (SocketTimeoutException notYet) {
                if (interruptible && Thread.currentThread().isInterrupted()) {
                    throw new SandboxException("interrupted while waiting for the sandbox", "等待沙箱时被中断");
                }
                if (System.nanoTime() - end >= 0) {
                    throw notYet;
                }
            }
        }
    }

    /** Reads an answer to the end of its connection. */
    private static Answer read(Source in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[65536];
        for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
            all.write(piece, 0, got);
        }
        byte[] bytes = all.toByteArray();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        String[] head = text.substring(0, Math.max(0, end)).split("\r\n");
        if (!head[0].matches("HTTP/1\\.\\d \\d{3}.*")) {
            throw new IOException("no HTTP, but " + all.size() + " bytes");
        }
        byte[] body = Arrays.copyOfRange(bytes, end + 4, bytes.length);
        for (String line : head) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")
                    && Long.parseLong(line.substring(15).trim()) != body.length) {
                throw new IOException("the answer was cut short after " + body.length + " bytes");
            }
        }
        return new Answer(Integer.parseInt(head[0].substring(9, 12)), body);
    }

    /** Returns a text as a part of a path, or a value behind the question mark. */
    static String quoted(String text) {
        try {
            return URLEncoder.encode(text, "UTF-8").replace("+", "%20");
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
