package com.wosigndoc;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy that opens tunnels for those who say who they are, by Digest or by NTLM. */
final class AskingProxy implements Closeable {
    /** The heads of what it was asked. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final boolean ntlm;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    AskingProxy(boolean ntlm) throws IOException {
        this.ntlm = ntlm;
        daemon(() -> {
            while (true) {
                Socket caller = listener.accept();
                daemon(() -> serve(caller));
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void serve(Socket caller) throws IOException {
        try (Socket own = caller) {
            for (String head = head(own); head != null; head = head(own)) {
                asked.add(head);
                String challenge = challenge(head);
                if (challenge == null) {
                    String[] target = head.split(" ")[1].split(":");
                    tunnel(own, target[0], Integer.parseInt(target[1]));
                    return;
                }
                say(own, "HTTP/1.1 407 Who\r\nProxy-Authenticate: " + challenge + "\r\nContent-Length: 0\r\n\r\n");
            }
        }
    }

    /** What it asks further; null: it knows. */
    private String challenge(String head) {
        Matcher said = Pattern.compile("(?i)\nProxy-Authorization: (\\w+) ([^\r]+)").matcher(head);
        boolean any = said.find();
        if (!ntlm) {
            return any && said.group(1).equals("Digest") ? null
                    : "Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";
        }
        if (!any || !said.group(1).equals("NTLM")) {
            return "NTLM";
        }
        // The ninth byte counts the messages: negotiate, challenge, authenticate.
        return Base64.getDecoder().decode(said.group(2))[8] == 3 ? null
                : "NTLM " + Base64.getEncoder().encodeToString(secondMessage());
    }

    /** A challenge of eight bytes, for Unicode and NTLM, from a proxy without a name. */
    private static byte[] secondMessage() {
        ByteBuffer message = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        message.put("NTLMSSP\0".getBytes(StandardCharsets.US_ASCII)).putInt(2);
        message.putShort((short) 0).putShort((short) 0).putInt(48);
        return message.putInt(0x201).putLong(0x0123456789abcdefL).array();
    }

    private static String head(Socket own) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int one = own.getInputStream().read();
            if (one < 0) {
                return null;
            }
            head.append((char) one);
        }
        return head.toString();
    }

    private static void tunnel(Socket own, String host, int port) throws IOException {
        try (Socket server = new Socket(host, port)) {
            say(own, "HTTP/1.1 200 OK\r\n\r\n");
            daemon(() -> pipe(server.getInputStream(), own.getOutputStream()));
            pipe(own.getInputStream(), server.getOutputStream());
        }
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void pipe(InputStream from, OutputStream to) throws IOException {
        byte[] piece = new byte[16 * 1024];
        for (int got = from.read(piece); got >= 0; got = from.read(piece)) {
            to.write(piece, 0, got);
        }
        to.close();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException end) {
                // Somebody went away.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
