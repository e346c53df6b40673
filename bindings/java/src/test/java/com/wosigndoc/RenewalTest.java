package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slow function keeps its claim. */
class RenewalTest {
    private final byte[] body = Pushes.signed("s-1", Pushes.document(1_000, 2));

    @TempDir
    Path folder;

    /** Covers P-30: a function that takes longer than its claim holds is not run by another. */
    @Test
    void aSlowFunctionIsNotRunTwice() throws Exception {
        for (TestStore each : TestStore.all(Duration.ofSeconds(1))) {
            AtomicInteger calls = new AtomicInteger();
            CountDownLatch entered = new CountDownLatch(1);
            PushEndpoint endpoint = PushEndpoint.builder(push -> {
                calls.incrementAndGet();
                entered.countDown();
                Thread.sleep(3_500);
            }).store(each.store).folder(folder).build();
            Thread first = new Thread(() -> PushEndpointTest.post(endpoint, body));
            first.start();
            entered.await();
            Thread.sleep(2_800);
            assertEquals("not acknowledged: busy", PushEndpointTest.post(endpoint, body).body(), each.kind);
            first.join();
            assertEquals("1", PushEndpointTest.post(endpoint, body).body(), each.kind);
            assertEquals(1, calls.get(), each.kind);
        }
    }

    /** A claim that was taken over all the same, as after a machine stood still, is told in the log. */
    @Test
    void aClaimThatIsTakenOverIsLogged() throws Exception {
        for (TestStore each : TestStore.all(Duration.ofSeconds(1))) {
            PushEndpoint endpoint = PushEndpoint.builder(push -> {
                each.pass(10);
                assertEquals(DeliveryStore.Claim.GRANTED_AGAIN, each.store.claim(push.deliveryKey(), "another"));
                Thread.sleep(1_000);
            }).store(each.store).folder(folder).build();
            String log = PushEndpointTest.logOf(() -> PushEndpointTest.post(endpoint, body));
            assertTrue(log.contains("WARN com.wosigndoc.PushEndpoint - push of s-1: its claim was taken over"), log);
            assertTrue(log.contains("WARN com.wosigndoc.PushEndpoint - push of s-1 took longer"), log);
        }
    }

    /** What a process that died has left is told when its claim is taken over: the function may have run before. */
    @Test
    void aClaimOfADeadProcessIsTakenOverWithAWarning() throws Exception {
        String key = PushReceiver.receive(body, PushOptions.DEFAULT).deliveryKey();
        for (TestStore each : TestStore.all(Duration.ofSeconds(1))) {
            PushEndpoint endpoint =
                    PushEndpoint.builder(push -> { }).store(each.store).folder(folder).build();
            assertEquals(DeliveryStore.Claim.GRANTED, each.store.claim(key, "dead"));
            each.pass(10);
            String log = PushEndpointTest.logOf(() ->
                    assertEquals("1", PushEndpointTest.post(endpoint, body).body(), each.kind));
            assertTrue(log.contains("WARN com.wosigndoc.PushEndpoint - push of s-1: an earlier claim expired"), log);
            assertTrue(log.contains("may run a second time for this push"), log);
            log = PushEndpointTest.logOf(() -> PushEndpointTest.post(endpoint, body));
            assertFalse(log.contains("an earlier claim expired"), log);
        }
    }

    /** A store that fails once does not end the renewal, and a store that cannot renew is left alone. */
    @Test
    void aFailedRenewalIsTriedAgain() throws Exception {
        AtomicInteger renewals = new AtomicInteger();
        DeliveryStore store = new DeliveryStore() {
            @Override
            public Claim claim(String key, String owner) {
                return Claim.GRANTED;
            }

            @Override
            public boolean complete(String key, String owner) {
                return true;
            }

            @Override
            public void release(String key, String owner) {}

            @Override
            public boolean renew(String key, String owner) {
                if (renewals.incrementAndGet() == 1) {
                    throw new IllegalStateException("the database is away");
                }
                return true;
            }

            @Override
            public Duration expiry() {
                return Duration.ofMillis(300);
            }
        };
        PushEndpoint endpoint = PushEndpoint.builder(push -> Thread.sleep(600)).store(store).folder(folder).build();
        String log = PushEndpointTest.logOf(() -> PushEndpointTest.post(endpoint, body));
        assertTrue(log.contains("the database is away"), log);
        int during = renewals.get();
        assertTrue(during >= 3, "renewed " + during + " times");
        Thread.sleep(400);
        assertEquals(during, renewals.get(), "it ends with the function");
    }

    /** No thread outlives the work: an application can be unloaded. */
    @Test
    void noThreadStays() throws Exception {
        PushEndpoint endpoint = PushEndpoint.builder(push -> Thread.sleep(800))
                .store(TestStore.all(Duration.ofSeconds(1)).get(0).store).folder(folder).build();
        assertTrue(PushEndpointTest.post(endpoint, body).acknowledged());
        for (int i = 0; i < 50 && isThere("wosigndoc-renewal"); i++) {
            Thread.sleep(100);
        }
        assertFalse(isThere("wosigndoc-renewal"));
    }

    private static boolean isThere(String thread) {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(each -> each.getName().equals(thread));
    }
}
