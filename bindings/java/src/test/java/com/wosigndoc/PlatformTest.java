package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the real platform, over real TLS. */
class PlatformTest {
    private static final Path EXAMPLES = Path.of(System.getenv().getOrDefault("TEST_EXAMPLES", "../../examples"));
    private static final Map<String, byte[]> ARRIVED = new ConcurrentHashMap<>();
    private static HttpServer callback;
    private static Platform platform;
    private static final Map<Way, WoSignDocClient> CLIENTS = new EnumMap<>(Way.class);

    @BeforeAll
    static void start() throws Exception {
        PushEndpoint endpoint = PushEndpoint.builder(
                push -> ARRIVED.put(push.orderNumber(), Files.readAllBytes(push.path()))).build();
        callback = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        callback.createContext("/", new PushHttpHandler(endpoint));
        callback.setExecutor(Executors.newFixedThreadPool(8));
        callback.start();
        platform = new Platform("http://127.0.0.1:" + callback.getAddress().getPort() + "/");
        for (Way way : Way.values()) {
            CLIENTS.put(way, way.client(platform, config -> {}));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        CLIENTS.values().forEach(WoSignDocClient::close);
        platform.close();
        callback.stop(0);
        ((ExecutorService) callback.getExecutor()).shutdown();
    }

    private static SignOrder.Builder order(String number, DocumentSource pdf) {
        DocumentSource scan = DocumentSource.path(EXAMPLES.resolve("material.png"));
        return SignOrder.builder(number).pdf(pdf).subject("合同 " + number)
                .signer(Signer.organisation("云杉软件（示例）有限公司", "91350100M000100Y43")
                        .materials(scan, scan).signAt(3, 0.62, 0.32, 0.82, 0.4614));
    }

    private static byte[] contract() throws Exception {
        return Files.readAllBytes(EXAMPLES.resolve("contract.pdf"));
    }

    /** Covers P-1, P-3, P-40: the document from every source, signed and pushed back. */
    @ParameterizedTest
    @EnumSource
    void everySourceIsSignedAndComesBack(Way way) throws Exception {
        WoSignDocClient client = CLIENTS.get(way);
        byte[] pdf = contract();
        ByteBuffer direct = ByteBuffer.allocateDirect(pdf.length).put(pdf);
        direct.flip();
        List<DocumentSource> sources = List.of(
                DocumentSource.path(EXAMPLES.resolve("contract.pdf")),
                DocumentSource.bytes(pdf),
                DocumentSource.buffer(direct),
                DocumentSource.stream(new ByteArrayInputStream(pdf)),
                DocumentSource.base64(java.util.Base64.getEncoder().encodeToString(pdf)));
        List<String> numbers = new ArrayList<>();
        for (DocumentSource source : sources) {
            String number = "J-" + UUID.randomUUID();
            SignOrderResult result = client.create(order(number, source).build(), Duration.ofSeconds(30));
            assertNotNull(result.signid());
            assertEquals(number, result.orderNumber());
            assertFalse(result.acceptedBefore());
            assertEquals(List.of(), result.warnings());
            numbers.add(number);
        }
        for (String number : numbers) {
            byte[] signed = await(number);
            assertArrayEquals(pdf, Arrays.copyOf(signed, pdf.length), "signed in an increment");
            assertTrue(signed.length > pdf.length);
        }
    }

    /** Eight threads send and receive at once, each its own document; nothing is mixed up. */
    @ParameterizedTest
    @EnumSource
    void eightThreads(Way way) throws Exception {
        WoSignDocClient client = CLIENTS.get(way);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        Map<String, byte[]> documents = new HashMap<>();
        List<Future<String>> sent = new ArrayList<>();
        List<Future<?>> received = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String number = "J8-" + i + "-" + UUID.randomUUID();
            byte[] pdf = contractOf(number);
            documents.put(number, pdf);
            sent.add(pool.submit(() -> client.create(order(number, DocumentSource.bytes(pdf)).build()).orderNumber()));
            int seed = i;
            received.add(pool.submit(() -> assertReceived("s-" + seed, Pushes.document(500_000, seed))));
        }
        Set<String> numbers = new HashSet<>();
        for (Future<String> one : sent) {
            numbers.add(one.get());
        }
        assertEquals(documents.keySet(), numbers);
        for (Future<?> one : received) {
            one.get();
        }
        for (String number : numbers) {
            byte[] pdf = documents.get(number);
            assertArrayEquals(pdf, Arrays.copyOf(await(number), pdf.length), number);
        }
        pool.shutdown();
    }

    /** A contract that nobody else has. */
    private static byte[] contractOf(String number) throws Exception {
        ByteArrayOutputStream pdf = new ByteArrayOutputStream();
        pdf.writeBytes(contract());
        pdf.writeBytes(("\n% number " + number + " .\n").getBytes(StandardCharsets.US_ASCII));
        return pdf.toByteArray();
    }

    private static void assertReceived(String signid, byte[] document) {
        ReceivedPush push = PushReceiver.receive(Pushes.signed(signid, document), PushOptions.DEFAULT);
        assertEquals(signid, push.signid());
        assertArrayEquals(document, push.document());
    }

    /** Covers P-15, P-18: every broken rule on one exception, and nothing was sent. */
    @ParameterizedTest
    @EnumSource
    void invalidOrders(Way way) throws Exception {
        WoSignDocClient client = CLIENTS.get(way);
        SignOrder bad = SignOrder.builder(" ").pdf(DocumentSource.bytes(contract()))
                .signer(Signer.person("", "x").signAt(0, 0.5, 0, 0.4, Double.NaN)).build();
        InvalidOrderException error = assertFails(InvalidOrderException.class, () -> client.create(bad));
        List<String> fields = new ArrayList<>();
        error.violations().forEach(violation -> fields.add(violation.code() + " " + violation.field()));
        assertTrue(fields.containsAll(List.of("-55 orderNumber", "-53 signerlist[0].userName")), fields.toString());
        assertTrue(fields.contains("-79 signerlist[0].signlist[0].position"), fields.toString());
        assertEquals("check_digit", error.warnings().get(0).word());
        assertEquals(fields.size(), assertFails(InvalidOrderException.class, () -> client.validate(bad)).violations().size());
    }

    @ParameterizedTest
    @EnumSource
    void theRawDoor(Way way) throws Exception {
        WoSignDocClient client = CLIENTS.get(way);
        String number = "JRAW-" + UUID.randomUUID();
        String json = "{\"orderNumber\":\"" + number + "\",\"filebase\":{\"attachment\":0},\"fileformat\":\"pdf\","
                + "\"signerlist\":[{\"signType\":2,\"userName\":\"李明\",\"userNo\":\"11010519491231002X\","
                + "\"pic\":{\"attachment\":1},\"otherpic\":{\"attachment\":1},"
                + "\"signlist\":[{\"pagenumber\":1,\"position\":\"0.1,0.1,0.3,0.2\"}]}]}";
        ByteBuffer scan = ByteBuffer.wrap(Files.readAllBytes(EXAMPLES.resolve("material.png")));
        client.create(SignOrder.ofJson(json, ByteBuffer.wrap(contract()), scan));
        await(number);
        assertFails(InvalidCallException.class, () -> client.create(SignOrder.ofJson("{")));
    }

    /** Covers P-20, P-23: what the platform refuses, by its code. */
    @ParameterizedTest
    @EnumSource
    void platformRefusals(Way way) throws Exception {
        WoSignDocClient client = CLIENTS.get(way);
        PlatformException notAPdf = assertFails(
                PlatformException.class, () -> client.create(order("J-" + UUID.randomUUID(), DocumentSource.bytes(new byte[] {1, 2, 3})).build()));
        assertEquals(-79, notAPdf.code());
        assertFalse(notAPdf.adviceZh().isEmpty());
        SignOrder missing = SignOrder.builder("J-" + UUID.randomUUID()).template("no-such-template")
                .signer(Signer.person("李明", "11010519491231002X").materials(
                        DocumentSource.path(EXAMPLES.resolve("material.png")), DocumentSource.path(EXAMPLES.resolve("material.png"))))
                .build();
        assertEquals(-43, assertFails(PlatformException.class, () -> client.create(missing)).code());
        String number = "J-" + UUID.randomUUID();
        client.create(order(number, DocumentSource.bytes(contract())).build());
        await(number);
        assertEquals(-46, assertFails(
                PlatformException.class, () -> client.create(order(number, DocumentSource.bytes(contract())).build())).code());
    }

    /** Every other kind of failure, each by its own type. */
    @ParameterizedTest
    @EnumSource
    void otherFailures(Way way) throws Exception {
        WoSignDocClient client = CLIENTS.get(way);
        SignOrder order = order("J-" + UUID.randomUUID(), DocumentSource.bytes(contract())).build();
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        try (WoSignDocClient nobody = way.client(platform, config -> config.addProperty("endpoint", "https://127.0.0.1:" + closed + "/"))) {
            assertEquals("connect_failed", assertFails(TransportException.class, () -> nobody.create(order)).reason());
        }
        try (WoSignDocClient stranger = way.client(platform, config -> {
            JsonObject roots = new JsonObject();
            roots.addProperty("system", true);
            config.add("roots", roots);
        })) {
            WoSignDocException untrusted = assertFails(WoSignDocException.class, () -> stranger.create(order));
            assertEquals(way == Way.BUILT_IN ? "server_untrusted" : "tls_failed", untrusted.reason());
            assertTrue(way == Way.BUILT_IN || untrusted.messageEn().contains("PKIX"), untrusted.messageEn());
            assertFalse(untrusted.mayHaveArrived());
        }
        // A listener that never answers.
        try (ServerSocket silent = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                WoSignDocClient patient = way.client(platform, config -> config.addProperty(
                        "endpoint", "https://127.0.0.1:" + silent.getLocalPort() + "/"))) {
            assertFails(CallTimeoutException.class, () -> patient.create(order, Duration.ofMillis(300)));
        }
        SignOrder noFile = order("J-" + UUID.randomUUID(), DocumentSource.path(Path.of("/nonexistent.pdf"))).build();
        FileException unreadable = assertFails(FileException.class, () -> client.create(noFile));
        assertEquals("file_unreadable", unreadable.reason());
        assertEquals("filebase", unreadable.field());
        InvalidCallException http = assertFails(
                InvalidCallException.class, () -> way.client(platform, config -> config.addProperty("endpoint", "http://127.0.0.1/")));
        assertEquals("endpoint_not_https", http.reason());
        InvalidCallException typo = assertFails(
                InvalidCallException.class, () -> way.client(platform, config -> config.addProperty("endpiont", "x")));
        assertEquals("unknown_option", typo.reason());
        ProtocolException html = assertFails(
                ProtocolException.class, () -> WoSignDocClient.readAnswer(502, "<html>".getBytes(StandardCharsets.UTF_8)));
        assertEquals(502, html.httpStatus());
        assertEquals("<html>", html.bodyStart());
        assertThrows(IllegalArgumentException.class, () -> client.create(order, Duration.ZERO));
        WoSignDocClient closedClient = way.client(platform, config -> {});
        closedClient.close();
        closedClient.close();
        assertThrows(IllegalStateException.class, () -> closedClient.create(order));
    }

    @Test
    void configurationFromEverywhere() throws Exception {
        JsonObject config = JsonParser.parseString(Files.readString(platform.clientJson())).getAsJsonObject();
        Path data = platform.data;
        ClientConfig built = ClientConfig.builder(
                        config.get("endpoint").getAsString(), config.get("tokenid").getAsString())
                .pem(data.resolve("client.pem"), data.resolve("client.key"), null)
                .caFile(data.resolve("ca.pem")).connectTimeout(Duration.ofSeconds(5)).totalTimeout(Duration.ofSeconds(20))
                .idleTimeout(Duration.ofSeconds(5)).userAgent("test/1").attempts(1).build();
        ClientConfig texts = ClientConfig.builder(
                        config.get("endpoint").getAsString(), config.get("tokenid").getAsString())
                .pemText(Files.readString(data.resolve("client.pem")), Files.readString(data.resolve("client.key")), null)
                .caText(Files.readString(data.resolve("ca.pem"))).retryPause(Duration.ofMillis(50)).build();
        ClientConfig environment = ClientConfig.fromEnvironment(Map.of(
                "WOSIGNDOC_ENDPOINT", config.get("endpoint").getAsString(),
                "WOSIGNDOC_TOKEN", config.get("tokenid").getAsString(),
                "WOSIGNDOC_IDENTITY", data.resolve("client.pem").toString(),
                "WOSIGNDOC_KEY", data.resolve("client.key").toString(),
                "WOSIGNDOC_CA_FILE", data.resolve("ca.pem").toString()));
        for (ClientConfig each : List.of(built, texts, environment, ClientConfig.fromFile(platform.clientJson()))) {
            try (WoSignDocClient one = new WoSignDocClient(each)) {
                one.create(order("J-" + UUID.randomUUID(), DocumentSource.bytes(contract())).build());
            }
            PreflightReport report = each.preflight(Duration.ofSeconds(10));
            assertTrue(report.ok(), report.text());
            assertFalse(report.checks().isEmpty());
        }
        PreflightReport bad = ClientConfig.ofJson("{\"endpoint\":\"https://127.0.0.1:1/\"}").preflight(Duration.ofSeconds(5));
        assertFalse(bad.ok());
        assertTrue(bad.textZh().length() > 5);
    }

    /** Covers P-3, P-18: a live preflight tells whether the platform knows token and certificate; nothing comes of it. */
    @Test
    void aLivePreflight() throws Exception {
        JsonObject config = JsonParser.parseString(Files.readString(platform.clientJson())).getAsJsonObject();
        PreflightReport good = ClientConfig.fromFile(platform.clientJson()).preflight(Duration.ofSeconds(10), true);
        assertTrue(good.ok(), good.text());
        assertEquals(Map.of("live", "ok", "token", "ok", "registration", "ok"), live(good));
        for (String said : List.of("tokenid (-65)", "made for this call (-80)", "template (-43); none was created")) {
            assertTrue(good.text().contains(said), good.text());
        }
        assertTrue(good.textZh().contains("没有产生任何订单"), good.textZh());
        PreflightReport unknown = ClientConfig.builder(config.get("endpoint").getAsString(), "nobody-has-this-one")
                .pem(platform.data.resolve("client.pem"), platform.data.resolve("client.key"), null)
                .caFile(platform.data.resolve("ca.pem")).build().preflight(Duration.ofSeconds(10), true);
        assertFalse(unknown.ok());
        assertEquals(Map.of("live", "ok", "token", "error", "registration", "warning"), live(unknown));
        PreflightReport.Check token = unknown.checks().stream()
                .filter(check -> check.name().equals("token")).findFirst().orElseThrow();
        assertTrue(token.advice().contains("tokenid"), token.advice());
    }

    /** The checks that only orders tell, with their levels. */
    private static Map<String, String> live(PreflightReport report) {
        return report.checks().stream()
                .filter(check -> List.of("live", "token", "registration", "balance").contains(check.name()))
                .collect(Collectors.toMap(PreflightReport.Check::name, PreflightReport.Check::level));
    }

    /** What a client says of itself, against what Java itself reads in its certificate. */
    @Test
    void aClientSaysWhatItIs() throws Exception {
        X509Certificate certificate;
        try (InputStream pem = Files.newInputStream(platform.data.resolve("client.pem"))) {
            certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
        for (Way way : Way.values()) {
            assertDescribes(certificate, CLIENTS.get(way).about());
        }
    }

    private static void assertDescribes(X509Certificate certificate, ClientAbout about) throws Exception {
        JsonObject config = JsonParser.parseString(Files.readString(platform.clientJson())).getAsJsonObject();
        assertEquals(config.get("endpoint").getAsString(), about.endpoint());
        assertTrue(about.certificateSubject().startsWith("CN="), about.certificateSubject());
        assertTrue(about.certificateIssuer().contains("CN="), about.certificateIssuer());
        assertEquals(certificate.getSerialNumber(), new BigInteger(about.certificateSerial(), 16));
        assertEquals(certificate.getNotBefore().toInstant(), about.certificateNotBefore());
        assertEquals(certificate.getNotAfter().toInstant(), about.certificateNotAfter());
        assertEquals(Pushes.sha256(certificate.getPublicKey().getEncoded()), about.publicKeySha256());
        assertEquals(List.of(), about.warnings());
    }

    private static byte[] await(String number) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!ARRIVED.containsKey(number)) {
            assertTrue(System.nanoTime() < end, "no push of " + number);
            Thread.sleep(20);
        }
        return ARRIVED.get(number);
    }
}
