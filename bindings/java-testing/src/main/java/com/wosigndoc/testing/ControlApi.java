package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
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

    private final URI base;

    ControlApi(String base) {
        this.base = URI.create(base);
    }

    /** One answer. */
    static final class Answer {
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
        Answer answer = answer(method, target, body, patience);
        if (answer.status / 100 != 2) {
            throw refusal(answer);
        }
        return answer.body;
    }

    /** Returns whatever was answered. */
    Answer answer(String method, String target, JsonObject body, Duration patience) {
        byte[] content = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
            socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) patience.toMillis());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            String head = method + " " + target + " HTTP/1.0\r\nHost: " + base.getAuthority() + "\r\n"
                    + (body == null ? "" : "Content-Type: application/json\r\n")
                    + "Content-Length: " + content.length + "\r\n\r\n";
            byte[] request = head.getBytes(StandardCharsets.US_ASCII);
            byte[] whole = Arrays.copyOf(request, request.length + content.length);
            System.arraycopy(content, 0, whole, request.length, content.length);
            out.write(whole);
            return read(socket.getInputStream());
        } catch (IOException cause) {
            throw new SandboxException(
                    "the sandbox does not answer " + method + " " + target + "; it may have ended: see its log",
                    "沙箱未响应 " + method + " " + target + "，可能已退出：请查看其日志", cause);
        }
    }

    /** Reads an answer to the end of its connection. */
    private static Answer read(InputStream in) throws IOException {
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

    static SandboxException refusal(Answer answer) {
        JsonObject said = Json.objectOrNull(answer.body);
        String message = Json.text(said, "message");
        if (message == null) {
            message = Json.text(answer.body);
        }
        String messageZh = Json.text(said, "message_zh");
        return new SandboxException(message, messageZh == null ? "HTTP " + answer.status : messageZh);
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
