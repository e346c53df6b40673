package com.wosigndoc.testing;

import static com.wosigndoc.testing.Contracts.CONTRACT;
import static com.wosigndoc.testing.Contracts.order;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.wosigndoc.FileDeliveryStore;
import com.wosigndoc.PlatformException;
import com.wosigndoc.PushEndpoint;
import com.wosigndoc.PushHttpHandler;
import com.wosigndoc.PushOptions;
import com.wosigndoc.ReceivedPush;
import com.wosigndoc.SignOrder;
import com.wosigndoc.SignOrderResult;
import com.wosigndoc.UntrustedException;
import com.wosigndoc.VerificationReport;
import com.wosigndoc.Verification;
import com.wosigndoc.WoSignDocException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an integrator tests, each story with a sandbox of its own, several at once. */
class StoriesTest {
    @RegisterExtension
    final WoSignDocSandboxExtension platform = new WoSignDocSandboxExtension();

    @AfterEach
    void note(WoSignDocSandbox sandbox) {
        NothingIsLeftTest.SEEN.put(sandbox.tokenid(), sandbox.control());
    }

    /** Covers P-33, P-40: sent, signed, pushed, and by its signatures what it claims to be. */
    @Test
    void signedPushedAndVerified(WoSignDocSandbox sandbox) {
        SignOrder order = order("A-1");
        SignOrderResult accepted = sandbox.client().create(order);
        SandboxPush push = sandbox.awaitPush("A-1");
        ReceivedPush received = push.received();
        assertEquals(accepted.signid(), received.signid());
        VerificationReport report = received.verify(sandbox.trust().toBuilder().order(order).sent(CONTRACT).build());
        assertTrue(report.isValid(), report::toString);
        assertTrue(push.received(PushOptions.DEFAULT.verify(sandbox.trust())).report().isValid());
        SandboxOrder known = sandbox.awaitState(accepted.signid(), OrderState.ACKNOWLEDGED);
        assertEquals(received.sha256(), known.sha256());
        assertEquals(OrderState.SIGNED, known.state());
        assertArrayEquals(received.document(), sandbox.document("A-1"));
        assertEquals(List.of("A-1"), sandbox.orders().stream().map(SandboxOrder::orderNumber).collect(Collectors.toList()));
    }

    @Test
    void refused(WoSignDocSandbox sandbox) {
        sandbox.refuse(-68);
        PlatformException refused = assertThrows(PlatformException.class, () -> sandbox.client().create(order("A-1")));
        assertEquals(-68, refused.code());
        assertEquals(List.of(), sandbox.orders());
        sandbox.client().create(order("A-1"));
        assertTrue(sandbox.awaitPush("A-1").received().signed());
    }

    /** Covers P-32: an order that was accepted fails, and the news is pushed. */
    @Test
    void failed(WoSignDocSandbox sandbox) {
        sandbox.fail(-50);
        sandbox.client().create(order("A/1 号"));
        SandboxOrder failed = sandbox.awaitState("A/1 号", OrderState.FAILED);
        assertEquals(-50, failed.errorCode());
        ReceivedPush push = sandbox.awaitPush("A/1 号").received();
        assertFalse(push.signed());
        assertEquals(List.of(-50), push.errorCodes());
        SandboxException none = assertThrows(SandboxException.class, () -> sandbox.document("A/1 号"));
        assertTrue(none.getMessage().contains("failed"), none.getMessage());
    }

    @Test
    void parkedWhileTheSiteIsDown(WoSignDocSandbox sandbox) {
        sandbox.answerPushes(503, "down", 0);
        sandbox.client().create(order("A-1"));
        sandbox.awaitState("A-1", OrderState.PUSHED);
        assertEquals("pending", sandbox.order("A-1").pushState());
        Instant before = sandbox.now();
        sandbox.advance("80h");
        assertFalse(sandbox.now().isBefore(before.plus(Duration.ofHours(80))));
        SandboxOrder parked = sandbox.awaitState("A-1", OrderState.UNDELIVERED);
        assertTrue(parked.pushTries() >= 48 && parked.pushError().contains("503"), parked::toString);
        assertNull(parked.nextPush());

        long refused = sandbox.awaitPush("A-1").id();
        sandbox.answerPushes(200, "1", 0);
        sandbox.pushAgain("A-1");
        assertTrue(sandbox.awaitPush("A-1").id() > refused);
        sandbox.awaitState("A-1", OrderState.ACKNOWLEDGED);
    }

    /** Covers P-23: the client sends the order again, and is told that it was accepted. */
    @Test
    void theAnswerIsLost(WoSignDocSandbox sandbox) {
        sandbox.fault("lose-answer", "A-1");
        SignOrderResult result = sandbox.client().create(order("A-1"));
        assertTrue(result.acceptedBefore());
        assertEquals(2, result.attempts());
        assertEquals(1, sandbox.orders().size());
        assertEquals(2, sandbox.journal("A-1").stream().filter(entry -> !entry.isPush()).count());
    }

    /** Covers P-31: what does not match its hash is refused, and comes again. */
    @Test
    void aWrongHash(WoSignDocSandbox sandbox) {
        sandbox.fault("wrong-hash");
        sandbox.client().create(order("A-1"));
        sandbox.awaitState("A-1", OrderState.PUSHED);
        sandbox.advance(Duration.ofMinutes(1));
        sandbox.awaitState("A-1", OrderState.ACKNOWLEDGED);
        List<JournalEntry> pushes =
                sandbox.journal("A-1").stream().filter(JournalEntry::isPush).collect(Collectors.toList());
        assertEquals(List.of(400, 200), pushes.stream().map(JournalEntry::status).collect(Collectors.toList()));
        assertEquals(List.of(1, 2), pushes.stream().map(JournalEntry::tries).collect(Collectors.toList()));
        assertTrue(pushes.get(0).error().contains("400"), pushes::toString);
        assertArrayEquals(sandbox.document("A-1"), sandbox.awaitPush("A-1").received().document());
    }

    /** Covers P-33: the hash fits, and only the signatures tell. */
    @Test
    void anAlteredDocument(WoSignDocSandbox sandbox) {
        sandbox.fault("altered-document");
        sandbox.client().create(order("A-1"));
        SandboxPush push = sandbox.awaitPush("A-1");
        assertFalse(Verification.verify(push.received().document(), sandbox.trust()).isValid());
        assertTrue(Verification.verify(sandbox.document("A-1"), sandbox.trust()).isValid());
        UntrustedException refused = assertThrows(UntrustedException.class,
                () -> push.received(PushOptions.DEFAULT.verify(sandbox.trust())));
        assertEquals("document_untrusted", refused.reason());
    }

    @Test
    void twoSandboxesAtOnce(WoSignDocSandbox sandbox) {
        try (WoSignDocSandbox other = WoSignDocSandbox.start()) {
            NothingIsLeftTest.SEEN.put(other.tokenid(), other.control());
            assertNotEquals(sandbox.endpoint(), other.endpoint());
            assertNotEquals(sandbox.tokenid(), other.tokenid());
            other.refuse(-68);
            other.setClock(Instant.parse("2040-01-31T08:00:00Z"));
            sandbox.client().create(order("A-1"));
            sandbox.awaitPush("A-1");
            assertEquals(List.of(), other.orders());
            assertEquals(List.of(), other.journal());
            assertTrue(sandbox.now().isBefore(other.now()));
            assertFalse(Verification.verify(sandbox.document("A-1"), other.trust()).isValid());
            // The fault is still there for whom it was meant.
            other.resetClock();
            assertThrows(PlatformException.class, () -> other.client().create(order("A-1")));
        }
        assertEquals(1, sandbox.orders().size());
    }

    /** Killed, a process cannot close anything. */
    @Test
    void aKilledTestLeavesNothing() throws Exception {
        Process test = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
                System.getProperty("java.class.path"), HoldsASandbox.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String[] told;
        try (BufferedReader out = new BufferedReader(new InputStreamReader(test.getInputStream(), StandardCharsets.UTF_8))) {
            told = out.readLine().split(" ", 2);
            ProcessHandle server = ProcessHandle.of(Long.parseLong(told[0])).orElseThrow();
            assertTrue(Files.isDirectory(Path.of(told[1])), told[1]);
            // SIGKILL, on Linux.
            test.destroyForcibly().waitFor();
            server.onExit().get(60, TimeUnit.SECONDS);
        }
        assertFalse(Files.exists(Path.of(told[1])), told[1]);
    }

    /** The site's own endpoint, with a store of what it has processed. */
    @Test
    void theSitesOwnEndpoint(WoSignDocSandbox sandbox, @TempDir Path site) throws Exception {
        AtomicInteger taken = new AtomicInteger();
        PushEndpoint endpoint = PushEndpoint.builder(push -> {
            taken.incrementAndGet();
            push.moveTo(site.resolve(push.orderNumber() + ".pdf"));
        }).verify(sandbox.trust()).store(new FileDeliveryStore(site.resolve("deliveries"))).build();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/push", new PushHttpHandler(endpoint));
        server.start();
        try {
            sandbox.callback("http://127.0.0.1:" + server.getAddress().getPort() + "/push");
            sandbox.client().create(order("A-1"));
            sandbox.awaitState("A-1", OrderState.ACKNOWLEDGED);
            assertArrayEquals(sandbox.document("A-1"), Files.readAllBytes(site.resolve("A-1.pdf")));
            IllegalStateException elsewhere = assertThrows(IllegalStateException.class, () -> sandbox.awaitPush("A-1"));
            assertTrue(elsewhere.getMessage().contains("/push"), elsewhere.getMessage());
            sandbox.pushAgain("A-1");
            sandbox.awaitState("A-1", OrderState.ACKNOWLEDGED);
            sandbox.fault("altered-document", "A-2");
            sandbox.client().create(order("A-2"));
            sandbox.awaitState("A-2", OrderState.PUSHED);
            sandbox.advance("1m");
            sandbox.awaitState("A-2", OrderState.ACKNOWLEDGED);
        } finally {
            server.stop(0);
        }
        assertEquals(2, taken.get(), "a push that comes twice is taken once, one that was altered never");
        sandbox.callback(WoSignDocSandbox.INBOX);
        sandbox.pushAgain("A-1");
        assertTrue(sandbox.awaitPush("A-1").received().signed());
    }

    /** A lost order is told as what it is. */
    @Test
    void reset(WoSignDocSandbox sandbox) {
        sandbox.fault("lose-order", null, 0);
        WoSignDocException lost = assertThrows(WoSignDocException.class, () -> sandbox.client().create(order("A-1")));
        assertTrue(lost.mayHaveArrived());
        sandbox.advance("30d");
        sandbox.reset();
        assertTrue(Duration.between(Instant.now(), sandbox.now()).abs().compareTo(Duration.ofHours(1)) < 0);
        assertEquals(List.of(), sandbox.journal());
        sandbox.client().create(order("A-1"));
        assertTrue(sandbox.awaitPush("A-1").received().signed());
    }
}
