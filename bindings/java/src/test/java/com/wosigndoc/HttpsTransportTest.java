package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Java's own HTTP client is used for, and what it must not do. */
class HttpsTransportTest {
    private static final String TAKEN = "{\"status\":1,\"errorcode\":0,\"signid\":\"s-1\",\"orderNumber\":\"A-1\"}";
    private static Platform platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new Platform(null);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static SignOrder order() {
        return TransportTest.order(DocumentSource.bytes(new byte[100_000]));
    }

    private static HttpsTransport.Builder transport() throws Exception {
        return Way.identified(platform).trust(platform.data.resolve("ca.pem"));
    }

    private static WoSignDocClient client(String url, HttpsTransport transport) {
        return new WoSignDocClient(
                ClientConfig.builder(url, "T-1").transport(transport).attempts(3).retryPause(Duration.ofMillis(10)).build());
    }

    /** Covers P-3: a server that asks for the certificate when it has read the order, as IIS does by default. */
    @Test
    void renegotiation() throws Exception {
        List<Certificate> seen = new CopyOnWriteArrayList<>();
        TlsServer.Deed deed = connection -> {
            connection.request();
            renegotiate(connection, seen);
            connection.answer(200, TAKEN);
        };
        try (TlsServer server = new TlsServer(platform, deed, "TLSv1.2")) {
            try (WoSignDocClient client = client(server.url(), transport().build())) {
                assertEquals("s-1", client.create(order()).signid());
                assertEquals(1, server.bodies.size());
                assertEquals(List.of(Way.store(platform).getCertificate("client")), seen);
            }
            try (WoSignDocClient own = Way.BUILT_IN.client(platform, config -> config.addProperty("endpoint", server.url()))) {
                TlsException failure = assertFails(TlsException.class, () -> own.create(order()));
                assertTrue(failure.messageEn().contains("asks for the client certificate only after the handshake"),
                        failure.messageEn());
                assertTrue(failure.advice().contains("the host's own HTTP client"), failure.advice());
                assertTrue(failure.adviceZh().contains("宿主程序自己的 HTTP 客户端"), failure.adviceZh());
            }
        }
    }

    /** Covers P-3: one that asks when it has read the head of a large order, and keeps nothing until it knows who it is. */
    @Test
    void renegotiationBeforeTheBody() throws Exception {
        List<Certificate> seen = new CopyOnWriteArrayList<>();
        TlsServer.Deed deed = connection -> {
            int length = connection.head();
            renegotiate(connection, seen);
            connection.write("HTTP/1.1 100 Continue\r\n\r\n");
            connection.body(length);
            connection.answer(200, TAKEN);
        };
        try (TlsServer server = new TlsServer(platform, deed, "TLSv1.2");
                WoSignDocClient client = client(server.url(), transport().expectContinue().build())) {
            SignOrder large = TransportTest.order(DocumentSource.bytes(new byte[8_000_000]));
            assertEquals("s-1", client.create(large).signid());
            assertEquals(1, server.bodies.size());
            assertTrue(server.bodies.get(0).length > 10_000_000);
            assertEquals(1, seen.size());
        }
    }

    private static void renegotiate(TlsServer.Connection connection, List<Certificate> seen) throws Exception {
        connection.socket.setNeedClientAuth(true);
        CountDownLatch done = new CountDownLatch(1);
        connection.socket.addHandshakeCompletedListener(event -> done.countDown());
        connection.socket.startHandshake();
        // It only begins: what the client says to it is read with what comes next, and nothing comes.
        connection.socket.setSoTimeout(50);
        while (done.getCount() > 0) {
            try {
                connection.socket.getInputStream().read();
            } catch (SocketTimeoutException still) {
                continue;
            }
        }
        connection.socket.setSoTimeout(0);
        seen.add(connection.socket.getSession().getPeerCertificates()[0]);
    }

    /** An order that is refused by its head is heard with "Expect", however large it is; one that nobody permits is sent. */
    @Test
    void permissionToSend() throws Exception {
        SignOrder large = TransportTest.order(DocumentSource.bytes(new byte[8_000_000]));
        TlsServer.Deed refusing = connection -> {
            connection.head();
            connection.answer(413, "<html>");
        };
        try (TlsServer server = new TlsServer(platform, refusing);
                WoSignDocClient client = client(server.url(), transport().expectContinue().build())) {
            ProtocolException refused = assertFails(ProtocolException.class, () -> client.create(large));
            assertEquals(413, refused.httpStatus());
            assertEquals(1, server.heads.size());
        }
        TlsServer.Deed silent = connection -> {
            connection.request();
            connection.answer(200, TAKEN);
        };
        try (TlsServer server = new TlsServer(platform, silent);
                WoSignDocClient client = client(server.url(), transport().expectContinue().build())) {
            assertEquals("s-1", client.create(large, Duration.ofSeconds(30)).signid());
            assertEquals(1, server.bodies.size());
        }
    }

    /** Java sends a POST a second time by itself when the answer is lost; this transport's it does not. */
    @Test
    void javaRepeatsNothing() throws Exception {
        try (TlsServer server = new TlsServer(platform, TlsServer.Connection::request)) {
            // The control: without streaming it does, so that the server is one that leads to it.
            HttpsURLConnection plain = (HttpsURLConnection) new URL(server.url()).openConnection();
            plain.setSSLSocketFactory(trusting(platform.data.resolve("ca.pem")).getSocketFactory());
            plain.setDoOutput(true);
            try (OutputStream out = plain.getOutputStream()) {
                out.write(1);
            }
            assertThrows(IOException.class, plain::getResponseCode);
            assertEquals(2, server.bodies.size());
            server.bodies.clear();
            WoSignDocClient once = new WoSignDocClient(
                    ClientConfig.builder(server.url(), "T-1").transport(transport().build()).attempts(1).build());
            assertTrue(assertFails(TransportException.class, () -> once.create(order())).mayHaveArrived());
            assertEquals(1, server.bodies.size());
        }
    }

    private static SSLContext trusting(Path pem) throws Exception {
        TlsContext made = new TlsContext();
        made.trust(pem);
        return made.build();
    }

    /** The server's name is verified whatever else was set: an application's verifier, or a context that trusts all. */
    @Test
    void theNameIsAlwaysVerified() throws Exception {
        SSLContext blind = SSLContext.getInstance("TLS");
        blind.init(null, new TrustManager[] {new Blind()}, null);
        HostnameVerifier before = HttpsURLConnection.getDefaultHostnameVerifier();
        HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
        // An address that the certificate does not name.
        InetAddress other = InetAddress.getByName("127.0.0.9");
        try (TlsServer server = new TlsServer(platform, other, TlsServer.Connection::request)) {
            for (HttpsTransport each : List.of(
                    transport().build(), HttpsTransport.builder().sslContext(blind).build())) {
                try (WoSignDocClient client = client(server.url(), each)) {
                    TlsException wrong = assertFails(TlsException.class, () -> client.create(order()));
                    assertEquals("tls_failed", wrong.reason());
                    assertTrue(wrong.messageEn().contains("127.0.0.9"), wrong.messageEn());
                    assertFalse(wrong.mayHaveArrived());
                }
            }
            assertEquals(0, server.heads.size());
        } finally {
            HttpsURLConnection.setDefaultHostnameVerifier(before);
        }
    }

    /** Trusts everybody. */
    private static final class Blind implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Covers P-3: a server that refuses the certificate has read nothing, also in TLS 1.3, where it says so late. */
    @Test
    void aRefusedCertificate() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            TlsServer.Deed deed = connection -> {
                connection.socket.setNeedClientAuth(true);
                connection.request();
            };
            // It shows none.
            HttpsTransport stranger = HttpsTransport.builder().trust(platform.data.resolve("ca.pem")).build();
            try (TlsServer server = new TlsServer(platform, deed, version);
                    WoSignDocClient client = client(server.url(), stranger)) {
                WoSignDocException refused = assertFails(WoSignDocException.class, () -> client.create(
                        TransportTest.order(DocumentSource.bytes(new byte[1_000]))));
                // In TLS 1.2 JSSE sometimes writes into a connection that is closed before it reads the alert.
                assertTrue(List.of("tls_failed", "connect_failed").contains(refused.reason()), refused.reason());
                assertFalse(refused.mayHaveArrived(), version);
            }
        }
    }

    /** The versions of TLS can be limited. */
    @Test
    void versions() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        TlsServer.Deed deed = connection -> {
            connection.request();
            seen.add(connection.socket.getSession().getProtocol());
            connection.answer(200, TAKEN);
        };
        try (TlsServer server = new TlsServer(platform, deed)) {
            for (HttpsTransport each : List.of(transport().protocols("TLSv1.2").build(), transport().build())) {
                try (WoSignDocClient client = client(server.url(), each)) {
                    client.create(order());
                }
            }
        }
        assertEquals(List.of("TLSv1.2", "TLSv1.3"), seen);
    }

    /** A proxy that wants to know who this is. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void proxies(boolean ntlm) throws Exception {
        TlsServer.Deed deed = connection -> {
            connection.request();
            connection.answer(200, TAKEN);
        };
        try (TlsServer server = new TlsServer(platform, deed); AskingProxy proxy = new AskingProxy(ntlm)) {
            Proxy address = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", proxy.port()));
            try (WoSignDocClient nobody = client(server.url(), transport().proxy(address).build())) {
                TransportException refused = assertFails(TransportException.class, () -> nobody.create(order()));
                assertTrue(refused.messageEn().contains("407"), refused.messageEn());
                assertFalse(refused.mayHaveArrived());
                assertEquals(0, server.heads.size());
            }
            Authenticator known = new Authenticator() {
                @Override
                protected PasswordAuthentication getPasswordAuthentication() {
                    return new PasswordAuthentication("shop", "geheim".toCharArray());
                }
            };
            HttpsTransport through = transport().proxy(address).authenticator(known).build();
            try (WoSignDocClient client = client(server.url(), through)) {
                assertEquals("s-1", client.create(order()).signid());
            }
            assertEquals(1, server.bodies.size());
            String last = proxy.asked.get(proxy.asked.size() - 1);
            assertTrue(last.contains(ntlm ? "NTLM" : "username=\"shop\""), last);
            assertFalse(server.heads.get(0).contains("Authorization"), server.heads.get(0));
        }
    }

    /** What is wrong with the key store is said when the transport is made. */
    @Test
    void keyStores() throws Exception {
        KeyStore store = Way.store(platform);
        char[] passphrase = Way.passphrase(platform);
        assertEquals(store.getCertificate("client"),
                HttpsTransport.builder().certificate(store, "client", passphrase).build().certificate());
        KeyStoreException missing = assertThrows(KeyStoreException.class,
                () -> HttpsTransport.builder().certificate(store, "shop", passphrase).build());
        assertTrue(missing.getMessage().contains("alias shop, only: client"), missing.getMessage());
        assertThrows(GeneralSecurityException.class,
                () -> HttpsTransport.builder().certificate(store, "client", "wrong".toCharArray()).build());
        store.setKeyEntry("second", store.getKey("client", passphrase), passphrase, store.getCertificateChain("client"));
        KeyStoreException several = assertThrows(KeyStoreException.class,
                () -> HttpsTransport.builder().certificate(store, null, passphrase).build());
        assertTrue(several.getMessage().contains("2 keys"), several.getMessage());
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        assertThrows(KeyStoreException.class, () -> HttpsTransport.builder().trust(empty).build());
        assertFails(FileException.class, () -> HttpsTransport.builder().trust(Path.of("/nonexistent.pem")));
        assertThrows(IllegalStateException.class, () -> HttpsTransport.builder().trust(empty)
                .sslContext(SSLContext.getDefault()).build());
    }

    /** A key of a token whose provider was not made known is told as such. */
    @Test
    void aKeyThatNobodySignsWith() {
        PrivateKey elsewhere = new PrivateKey() {
            @Override
            public String getAlgorithm() {
                return "EC";
            }

            @Override
            public String getFormat() {
                return null;
            }

            @Override
            public byte[] getEncoded() {
                return null;
            }
        };
        InvalidKeyException unknown = assertThrows(InvalidKeyException.class, () -> TlsContext.see(elsewhere));
        assertTrue(unknown.getMessage().contains("Security.addProvider"), unknown.getMessage());
    }
}
