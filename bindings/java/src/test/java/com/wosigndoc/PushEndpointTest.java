package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint cannot acknowledge wrongly. */
class PushEndpointTest {
    private final byte[] document = Pushes.document(20_000, 2);
    private final byte[] body = Pushes.signed("s-1", document);

    @TempDir
    Path folder;

    /** Covers P-30: `1` only when the function returned, and the file is there for it. */
    @Test
    void acknowledgesWhatIsStored() throws Exception {
        Path target = Files.createDirectory(folder.resolve("kept")).resolve("a.pdf");
        PushAnswer answer = post(endpoint(push -> push.moveTo(target)).build(), body);
        assertEquals(200, answer.status());
        assertEquals("1", answer.body());
        assertEquals(document.length, Files.size(target));
        assertNothingLeft();
    }

    /** Covers P-30: whatever the function throws, the platform will push again. */
    @Test
    void doesNotAcknowledgeWhatWasNotStored() throws Exception {
        for (Throwable failure : List.of(new IOException("disk full"), new RuntimeException("1"), new StackOverflowError())) {
            PushAnswer answer = post(endpoint(push -> sneak(failure)).build(), body);
            assertEquals(500, answer.status());
            assertNotEquals("1", answer.body().trim());
        }
        assertNothingLeft();
    }

    /** What the function throws is in the log, with its trace and the order: nobody else hears of it. */
    @Test
    void logsWhatTheFunctionThrows() throws Exception {
        PushEndpoint endpoint = endpoint(push -> sneak(new IOException("disk full"))).build();
        String log = logOf(() -> post(endpoint, body));
        assertTrue(log.contains("ERROR com.wosigndoc.PushEndpoint - push of s-1 not stored"), log);
        assertTrue(log.contains("java.io.IOException: disk full") && log.contains("at " + getClass().getName()), log);
        log = logOf(() -> post(endpoint, Pushes.failed(null, "A-7", "-50")));
        assertTrue(log.contains("push of A-7 not stored"), log);
        log = logOf(() -> post(endpoint, Arrays.copyOf(body, 99)));
        assertTrue(log.contains("WARN com.wosigndoc.PushEndpoint - push refused: "), log);
    }

    /** What the logger of these tests writes meanwhile. */
    static String logOf(Runnable step) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            step.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    /** Covers P-30, P-31: what did not verify never reaches the function. */
    @Test
    void refusesWhatDoesNotVerify() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        PushEndpoint endpoint =
                endpoint(push -> calls.incrementAndGet()).options(PushOptions.DEFAULT.maxBody(1 << 20)).build();
        assertEquals(400, post(endpoint, Arrays.copyOf(body, body.length - 3)).status());
        assertEquals(400, post(endpoint, new byte[0]).status());
        assertEquals(413, post(endpoint, Pushes.signed("big", new byte[1 << 20])).status());
        assertEquals(0, calls.get());
        assertNothingLeft();
    }

    /** Covers P-32: a failed order reaches the function, and is acknowledged. */
    @Test
    void failedOrdersAreAcknowledgedToo() throws Exception {
        List<Integer> codes = new ArrayList<>();
        PushEndpoint endpoint = endpoint(push -> codes.addAll(push.errorCodes())).build();
        assertEquals("1", post(endpoint, Pushes.failed("s-9", "-50&-61")).body());
        assertEquals(List.of(-50, -61), codes);
    }

    /** Covers P-30: a document that comes twice is processed once and acknowledged twice. */
    @Test
    void processesOnceWithEachStore() throws Exception {
        for (TestStore each : TestStore.all()) {
            AtomicInteger calls = new AtomicInteger();
            PushEndpoint failing = endpoint(push -> sneak(new IOException("not yet"))).store(each.store).build();
            PushEndpoint endpoint = endpoint(push -> calls.incrementAndGet()).store(each.store).build();
            assertEquals(500, post(failing, body).status());
            for (int i = 0; i < 3; i++) {
                assertEquals("1", post(endpoint, body).body());
            }
            assertEquals(1, calls.get(), each.kind);
            assertEquals("1", post(endpoint, Pushes.failed("s-1", "-69")).body());
            assertEquals(2, calls.get());
        }
    }

    /** Covers P-30: an id of any length and any characters is stored, and remembered. */
    @Test
    void idsThatNoFileCanBeNamedAfter() throws Exception {
        for (String id : List.of("合".repeat(40), ".".repeat(120), "../../" + "合同/".repeat(100))) {
            for (TestStore each : TestStore.all()) {
                AtomicInteger calls = new AtomicInteger();
                PushEndpoint endpoint = endpoint(push -> calls.incrementAndGet()).store(each.store).build();
                for (byte[] push : List.of(Pushes.signed(id, document), Pushes.failed(id, "-50&-61"))) {
                    assertEquals("1", post(endpoint, push).body(), id);
                    assertEquals("1", post(endpoint, push).body(), id);
                }
                assertEquals(2, calls.get(), each.kind);
            }
        }
    }

    /** Covers P-32: failures without the platform's id are told apart by the caller's number. */
    @Test
    void failuresOfDifferentOrdersAreDifferent() throws Exception {
        for (TestStore each : TestStore.all()) {
            List<String> numbers = new ArrayList<>();
            PushEndpoint endpoint = endpoint(push -> numbers.add(push.orderNumber())).store(each.store).build();
            for (String number : List.of("A-1", "A-2", "A-1")) {
                assertEquals("1", post(endpoint, Pushes.failed(null, number, "-50")).body());
                assertEquals("1", post(endpoint, Pushes.failed("", number, "-50")).body());
            }
            assertEquals(List.of("A-1", "A-2"), numbers, each.kind);
        }
    }

    /** Covers P-32: what names no order is not remembered, lest the next be taken for it. */
    @Test
    void aFailureWithoutIdsReachesTheFunctionEveryTime() throws Exception {
        for (TestStore each : TestStore.all()) {
            AtomicInteger calls = new AtomicInteger();
            PushEndpoint endpoint = endpoint(push -> calls.incrementAndGet()).store(each.store).build();
            PushEndpoint failing = endpoint(push -> sneak(new IOException("not yet"))).store(each.store).build();
            assertEquals("1", post(endpoint, Pushes.failed(null, null, "-50")).body());
            assertEquals(500, post(failing, Pushes.failed(null, null, "-50")).status());
            assertEquals("1", post(endpoint, Pushes.failed("", "", "-50")).body());
            assertEquals(2, calls.get(), each.kind);
        }
    }

    /** Covers P-32: reasons that are no codes are told apart as well as those that are. */
    @Test
    void reasonsThatAreNoCodesAreToldApart() throws Exception {
        for (TestStore each : TestStore.all()) {
            List<String> reasons = new ArrayList<>();
            PushEndpoint endpoint = endpoint(push -> reasons.add(push.unreadErrorCode())).store(each.store).build();
            for (String reason : List.of("E17", "E18", "E17")) {
                assertEquals("1", post(endpoint, Pushes.failed("s-1", reason)).body());
            }
            assertEquals(List.of("E17", "E18"), reasons, each.kind);
        }
    }

    /** Covers P-30: two at the same moment; the second is not acknowledged before the first is stored. */
    @Test
    void aDuplicateInFlightWaits() throws Exception {
        for (TestStore each : TestStore.all()) {
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            PushEndpoint endpoint = endpoint(push -> {
                entered.countDown();
                leave.await();
            }).store(each.store).build();
            Thread first = new Thread(() -> post(endpoint, body));
            first.start();
            entered.await();
            assertEquals(503, post(endpoint, body).status());
            leave.countDown();
            first.join();
            assertEquals("1", post(endpoint, body).body());
        }
    }

    /** Covers P-30: 8 threads push the same document at once; the function runs once. */
    @Test
    void oneOfManyWins() throws Exception {
        for (TestStore each : TestStore.all()) {
            AtomicInteger calls = new AtomicInteger();
            PushEndpoint endpoint = endpoint(push -> calls.incrementAndGet()).store(each.store).build();
            Threads.together(Collections.nCopies(8, () -> post(endpoint, body)));
            assertEquals(1, calls.get(), each.kind);
        }
    }

    /** Covers P-30: a claim that says nothing is no reason to acknowledge. */
    @Test
    void aStoreThatSaysNothingDoesNotAcknowledge() throws Exception {
        DeliveryStore silent = new DeliveryStore() {
            @Override
            public Claim claim(String key, String owner) {
                return null;
            }

            @Override
            public boolean complete(String key, String owner) {
                return true;
            }

            @Override
            public void release(String key, String owner) {}
        };
        PushAnswer answer = post(endpoint(push -> {}).store(silent).build(), body);
        assertEquals(500, answer.status());
        assertFalse(answer.acknowledged());
    }

    /** A function that restores its thread's interrupt has stored the document, and that is noted. */
    @Test
    void anInterruptDoesNotUndoWhatIsStored() throws Exception {
        for (TestStore each : TestStore.all()) {
            AtomicInteger calls = new AtomicInteger();
            PushEndpoint endpoint = endpoint(push -> {
                calls.incrementAndGet();
                Thread.currentThread().interrupt();
            }).store(each.store).build();
            assertEquals("1", post(endpoint, body).body());
            assertTrue(Thread.interrupted(), "the interrupt is still the caller's to see");
            assertEquals("1", post(endpoint, body).body());
            assertEquals(1, calls.get(), each.kind);
        }
    }

    /** Covers P-30: a thread that was interrupted before it got the request does the same as any other. */
    @Test
    void anInterruptedThreadStoresAsAnyOther() throws Exception {
        for (TestStore each : TestStore.all()) {
            Path target = folder.resolve("interrupted.pdf");
            PushEndpoint endpoint = endpoint(push -> push.moveTo(target)).store(each.store).build();
            for (int i = 0; i < 2; i++) {
                Thread.currentThread().interrupt();
                assertEquals("1", post(endpoint, body).body(), each.kind);
                assertTrue(Thread.interrupted(), "the interrupt is still the caller's to see");
            }
            assertEquals(document.length, Files.size(target));
        }
    }

    /** Covers P-30: a function that is interrupted has not stored the push; its claim is given back. */
    @Test
    void anInterruptedFunctionIsNotAcknowledged() throws Exception {
        for (TestStore each : TestStore.all()) {
            PushEndpoint endpoint = endpoint(push -> {
                throw new InterruptedException();
            }).store(each.store).build();
            assertEquals("not acknowledged: not_stored", post(endpoint, body).body(), each.kind);
            assertTrue(Thread.interrupted(), "the interrupt is still the caller's to see");
            assertEquals("1", post(endpoint(push -> {}).store(each.store).build(), body).body(), each.kind);
        }
    }

    /** Covers P-30, P-31: whatever a body became on its way, only the very document is acknowledged. */
    @Test
    void spoiltBodies() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        PushEndpoint endpoint = endpoint(push -> {
            calls.incrementAndGet();
            assertArrayEquals(document, Files.readAllBytes(push.path()));
        }).options(PushOptions.DEFAULT.expectSignid("s-1")).build();
        Random random = new Random(11);
        int acknowledged = 0;
        for (int i = 0; i < 500; i++) {
            byte[] spoilt = spoilt(body.clone(), random);
            PushAnswer answer = post(endpoint, spoilt);
            assertTrue(List.of(200, 400, 413).contains(answer.status()), answer.body());
            assertEquals(answer.status() == 200, answer.body().equals("1"));
            acknowledged += answer.acknowledged() ? 1 : 0;
        }
        assertEquals(calls.get(), acknowledged);
        for (String text : List.of("[".repeat(100_000), "{\"a\":".repeat(1_000), "\0", "\ufeff", "1", "null", "\"\\ud800\"",
                "{\"status\":1e999}", "{\"extendData\":{\"content\":\"" + "A".repeat(200_000))) {
            assertEquals(400, post(endpoint, text.getBytes(StandardCharsets.UTF_8)).status(), text.substring(0, 1));
        }
        assertEquals(calls.get(), acknowledged);
        assertNothingLeft();
    }

    /** A few bytes of the body's beginning or end replaced, removed or given twice. */
    private static byte[] spoilt(byte[] body, Random random) {
        int at = random.nextInt(240);
        int from = random.nextBoolean() ? at : body.length - 1 - at;
        switch (random.nextInt(3)) {
            case 0:
                body[from] = (byte) random.nextInt(256);
                return body;
            case 1:
                return Arrays.copyOf(body, from);
            default:
                byte[] twice = Arrays.copyOf(body, body.length + 3);
                System.arraycopy(body, from, twice, Math.min(from + 3, twice.length - 1), body.length - from);
                return twice;
        }
    }

    /** Anybody may push: what they call an order cannot forge a line of the log. */
    @Test
    void idsCannotForgeTheLog() throws Exception {
        PushEndpoint endpoint = endpoint(push -> {}).build();
        String log = logOf(() -> post(endpoint, Pushes.failed("x\nERROR forged\u001b[31m", "A-7", "-50")));
        assertTrue(log.contains("push of x?ERROR forged?[31m acknowledged"), log);
        assertEquals(1, log.lines().count(), log);
    }

    /** The endpoint's own file is never another's, whatever the options say of files. */
    @Test
    void optionsForFilesDoNotMatterHere() throws Exception {
        PushOptions options = PushOptions.ofJson("{\"overwrite\":false,\"path\":\"/nonexistent/x.pdf\"}");
        assertEquals("1", post(endpoint(push -> {}).options(options).build(), body).body());
    }

    private PushEndpoint.Builder endpoint(PushHandler handler) {
        return PushEndpoint.builder(handler).folder(folder);
    }

    static PushAnswer post(PushEndpoint endpoint, byte[] body) {
        return endpoint.handle("POST", new ByteArrayInputStream(body));
    }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    private void assertNothingLeft() throws IOException {
        try (var list = Files.list(folder)) {
            assertFalse(list.anyMatch(file -> file.getFileName().toString().startsWith("wosigndoc")));
        }
    }
}
