package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every case of vectors/verify.json, by bytes, by path, and while a push is received. */
class VerifyVectorsTest {
    /** Covers P-33: a document is what its signatures prove. */
    @Test
    void everyCaseIsFoundAsExpected() throws Exception {
        Vectors.run("verify.json", item -> {
            VerifyOptions options = VerifyOptions.ofJson(item.get("options").toString());
            Path file = Vectors.signed(item.get("document").getAsString());
            byte[] document = Files.readAllBytes(file);
            JsonObject expect = item.getAsJsonObject("expect");
            reports(expect, () -> Verification.verify(document, options));
            reports(expect, () -> Verification.verify(file, options));

            // What a receiver says otherwise than the verifier stands by itself, with its own names of settings.
            boolean otherwise = item.has("push");
            JsonObject outcome = otherwise ? item.getAsJsonObject("push") : expect;
            String group = otherwise ? "" : "verify.";
            TestPush push = TestPush.signed("A-1", document);
            PushOptions receiving = PushOptions.DEFAULT.verify(options);
            received(outcome, group, () -> push.received(receiving));
            received(outcome, group, () -> PushReceiver.receive(new ByteArrayInputStream(push.body()), receiving));
        });
    }

    private static void reports(JsonObject expect, Callable<VerificationReport> verify) throws Exception {
        try {
            assertReport(expect, verify.call());
        } catch (InvalidCallException failure) {
            assertError(expect, failure, "");
        }
    }

    private static void received(JsonObject expect, String group, Callable<ReceivedPush> receive) throws Exception {
        try {
            VerificationReport report = receive.call().report();
            assertTrue(report.isValid());
            assertReport(expect, report);
        } catch (UntrustedException refused) {
            assertEquals("document_untrusted", refused.reason());
            assertTrue(!refused.report().isValid());
            assertReport(expect, refused.report());
        } catch (InvalidCallException failure) {
            assertError(expect, failure, group);
        }
    }

    private static void assertReport(JsonObject expect, VerificationReport report) {
        assertTrue(expect.has("verdict"), () -> "unexpected: " + report);
        assertEquals(expect.get("verdict").getAsString(), Json.word(report.verdict()), report::toString);
        assertEquals(expect.get("state").getAsString(), Json.word(report.state()), report::toString);
        List<String> codes =
                report.reasons().stream().map(VerificationReason::code).distinct().sorted().collect(Collectors.toList());
        assertEquals(Json.list(expect, "reasons", JsonElement::getAsString), codes);
    }

    private static void assertError(JsonObject expect, InvalidCallException failure, String group) {
        JsonObject error = expect.getAsJsonObject("error");
        assertNotNull(error, failure::getMessage);
        assertEquals(error.get("reason").getAsString(), failure.reason());
        assertEquals(error.get("kind").getAsString(), failure.kindWord());
        assertEquals(group + error.get("field").getAsString(), failure.field());
    }
}
