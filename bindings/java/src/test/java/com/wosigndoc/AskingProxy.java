package com.wosigndoc;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that opens tunnels for those who say who they are, by Digest. */
final class AskingProxy implements Closeable {
    /** The heads of what it was asked. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    AskingProxy() throws IOException {
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
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int one = own.getInputStream().read();
                if (one < 0) {
                    return;
                }
                head.append((char) one);
            }
            asked.add(head.toString());
            if (!head.toString().toLowerCase(Locale.ROOT).contains("proxy-authorization: digest")) {
                say(own, "HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256"
                        + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            String[] target = head.toString().split(" ")[1].split(":");
            try (Socket server = new Socket(target[0], Integer.parseInt(target[1]))) {
                say(own, "HTTP/1.1 200 OK\r\n\r\n");
                daemon(() -> pipe(server.getInputStream(), own.getOutputStream()));
                pipe(own.getInputStream(), server.getOutputStream());
            }
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
