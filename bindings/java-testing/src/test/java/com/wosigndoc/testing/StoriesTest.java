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
import com.wosigndoc.IntegrityException;
import com.wosigndoc.PlatformException;
import com.wosigndoc.PushEndpoint;
import com.wosigndoc.PushHttpHandler;
import com.wosigndoc.PushOptions;
import com.wosigndoc.PushReceiver;
import com.wosigndoc.ReceivedPush;
import com.wosigndoc.SignOrder;
import com.wosigndoc.SignOrderResult;
import com.wosigndoc.UntrustedException;
import com.wosigndoc.Verification;
import com.wosigndoc.VerificationReport;
import com.wosigndoc.WoSignDocException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
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

    /** Sent, signed, pushed, and by its signatures what it claims to be. */
    @Test
    void signedPushedAndVerified(WoSignDocSandbox sandbox) {
        SignOrder order = order("A-1");
        SignOrderResult accepted = sandbox.client().create(order);
        ReceivedPush received = sandbox.awaitPush("A-1");
        assertEquals(accepted.signid(), received.signid());
        VerificationReport report = received.verify(sandbox.trust().toBuilder().order(order).sent(CONTRACT).build());
        assertTrue(report.isValid(), report::toString);
        assertArrayEquals(received.document(), PushReceiver.receive(sandbox.inbox().get(0).body(), PushOptions.DEFAULT).document());
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
        assertTrue(sandbox.awaitPush("A-1").signed());
    }

    /** An order that was accepted fails, and the news is pushed. */
    @Test
    void failed(WoSignDocSandbox sandbox) {
        sandbox.fail(-50);
        sandbox.client().create(order("A/1 号"));
        SandboxOrder failed = sandbox.awaitState("A/1 号", OrderState.FAILED);
        assertEquals(-50, failed.errorCode());
        ReceivedPush push = sandbox.awaitPush("A/1 号");
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

        assertTrue(sandbox.inbox().stream().allMatch(each -> each.status() == 503 && each.error() == null));
        sandbox.clearInbox();
        sandbox.pushAgain("A-1");
        ReceivedPush late = sandbox.awaitPush("A-1");
        assertTrue(late.verify(sandbox.trust()).isValid(), "also by a clock that was moved");
        sandbox.awaitState("A-1", OrderState.ACKNOWLEDGED);
        assertEquals(List.of("1"), sandbox.inbox().stream().map(InboxEntry::answer).collect(Collectors.toList()));
    }

    /** The client sends the order again, and is told that it was accepted. */
    @Test
    void theAnswerIsLost(WoSignDocSandbox sandbox) {
        sandbox.fault("lose-answer", "A-1");
        SignOrderResult result = sandbox.client().create(order("A-1"));
        assertTrue(result.acceptedBefore());
        assertEquals(2, result.attempts());
        assertEquals(1, sandbox.orders().size());
        assertEquals(2, sandbox.journal("A-1").stream().filter(entry -> !entry.isPush()).count());
    }

    /** What does not match its hash is refused, and comes again. */
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
        assertArrayEquals(sandbox.document("A-1"), sandbox.awaitPush("A-1").document());
        InboxEntry wrong = sandbox.inbox().get(0);
        assertTrue(wrong.status() == 400 && wrong.error() != null, wrong::toString);
        assertThrows(IntegrityException.class, () -> wrong.receive(PushOptions.DEFAULT));
    }

    /** The hash fits, and only the signatures tell. */
    @Test
    void anAlteredDocument(WoSignDocSandbox sandbox) {
        sandbox.fault("altered-document");
        sandbox.client().create(order("A-1"));
        PushOptions trusting = PushOptions.DEFAULT.verify(sandbox.trust());
        UntrustedException refused = assertThrows(UntrustedException.class,
                () -> sandbox.awaitPush("A-1", Duration.ofSeconds(30), trusting));
        assertEquals("document_untrusted", refused.reason());
        assertTrue(Verification.verify(sandbox.document("A-1"), sandbox.trust()).isValid());
        sandbox.pushAgain("A-1");
        assertTrue(sandbox.awaitPush("A-1", Duration.ofSeconds(30), trusting).report().isValid());
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
            SandboxTimeoutException elsewhere = assertThrows(SandboxTimeoutException.class, () -> sandbox.awaitPush("A-1"));
            assertTrue(elsewhere.messageEn().contains("pushed to another callback"), elsewhere.getMessage());
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
        for (String inbox : new String[] {WoSignDocSandbox.INBOX, null}) {
            sandbox.callback(inbox);
            sandbox.pushAgain("A-1");
            assertTrue(sandbox.awaitPush("A-1").signed());
        }
    }

    /** What is pushed twice is returned twice, and its bytes are a site's to handle. */
    @Test
    void aPushThatComesTwice(WoSignDocSandbox sandbox, @TempDir Path site) throws Exception {
        sandbox.fault("push-twice");
        sandbox.client().create(order("A-1"));
        AtomicInteger taken = new AtomicInteger();
        PushEndpoint endpoint = PushEndpoint.builder(push -> taken.incrementAndGet())
                .store(new FileDeliveryStore(site)).build();
        for (int time = 0; time < 2; time++) {
            assertTrue(endpoint.handle("POST", new ByteArrayInputStream(sandbox.awaitBody("A-1"))).acknowledged());
        }
        assertEquals(1, taken.get());
    }

    /** Whatever a test ordered is forgotten. */
    @Test
    void reset(WoSignDocSandbox sandbox) {
        sandbox.fault("lose-order", null, 0);
        WoSignDocException lost = assertThrows(WoSignDocException.class, () -> sandbox.client().create(order("A-1")));
        assertTrue(lost.mayHaveArrived());
        sandbox.clearFaults();
        sandbox.client().create(order("A-1"));
        sandbox.fault("refuse=-68", null, 0);
        sandbox.advance("30d");
        sandbox.callback("http://127.0.0.1:1/elsewhere");
        sandbox.reset();
        assertTrue(Duration.between(Instant.now(), sandbox.now()).abs().compareTo(Duration.ofHours(1)) < 0);
        assertEquals(List.of(), sandbox.journal());
        assertEquals(List.of(), sandbox.inbox());
        sandbox.client().create(order("A-1"));
        assertTrue(sandbox.awaitPush("A-1").signed());
    }
}
