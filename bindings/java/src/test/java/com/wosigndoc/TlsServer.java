package com.wosigndoc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A server that does what a test wants with each connection, with the certificate of a sandbox. */
final class TlsServer implements AutoCloseable {
    /** The bodies that came, in the order in which they came. */
    final List<byte[]> bodies = Collections.synchronizedList(new ArrayList<>());
    /** The heads of the requests. */
    final List<String> heads = Collections.synchronizedList(new ArrayList<>());

    private final SSLServerSocket listener;
    private final List<SSLSocket> open = Collections.synchronizedList(new ArrayList<>());

    /** What it does with a connection. */
    interface Deed {
        void to(Connection connection) throws Exception;
    }

    TlsServer(Platform platform, Deed deed, String... protocols) throws Exception {
        this(platform, InetAddress.getLoopbackAddress(), deed, protocols);
    }

    TlsServer(Platform platform, InetAddress address, Deed deed, String... protocols) throws Exception {
        listener = (SSLServerSocket) context(platform.data).getServerSocketFactory().createServerSocket(0, 50, address);
        if (protocols.length > 0) {
            listener.setEnabledProtocols(protocols);
        }
        Thread accepting = new Thread(() -> {
            while (true) {
                try {
                    SSLSocket socket = (SSLSocket) listener.accept();
                    open.add(socket);
                    Thread serving = new Thread(() -> serve(socket, deed));
                    serving.setDaemon(true);
                    serving.start();
                } catch (IOException closed) {
                    return;
                }
            }
        });
        accepting.setDaemon(true);
        accepting.start();
    }

    String url() {
        return "https://" + listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort() + "/";
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (SSLSocket each : new ArrayList<>(open)) {
            each.close();
        }
    }

    private void serve(SSLSocket socket, Deed deed) {
        try (SSLSocket own = socket) {
            deed.to(new Connection(own));
        } catch (Exception end) {
            // A client that goes away is what some tests are about.
        }
    }

    /** One connection. */
    final class Connection {
        final SSLSocket socket;

        private Connection(SSLSocket socket) {
            this.socket = socket;
        }

        /** Reads a request whole, and keeps it. */
        void request() throws IOException {
            body(head());
        }

        /** Reads a body, and keeps it. */
        void body(int length) throws IOException {
            byte[] body = socket.getInputStream().readNBytes(length);
            if (body.length < length) {
                throw new EOFException();
            }
            bodies.add(body);
        }

        /** Reads its head; returns the length of the body. */
        int head() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                int one = in.read();
                if (one < 0) {
                    throw new EOFException();
                }
                head.write(one);
            }
            String text = head.toString(StandardCharsets.US_ASCII);
            heads.add(text);
            for (String line : text.split("\r\n")) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    return Integer.parseInt(line.substring(15).trim());
                }
            }
            return 0;
        }

        void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        void answer(int status, byte[] body) throws IOException {
            write("HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n");
            socket.getOutputStream().write(body);
        }

        void answer(int status, String body) throws IOException {
            answer(status, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static SSLContext context(Path data) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        Certificate[] chain = {certificate(data.resolve("server.pem"))};
        keys.setKeyEntry("server", key(data.resolve("server.key")), new char[0], chain);
        KeyManagerFactory shown = KeyManagerFactory.getInstance("PKIX");
        shown.init(keys, new char[0]);
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("ca", certificate(data.resolve("ca.pem")));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(Path pem) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(pem)));
    }

    private static PrivateKey key(Path pem) throws Exception {
        String text = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
    }
}
