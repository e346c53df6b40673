package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint takes only what its site trusts. */
class TrustingEndpointTest {
    private final VerifyOptions trusted = VerifyOptions.builder()
            .caFile(Vectors.signed("root.pem")).at(Instant.parse("2026-06-01T00:00:00Z")).build();
    private final List<String> calls = new ArrayList<>();

    @TempDir
    Path folder;

    private PushEndpoint.Builder endpoint(PushHandler handler) {
        return PushEndpoint.builder(handler).folder(folder.resolve("spool"));
    }

    private static TestPush push(String document) throws IOException {
        return TestPush.signed("A-1", Files.readAllBytes(Vectors.signed(document)));
    }

    /** Covers P-33: a forged contract never reaches the function, is kept aside, and leaves room for the right one. */
    @Test
    void refusesAStrangerAndTakesTheRightOne() throws Exception {
        Path aside = folder.resolve("aside");
        // What is set by itself goes before the options, in either order.
        PushEndpoint endpoint = endpoint(push -> calls.add(push.report().toString()))
                .verify(trusted).quarantine(aside).options(PushOptions.DEFAULT.expectOrderNumber("A-1"))
                .store(new FileDeliveryStore(folder.resolve("deliveries"))).build();
        endpoint.check();
        TestPush forged = push("stranger.pdf");
        PushAnswer[] answer = new PushAnswer[1];
        String log = PushEndpointTest.logOf(() -> answer[0] = forged.postTo(endpoint));
        assertEquals(400, answer[0].status());
        assertEquals("not acknowledged: document_untrusted", answer[0].body());
        assertEquals(List.of(), calls);
        Path kept = aside.resolve(forged.received().sha256() + ".pdf");
        assertArrayEquals(Files.readAllBytes(Vectors.signed("stranger.pdf")), Files.readAllBytes(kept));
        assertTrue(Files.readString(aside.resolve(forged.received().sha256() + ".json")).contains("\"untrusted\""));
        assertTrue(log.contains("WARN com.wosigndoc.PushEndpoint - push refused: ") && log.contains("invalid (untrusted"), log);
        assertTrue(log.contains("the document is kept as " + kept), log);
        assertFalse(log.contains("CN=") || log.contains("云杉"), log);

        assertEquals("1", push("valid.pdf").postTo(endpoint).body());
        assertEquals("1", push("valid.pdf").postTo(endpoint).body());
        assertEquals(1, calls.size());
        assertTrue(calls.get(0).startsWith("valid ("), calls.get(0));
        // What nobody can prove is taken without a report.
        assertEquals("1", TestPush.failed("A-1", -50).postTo(
                endpoint(push -> assertNull(push.report())).verify(trusted).build()).body());
    }

    /** By the receiver alone, the exception has what the log has not. */
    @Test
    void theExceptionHasTheReport() throws Exception {
        PushOptions options = PushOptions.DEFAULT.verify(trusted).quarantine(folder.resolve("aside"), 1);
        UntrustedException refused =
                assertFails(UntrustedException.class, () -> push("stranger.pdf").received(options));
        assertEquals("document_untrusted", refused.reason());
        assertEquals(Verdict.INVALID, refused.report().verdict());
        assertEquals("untrusted", refused.report().reasons().get(0).code());
        assertTrue(Files.exists(refused.quarantinePath()));
        assertNull(refused.quarantineError());
        assertFalse(refused.getMessage().contains("CN="), refused.getMessage());

        UntrustedException full =
                assertFails(UntrustedException.class, () -> push("altered.pdf").received(options));
        assertNull(full.quarantinePath());
        assertEquals("file_unwritable", full.quarantineError().reason());
        assertEquals("quarantine.max_files", full.quarantineError().field());
        assertEquals(ErrorKind.IO, full.quarantineError().kind());
        PushEndpoint endpoint = endpoint(push -> calls.add("")).options(options).build();
        TestPush altered = push("altered.pdf");
        assertTrue(PushEndpointTest.logOf(() -> altered.postTo(endpoint)).contains("the document is not kept: "));

        UntrustedException other = assertFails(UntrustedException.class,
                () -> push("valid.pdf").received(PushOptions.DEFAULT.expectOrderNumber("A-2")));
        assertEquals("unexpected_order", other.reason());
        assertNull(other.report());
        assertNull(other.quarantinePath());
        assertNull(other.quarantineError());
    }

    /** A stranger cannot fill the disk: how many are kept is the endpoint's to say. */
    @Test
    void theQuarantineIsLimited() throws Exception {
        Path aside = folder.resolve("aside");
        // What is not set here stands in the options.
        for (PushEndpoint.Builder each : List.of(endpoint(push -> calls.add("")).quarantine(aside, 1),
                endpoint(push -> calls.add("")).quarantine(aside)
                        .options(PushOptions.ofJson("{\"quarantine\":{\"max_files\":1}}")))) {
            PushEndpoint endpoint = each.verify(trusted).build();
            push("stranger.pdf").postTo(endpoint);
            TestPush altered = push("altered.pdf");
            String log = PushEndpointTest.logOf(() -> assertEquals(400, altered.postTo(endpoint).status()));
            assertTrue(log.contains("quarantine.max_files"), log);
        }
        assertEquals(List.of(), calls);
    }

    /** Covers P-30: the function may demand what only it knows; what it throws is not acknowledged, and names nobody. */
    @Test
    void theFunctionVerifiesByItsOrder() throws Exception {
        SignOrder[] order = {SignOrder.builder("A-1").signer(Signer.person("李明", "11010519491231002X")).build()};
        PushEndpoint endpoint = endpoint(push -> {
            VerificationReport report = push.verify(trusted.toBuilder().order(order[0]).build());
            if (!report.isValid()) {
                throw new IllegalStateException("not as it was ordered: " + report);
            }
            push.moveTo(folder.resolve("kept.pdf"));
        }).verify(trusted).build();
        TestPush push = push("valid.pdf");
        PushAnswer[] answer = new PushAnswer[1];
        String log = PushEndpointTest.logOf(() -> answer[0] = push.postTo(endpoint));
        assertEquals("not acknowledged: not_stored", answer[0].body());
        assertTrue(log.contains("not as it was ordered: invalid (signer_missing"), log);
        assertFalse(log.contains("李明") || log.contains("云杉"), log);
        order[0] = SignOrder.builder("A-1")
                .signer(Signer.organisation("云杉软件（示例）有限公司", "91350100M000100Y43")).build();
        assertEquals("1", push.postTo(endpoint).body());
        assertTrue(Files.exists(folder.resolve("kept.pdf")));
        // The same for a push in memory.
        assertTrue(push.received().verify(trusted).isValid());
    }

    /** A root that cannot be read is told when the endpoint is built, not by the first push. */
    @Test
    void wrongOptionsAreToldAtOnce() {
        PushEndpoint.Builder builder = endpoint(push -> {})
                .verify(VerifyOptions.builder().caFile(folder.resolve("none.pem")).build());
        WoSignDocException failure = assertFails(WoSignDocException.class, builder::build);
        assertEquals("verify.roots.ca_file", failure.field());
        WoSignDocException alone = assertFails(
                WoSignDocException.class, () -> endpoint(push -> {}).quarantine(folder).build());
        assertEquals("quarantine", alone.field());
        PushEndpoint lost = endpoint(push -> {}).options(PushOptions.ofJson("{\"path\":\"/nonexistent/x\",\"lost\":1}")).build();
        assertEquals("lost", assertFails(WoSignDocException.class, lost::check).field());
    }
}
