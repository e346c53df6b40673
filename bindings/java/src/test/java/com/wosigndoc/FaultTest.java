package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What this side does when the platform fails, by the faults that its sandbox commits on order. */
class FaultTest {
    private static final Path EXAMPLES = Path.of(System.getenv().getOrDefault("TEST_EXAMPLES", "../../examples"));
    private static final Map<String, ReceivedPush> PUSHES = new ConcurrentHashMap<>();
    private static final Map<String, byte[]> DOCUMENTS = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> CALLS = new ConcurrentHashMap<>();
    private static final Claims CLAIMS = new Claims();
    private static HttpServer callback;
    private static Platform platform;

    @BeforeAll
    static void start() throws Exception {
        PushEndpoint endpoint = PushEndpoint.builder(push -> {
            if (push.signed()) {
                DOCUMENTS.put(push.orderNumber(), Files.readAllBytes(push.path()));
            }
            CALLS.computeIfAbsent(push.orderNumber(), number -> new AtomicInteger()).incrementAndGet();
            PUSHES.put(push.orderNumber(), push);
        }).store(CLAIMS).build();
        callback = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        callback.createContext("/", new PushHttpHandler(endpoint));
        callback.setExecutor(Executors.newFixedThreadPool(4));
        callback.start();
        platform = new Platform("http://127.0.0.1:" + callback.getAddress().getPort() + "/", "--faults");
    }

    @AfterAll
    static void stop() {
        platform.close();
        callback.stop(0);
        ((ExecutorService) callback.getExecutor()).shutdown();
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalHasItsCode(Way way) throws Exception {
        try (WoSignDocClient client = client(way, 2)) {
            for (int code : List.of(-43, -68, -80)) {
                PlatformException refused = assertFails(
                        PlatformException.class, () -> client.create(order(number("refuse=" + code))));
                assertEquals(code, refused.code());
            }
        }
    }

    /** Covers P-23: an order whose answer was lost is sent again, and found to have arrived. */
    @ParameterizedTest
    @EnumSource
    void aLostAnswerIsMadeGood(Way way) throws Exception {
        String number = number("lose-answer");
        try (WoSignDocClient client = client(way, 3)) {
            SignOrderResult result = client.create(order(number));
            assertTrue(result.acceptedBefore());
            assertNull(result.signid());
            assertTrue(result.attempts() > 1);
        }
        assertNotNull(await(number).signid());
    }

    /** Covers P-23: without a second attempt the failure says that the order may have arrived. */
    @ParameterizedTest
    @EnumSource
    void aLostAnswerMayHaveArrived(Way way) throws Exception {
        try (WoSignDocClient client = client(way, 1)) {
            TransportException lost = assertFails(
                    TransportException.class, () -> client.create(order(number("lose-answer"))));
            assertEquals("connection_lost", lost.reason());
            assertTrue(lost.mayHaveArrived());
        }
    }

    /** Covers P-23: a time limit that runs out after the order was sent says so too. */
    @ParameterizedTest
    @EnumSource
    void aSlowAnswerEndsInATimeoutThatMayHaveArrived(Way way) throws Exception {
        try (WoSignDocClient client = client(way, 1)) {
            CallTimeoutException late = assertFails(
                    CallTimeoutException.class,
                    () -> client.create(order(number("slow=30")), Duration.ofSeconds(1)));
            assertEquals("call_timeout", late.reason());
            assertTrue(late.mayHaveArrived());
        }
    }

    /** Covers P-32: a failed order is pushed, and acknowledged. */
    @Test
    void aFailedOrderIsPushed() throws Exception {
        ReceivedPush push = pushOf(number("fail=-50"));
        assertFalse(push.signed());
        assertEquals(List.of(-50), push.errorCodes());
        assertFalse(push.errors().get(0).adviceZh().isEmpty());
    }

    /** Covers P-30: a document pushed twice reaches the function once. */
    @Test
    void aDocumentPushedTwiceReachesTheFunctionOnce() throws Exception {
        String number = number("push-twice");
        String key = pushOf(number).deliveryKey();
        until("a second push", () -> CLAIMS.repeats(key) > 0);
        assertEquals(1, CALLS.get(number).get());
    }

    /** Covers P-30, P-31: a push with a wrong hash is not acknowledged, so the right one comes. */
    @Test
    void aWrongHashIsRefusedAndTheRightOneTaken() throws Exception {
        String number = number("wrong-hash");
        ReceivedPush push = pushOf(number);
        assertEquals(push.sha256(), Pushes.sha256(DOCUMENTS.get(number)));
        assertEquals(1, CALLS.get(number).get());
        byte[] contract = Files.readAllBytes(EXAMPLES.resolve("contract.pdf"));
        assertArrayEquals(contract, java.util.Arrays.copyOf(DOCUMENTS.get(number), contract.length));
    }

    /** Sends an order, and waits for its push. */
    private static ReceivedPush pushOf(String number) throws Exception {
        try (WoSignDocClient client = client(Way.BUILT_IN, 1)) {
            client.create(order(number));
        }
        return await(number);
    }

    private static String number(String fault) {
        return "JF-" + UUID.randomUUID() + "!" + fault;
    }

    private static SignOrder order(String number) {
        DocumentSource scan = DocumentSource.path(EXAMPLES.resolve("material.png"));
        return SignOrder.builder(number).pdf(DocumentSource.path(EXAMPLES.resolve("contract.pdf")))
                .signer(Signer.person("李明", "11010519491231002X").materials(scan, scan).signAt(1, 0.1, 0.1, 0.3, 0.2))
                .build();
    }

    private static WoSignDocClient client(Way way, int attempts) throws Exception {
        return way.client(platform, config -> {
            JsonObject retry = new JsonObject();
            retry.addProperty("attempts", attempts);
            config.add("retry", retry);
        });
    }

    private static ReceivedPush await(String number) throws Exception {
        until("a push of " + number, () -> PUSHES.containsKey(number));
        return PUSHES.get(number);
    }

    private static void until(String what, BooleanSupplier come) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!come.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not within a minute: " + what);
            Thread.sleep(20);
        }
    }

    /** A store that counts what came again after it was done. */
    private static final class Claims implements DeliveryStore {
        private final Map<String, Claim> claims = new ConcurrentHashMap<>();
        private final Map<String, AtomicInteger> repeats = new ConcurrentHashMap<>();

        int repeats(String key) {
            return repeats.containsKey(key) ? repeats.get(key).get() : 0;
        }

        @Override
        public Claim claim(String key, String owner) {
            Claim found = claims.putIfAbsent(key, Claim.BUSY);
            if (found == Claim.DONE) {
                repeats.computeIfAbsent(key, each -> new AtomicInteger()).incrementAndGet();
            }
            return found == null ? Claim.GRANTED : found;
        }

        @Override
        public boolean complete(String key, String owner) {
            claims.put(key, Claim.DONE);
            return true;
        }

        @Override
        public void release(String key, String owner) {
            claims.remove(key);
        }
    }
}
