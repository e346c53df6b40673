package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A transport that an application writes: what it is given, and what its outcomes mean. */
class OwnTransportTest {
    private static final byte[] TAKEN =
            "{\"status\":1,\"errorcode\":0,\"signid\":\"s-1\"}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KNOWN = "{\"status\":0,\"errorcode\":-46}".getBytes(StandardCharsets.UTF_8);

    private static SignOrder order() {
        return TransportTest.order(DocumentSource.bytes(Pushes.document(300_000, 4)));
    }

    private static ClientConfig.Builder config() {
        return ClientConfig.builder("https://sign.example/api", "T-1").retryPause(Duration.ofMillis(10));
    }

    private static SignOrderResult send(Transport transport) {
        try (WoSignDocClient client = new WoSignDocClient(config().transport(transport).build())) {
            return client.create(order());
        }
    }

    /** It is given what to send, and a body that can be had again. */
    @Test
    void whatItIsGiven() throws Exception {
        List<byte[]> bodies = new ArrayList<>();
        SignOrderResult result = send(request -> {
            assertEquals("POST", request.method());
            assertEquals(URI.create("https://sign.example/api"), request.uri());
            assertEquals("application/json; charset=utf-8", request.headers().get("Content-Type"));
            assertEquals(Duration.ofSeconds(10), request.connectTimeout());
            assertEquals(Duration.ofSeconds(120), request.timeout());
            InputStream half = request.body();
            assertTrue(half.read() == '{' && half.read(new byte[1_000], 10, 500) == 500);
            bodies.add(request.body().readAllBytes());
            bodies.add(request.body().readAllBytes());
            assertThrows(IOException.class, half::read, "two streams would share one place");
            assertEquals(request.contentLength(), bodies.get(0).length);
            return new TransportAnswer(200, TAKEN);
        });
        assertEquals("s-1", result.signid());
        byte[] wire = WoSignDocClient.wire(config().build(), order());
        assertArrayEquals(wire, bodies.get(0));
        assertArrayEquals(wire, bodies.get(1));
    }

    /** Covers P-23: a lost answer is made good by the same order once more, in the time that is left. */
    @Test
    void aLostAnswerIsMadeGood() {
        List<byte[]> bodies = new ArrayList<>();
        List<Duration> times = new ArrayList<>();
        SignOrderResult result = send(request -> {
            times.add(request.timeout());
            bodies.add(request.body().readAllBytes());
            if (bodies.size() == 1) {
                throw new IOException("gone");
            }
            return new TransportAnswer(200, KNOWN);
        });
        assertTrue(result.acceptedBefore());
        assertEquals(2, result.attempts());
        assertArrayEquals(bodies.get(0), bodies.get(1));
        assertTrue(times.get(1).compareTo(times.get(0)) < 0, times.toString());
    }

    /** Covers P-23: what was read of the body says whether the order may have arrived, unless the transport knows more. */
    @Test
    void whatHasArrived() {
        TransportException unsent = assertFails(TransportException.class, () -> send(request -> {
            throw new IOException("no route\u0007 to host \ud800");
        }));
        assertEquals("connect_failed", unsent.reason());
        assertFalse(unsent.mayHaveArrived());
        assertTrue(unsent.messageEn().contains("IOException: no route"), unsent.messageEn());
        assertFalse(unsent.messageEn().contains("\u0007"), unsent.messageEn());
        assertEquals(IOException.class, unsent.getCause().getClass());
        List<Integer> tries = new ArrayList<>();
        TransportException lost = assertFails(TransportException.class, () -> send(request -> {
            tries.add(request.body().read());
            throw new IOException("broken pipe", new IllegalStateException("by the firewall"));
        }));
        assertEquals("connection_lost", lost.reason());
        assertTrue(lost.mayHaveArrived() && lost.canRetry());
        assertTrue(lost.messageEn().contains("broken pipe; IllegalStateException: by the firewall"), lost.messageEn());
        assertEquals(3, tries.size());
        TransportException known = assertFails(TransportException.class, () -> send(request -> {
            request.body().readAllBytes();
            throw new NotSentException(new IOException("the token was pulled out"));
        }));
        assertEquals("connect_failed", known.reason());
        assertFalse(known.mayHaveArrived());
        assertTrue(known.messageEn().contains("IOException: the token was pulled out"), known.messageEn());
    }

    /** Covers P-23: the same of a preflight's order, however the transport copies it. */
    @Test
    void whatHasArrivedOfAPreflight() {
        List<BodyReader> ways = List.of(
                InputStream::readAllBytes, body -> body.transferTo(OutputStream.nullOutputStream()),
                body -> body.readNBytes(5), InputStream::read, body -> body.read(new byte[5]));
        for (BodyReader way : ways) {
            assertEquals("live error", lastOfLivePreflight(way), "way " + ways.indexOf(way));
        }
        assertEquals("endpoint error", lastOfLivePreflight(body -> body.read(new byte[0])));
    }

    private interface BodyReader {
        void read(InputStream body) throws IOException;
    }

    /** Makes a preflight whose connection breaks when the body has been read so far; returns its last check. */
    private static String lastOfLivePreflight(BodyReader way) {
        List<PreflightReport.Check> checks = config().transport(request -> {
            way.read(request.body());
            throw new IOException("broken pipe");
        }).build().preflight(Duration.ofSeconds(10), true).checks();
        PreflightReport.Check last = checks.get(checks.size() - 1);
        return last.name() + " " + last.level();
    }

    @Test
    void timeouts() {
        CallTimeoutException connecting = assertFails(CallTimeoutException.class, () -> send(request -> {
            throw new SocketTimeoutException();
        }));
        assertEquals("connect_timeout", connecting.reason());
        CallTimeoutException late = assertFails(CallTimeoutException.class, () -> send(request -> {
            request.body().readAllBytes();
            throw new IOException(new SocketTimeoutException("Read timed out"));
        }));
        assertEquals("call_timeout", late.reason());
        assertTrue(late.mayHaveArrived());
        // An answer that dribbles ends with the call's time, also where the transport lets it.
        try (WoSignDocClient client = new WoSignDocClient(config().totalTimeout(Duration.ofMillis(300)).transport(request -> {
            request.body().readAllBytes();
            return new TransportAnswer(200, new InputStream() {
                @Override
                public int read() throws IOException {
                    try {
                        Thread.sleep(20);
                    } catch (InterruptedException stop) {
                        throw new IOException(stop);
                    }
                    return ' ';
                }

                @Override
                public int read(byte[] into, int at, int count) throws IOException {
                    into[at] = (byte) read();
                    return 1;
                }
            });
        }).build())) {
            assertFails(CallTimeoutException.class, () -> client.create(order()));
        }
    }

    /** An answer is read to the limit and closed, whatever came of it. */
    @Test
    void answersAreBoundedAndClosed() {
        List<String> closed = new ArrayList<>();
        class Body extends ByteArrayInputStream {
            Body(byte[] bytes) {
                super(bytes);
            }

            @Override
            public void close() {
                closed.add(available() + " left");
            }
        }
        send(request -> new TransportAnswer(200, new Body(TAKEN)));
        ProtocolException large = assertFails(ProtocolException.class,
                () -> send(request -> new TransportAnswer(200, new Body(new byte[3 << 20]))));
        assertEquals("answer_too_large", large.reason());
        assertEquals(List.of("0 left", (2 << 20) - 1 + " left"), closed);
    }

    /** What closing an answer throws comes too late: the order would be sent again whose answer is known. */
    @Test
    void anAnswerOutranksItsClosing() {
        for (Exception thrown : List.of(new IOException("close"), new IllegalStateException("close"))) {
            class Body extends ByteArrayInputStream {
                Body() {
                    super(TAKEN);
                }

                @Override
                public void close() throws IOException {
                    if (thrown instanceof IOException) {
                        throw (IOException) thrown;
                    }
                    throw (RuntimeException) thrown;
                }
            }
            Transport closing = request -> {
                request.body().readAllBytes();
                return new TransportAnswer(200, new Body());
            };
            SignOrderResult result = send(closing);
            assertEquals("s-1 1", result.signid() + " " + result.attempts());
            assertTrue(config().transport(closing).build().preflight(Duration.ofSeconds(10), true).text()
                    .contains("endpoint: reached"));
        }
    }

    /** Null is no answer, and said to be none; it is no reason to send again. */
    @Test
    void nullIsNoAnswer() {
        TransportException unsent = assertFails(TransportException.class, () -> send(request -> null));
        assertEquals("the transport returned null", unsent.messageEn());
        assertEquals("connect_failed false", unsent.reason() + " " + unsent.mayHaveArrived());
        List<Integer> tries = new ArrayList<>();
        TransportException sent = assertFails(TransportException.class, () -> send(request -> {
            tries.add(request.body().read());
            return null;
        }));
        assertEquals("connection_lost true", sent.reason() + " " + sent.mayHaveArrived());
        assertEquals(1, tries.size());
        PreflightReport report = config().transport(request -> null).build().preflight(Duration.ofSeconds(10), true);
        assertFalse(report.ok());
        assertTrue(report.text().contains("the transport returned null"), report.text());
    }

    /** What the application's own code throws it gets as it is, or in a preflight's report; an unread body is named. */
    /** What a client says is shown, but neither a proxy's password, nor a PIN, nor the order. */
    @Test
    void wordsWithoutSecrets() {
        for (String[] each : new String[][] {
            {"by http://user:p@the-secret@proxy:80/ for a@b", "by http://***@proxy:80/ for a@b"},
            {"no key pkcs11:token=t;pin-value=the-secret;object=o", "pin-value=***;object=o"},
            {"could not send {\"tokenid\":\"the-secret\"", ""},
        }) {
            TransportException failure = assertFails(TransportException.class, () -> send(request -> {
                throw new IOException(each[0]);
            }));
            assertTrue(failure.getMessage().contains(each[1]), failure.getMessage());
            assertFalse(failure.getMessage().contains("the-secret"), failure.getMessage());
        }
    }

    @Test
    void otherFailures() throws Exception {
        RuntimeException own = new IllegalArgumentException("a mistake");
        assertSame(own, assertThrows(IllegalArgumentException.class, () -> send(request -> {
            throw own;
        })));
        PreflightReport report = config().transport(request -> {
            throw own;
        }).build().preflight(Duration.ofSeconds(10), true);
        assertTrue(!report.ok() && report.text().contains("IllegalArgumentException: a mistake"), report.text());
        Path file = Files.createTempFile("order", ".pdf");
        Files.write(file, new byte[500_000]);
        Transport cutting = request -> {
            try (InputStream body = request.body()) {
                body.read(new byte[1_000]);
                Files.write(file, new byte[100_000]);
                body.readAllBytes();
            }
            return new TransportAnswer(200, TAKEN);
        };
        try (WoSignDocClient client = new WoSignDocClient(config().transport(cutting).build())) {
            FileException changed = assertFails(
                    FileException.class, () -> client.create(TransportTest.order(DocumentSource.path(file))));
            assertEquals("file_changed", changed.reason());
        } finally {
            Files.delete(file);
        }
    }

    /** Settings are judged as ever; identity, roots and proxy are the transport's. */
    @Test
    void settings() {
        Transport any = request -> new TransportAnswer(200, TAKEN);
        ClientConfig missing = ClientConfig.ofJson("{\"endpoint\":\"https://sign.example/\",\"tokenid\":\"T\","
                + "\"identity\":{\"certificate_file\":\"/nonexistent.pem\"}}");
        assertFails(FileException.class, () -> new WoSignDocClient(missing));
        try (WoSignDocClient client = new WoSignDocClient(missing.withTransport(any))) {
            assertEquals("s-1", client.create(order()).signid());
            assertEquals("https://sign.example/", client.about().endpoint());
            assertEquals("", client.about().certificateSubject());
            assertNull(client.about().certificateNotAfter());
            assertEquals(List.of(), client.about().warnings());
        }
        WoSignDocClient closed = new WoSignDocClient(missing.withTransport(any));
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.create(order()));
        assertEquals("endpoint_not_https", assertFails(InvalidCallException.class,
                () -> new WoSignDocClient(ClientConfig.builder("http://a/", "T").transport(any).build())).reason());
        assertEquals("unknown_option", assertFails(InvalidCallException.class, () -> new WoSignDocClient(
                ClientConfig.ofJson("{\"endpoint\":\"https://a/\",\"tokenid\":\"T\",\"endpiont\":1}").withTransport(any))).reason());
        ClientConfig variables = ClientConfig.fromEnvironment(
                Map.of("WOSIGNDOC_ENDPOINT", "https://sign.example/", "WOSIGNDOC_TOKEN", "T"));
        try (WoSignDocClient client = new WoSignDocClient(variables.withTransport(any))) {
            assertFails(InvalidOrderException.class, () -> client.create(SignOrder.builder("").build()));
            assertEquals(1, client.create(order()).attempts());
        }
        assertFails(WoSignDocException.class, () -> new WoSignDocClient(variables));
    }

    /** A whole transport by another HTTP client: Java 11's own, against the platform. */
    @Test
    void byAnotherHttpClient() throws Exception {
        try (Platform platform = new Platform(null)) {
            TlsContext tls = new TlsContext();
            tls.certificate(Way.store(platform), null, Way.passphrase(platform));
            tls.trust(platform.data.resolve("ca.pem"));
            HttpClient http = HttpClient.newBuilder().sslContext(tls.build()).version(HttpClient.Version.HTTP_1_1).build();
            Transport transport = request -> {
                HttpRequest.Builder built = HttpRequest.newBuilder(request.uri()).timeout(request.timeout())
                        .POST(HttpRequest.BodyPublishers.fromPublisher(
                                HttpRequest.BodyPublishers.ofInputStream(request::body), request.contentLength()));
                request.headers().forEach(built::header);
                try {
                    HttpResponse<InputStream> answer =
                            http.send(built.build(), HttpResponse.BodyHandlers.ofInputStream());
                    return new TransportAnswer(answer.statusCode(), answer.body());
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                    throw new IOException(stop);
                }
            };
            ClientConfig config = ClientConfig.fromFile(platform.clientJson()).withTransport(transport);
            try (WoSignDocClient client = new WoSignDocClient(config)) {
                PlatformException noPdf = assertFails(PlatformException.class, () -> client.create(order()));
                assertEquals(-61, noPdf.code());
            }
        }
    }
}
