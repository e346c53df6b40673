package com.wosigndoc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/**
 * Reads what a server said before it had the whole order, such as that it is too large: it stops reading then, so that
 * the order cannot be sent to its end.
 */
final class EarlyAnswer {
    // Most of it is there already. What is still on its way is waited for, so long for each piece: a connection that was
    // not closed would otherwise hold the call to the end of its time.
    private static final int PATIENCE_MS = 1_000;
    // A head, and more of the body than is an answer's limit.
    private static final int MOST = (1 << 20) + (1 << 17);
    private static final Pattern HEAD =
            Pattern.compile("\\AHTTP/1\\.[01] ([2-5]\\d\\d)[^\\n]*\\n(.*?\\n)?\\r?\\n", Pattern.DOTALL);

    private EarlyAnswer() {}

    /**
     * Returns the answer that came over a connection; null: none did.
     *
     * @throws SSLHandshakeException when the server refused the connection itself
     */
    static TransportAnswer hear(SSLSocket socket) throws SSLHandshakeException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            socket.setSoTimeout(PATIENCE_MS);
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[16 * 1024];
            for (int got = in.read(piece); got >= 0 && said.size() < MOST; got = in.read(piece)) {
                said.write(piece, 0, got);
            }
        } catch (SSLHandshakeException refused) {
            throw refused;
        } catch (IOException end) {
            // The rest is lost; what came before it counts.
        }
        // Each byte is a character: places in the text are those in the bytes.
        String text = new String(said.toByteArray(), StandardCharsets.ISO_8859_1);
        Matcher head = HEAD.matcher(text);
        if (!head.find()) {
            return null;
        }
        String body = text.substring(head.end());
        boolean chunked = head.group().toLowerCase(Locale.ROOT).contains("\ntransfer-encoding: chunked");
        byte[] bytes = (chunked ? joined(body) : body).getBytes(StandardCharsets.ISO_8859_1);
        return new TransportAnswer(Integer.parseInt(head.group(1)), bytes);
    }

    /** Puts chunks together, as far as they came. */
    private static String joined(String chunks) {
        StringBuilder all = new StringBuilder();
        Matcher size = Pattern.compile("\\G\\r?\\n?([0-9a-fA-F]{1,7})[^\\n]*\\n").matcher(chunks);
        for (int at = 0; size.find(at); ) {
            int end = Math.min(chunks.length(), size.end() + Integer.parseInt(size.group(1), 16));
            all.append(chunks, size.end(), end);
            at = end;
            if (end == size.end()) {
                break;
            }
        }
        return all.toString();
    }
}
