package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options go down to the core as they are meant, and all of its report comes up. */
class VerificationTest {
    private static final Path VALID = Vectors.signed("valid.pdf");
    private static final String ORGANISATION = "云杉软件（示例）有限公司";

    @TempDir
    Path folder;

    private static VerifyOptions.Builder trusted() {
        return VerifyOptions.builder().caFile(Vectors.signed("root.pem")).at(Instant.parse("2026-06-01T00:00:00.999Z"));
    }

    private static VerificationReport verify(UnaryOperator<VerifyOptions.Builder> more) {
        return Verification.verify(VALID, more.apply(trusted()).build());
    }

    @Test
    void theReportIsTyped() throws Exception {
        VerificationReport report = verify(options -> options.signers("云杉软件(示例)有限公司", "李明").sent(VALID));
        assertEquals(Verdict.INVALID, report.verdict());
        assertFalse(report.isValid());
        assertEquals(VerificationReport.State.INTACT, report.state());
        VerificationReason missing = report.reasons().get(0);
        assertEquals("signer_missing", missing.code());
        assertEquals(Consequence.INVALID, missing.then());
        assertNull(missing.signature());
        assertTrue(missing.message().contains("李明") && missing.messageZh().contains("没有可信签名"));
        assertEquals(Consequence.ACCEPT, report.reasons().get(1).then());
        assertEquals("Seal", report.reasons().get(1).signature());
        assertEquals(Files.size(VALID), report.document().size());
        assertEquals(Pushes.sha256(Files.readAllBytes(VALID)), report.document().sha256());
        assertEquals(1, report.document().pages());
        assertEquals(1, report.document().revisions());
        assertFalse(report.document().encrypted());
        assertNull(report.document().certification());
        assertFalse(report.signers().complete());
        assertEquals("Seal", report.signers().required().get(0).signature());
        assertEquals("李明", report.signers().required().get(1).name());
        assertNull(report.signers().required().get(1).signature());
        assertTrue(report.signers().rule().messageZh().contains("比较"));
        assertEquals(Boolean.TRUE, report.sent().same());
        assertEquals(List.of(), report.sent().differences());
        assertEquals(JsonParser.parseString(report.toJson()).getAsJsonObject().get("verdict").getAsString(), "invalid");
        assertTrue(report.toString().startsWith("invalid (signer_missing, revocation_unknown"), report.toString());
        assertFalse(report.toString().contains("李明"));
    }

    @Test
    void aSignatureIsTyped() throws Exception {
        SignatureReport signature = verify(options -> options).signatures().get(0);
        assertEquals("Seal", signature.field());
        assertEquals(SignatureReport.Kind.SIGNATURE, signature.kind());
        assertEquals("ETSI.CAdES.detached", signature.subFilter());
        assertEquals(1, signature.page());
        assertArrayEquals(new double[] {10, 20, 110, 70}, signature.box());
        assertEquals(SignatureReport.Integrity.OK, signature.integrity().value());
        assertEquals(SignatureReport.Trust.TRUSTED, signature.trust().value());
        assertEquals(SignatureReport.Revocation.UNKNOWN, signature.revocation().value());
        assertEquals(1, signature.revocation().reasons().size());
        assertEquals(SignatureReport.Coverage.WHOLE_FILE, signature.coverage().value());
        assertEquals(SignatureReport.Changes.NONE, signature.changes().value());
        assertEquals(Files.size(VALID), signature.signedEnd());
        assertEquals(Instant.parse("2026-01-01T00:00:00Z"), signature.claimedTime().time());
        assertEquals("signing_time", signature.claimedTime().source());
        assertNull(signature.provenTime());
        assertEquals(Instant.parse("2026-06-01T00:00:00Z"), signature.judgedAt());
        assertEquals("P-256", signature.algorithms().curve());
        assertEquals(256, signature.algorithms().bits());
        assertEquals(List.of(), signature.weak());
        assertNull(signature.timeStamp());
        assertEquals(List.of(), signature.warnings());
        assertCertificate(signature.signer());
        assertEquals("CN=Example Root", signature.chain().get(0).subject());
    }

    /** Against what Java itself reads. */
    private static void assertCertificate(SigningCertificate facts) throws Exception {
        X509Certificate read = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(facts.der()));
        assertEquals(ORGANISATION, facts.name());
        assertEquals("CN=" + ORGANISATION, facts.subject());
        assertEquals(read.getIssuerX500Principal().getName(), facts.issuer());
        assertEquals(read.getSerialNumber().toString(16), facts.serial());
        assertEquals(read.getNotBefore().toInstant(), facts.notBefore());
        assertEquals(read.getNotAfter().toInstant(), facts.notAfter());
        assertEquals(Pushes.sha256(facts.der()), facts.sha256());
    }

    /** The documents have neither a time stamp nor a warning, so that their shape is taken from the core's report. */
    @Test
    void aTimeStampAndAWarningAreTyped() {
        JsonObject json = JsonParser.parseString(verify(options -> options).toJson()).getAsJsonObject();
        JsonObject signature = json.getAsJsonArray("signatures").get(0).getAsJsonObject();
        signature.add("time_stamp", JsonParser.parseString("{\"time\":\"2026-01-01T00:00:05Z\",\"integrity\":{\"value\":\"ok\","
                + "\"reasons\":[]},\"trust\":null,\"signer\":null,\"algorithms\":{\"digest\":\"sm3\",\"signature\":\"sm2\"}}"));
        signature.add("proven_time", JsonParser.parseString(
                "{\"time\":\"2026-01-01T00:00:05Z\",\"source\":\"time_stamp\"}"));
        signature.add("warnings", JsonParser.parseString("[{\"en\":\"it is odd\",\"zh\":\"有些异常\"}]"));
        SignatureReport report = new VerificationReport(json).signatures().get(0);
        assertEquals("it is odd (有些异常)", report.warnings().get(0).toString());
        TimeStampReport stamp = report.timeStamp();
        assertEquals(report.provenTime().time(), stamp.time());
        assertEquals("2026-01-01T00:00:05Z (time_stamp)", report.provenTime().toString());
        assertEquals(SignatureReport.Integrity.OK, stamp.integrity().value());
        assertNull(stamp.trust());
        assertNull(stamp.signer());
        assertEquals("sm3", stamp.algorithms().digest());
        assertNull(stamp.algorithms().bits());
        signature.getAsJsonObject("time_stamp").add("trust", signature.get("trust"));
        signature.getAsJsonObject("time_stamp").add("signer", signature.get("signer"));
        assertEquals(SignatureReport.Trust.TRUSTED, stamp.trust().value());
        assertEquals(ORGANISATION, stamp.signer().name());
    }

    @Test
    void changesAreTyped() {
        VerificationReport report = Verification.verify(Vectors.signed("altered.pdf"), trusted().build());
        SignatureReport signature = report.signatures().get(0);
        assertEquals(SignatureReport.Changes.NOT_PERMITTED, signature.changes().value());
        DocumentChange change = signature.changed().get(0);
        assertEquals("page", change.kind());
        assertEquals(SignatureReport.Changes.NOT_PERMITTED, change.value());
        assertEquals(1, change.page());
        assertFalse(change.message().isEmpty() || change.messageZh().isEmpty());
        assertFalse(signature.moreChanges());
    }

    /** A newer library may say what this package does not know: nothing of it is taken for good, and all can be read. */
    @Test
    void wordsOfANewerLibrary() {
        JsonObject json = JsonParser.parseString(verify(options -> options).toJson()).getAsJsonObject();
        json.addProperty("verdict", "splendid");
        json.addProperty("state", "shiny");
        json.addProperty("moon", "full");
        JsonObject signature = json.getAsJsonArray("signatures").get(0).getAsJsonObject();
        for (String finding : List.of("integrity", "trust", "revocation", "coverage", "changes")) {
            signature.getAsJsonObject(finding).addProperty("value", "new_word");
        }
        signature.addProperty("kind", "seal");
        signature.addProperty("certification", 1L << 40);
        signature.addProperty("judged_at", "later");
        json.getAsJsonArray("reasons").get(0).getAsJsonObject().addProperty("then", "celebrate");
        VerificationReport report = new VerificationReport(json);
        assertEquals(Verdict.OTHER, report.verdict());
        assertFalse(report.isValid());
        assertEquals(VerificationReport.State.OTHER, report.state());
        assertEquals(Consequence.OTHER, report.reasons().get(0).then());
        SignatureReport first = report.signatures().get(0);
        assertEquals(SignatureReport.Kind.OTHER, first.kind());
        assertEquals(SignatureReport.Integrity.OTHER, first.integrity().value());
        assertEquals(SignatureReport.Trust.OTHER, first.trust().value());
        assertEquals(SignatureReport.Revocation.OTHER, first.revocation().value());
        assertEquals(SignatureReport.Coverage.OTHER, first.coverage().value());
        assertEquals(SignatureReport.Changes.OTHER, first.changes().value());
        assertEquals("new_word", first.trust().word());
        assertNull(first.certification());
        assertNull(first.judgedAt());
        assertTrue(report.toJson().contains("\"moon\":\"full\"") && report.toString().startsWith("splendid ("));
        VerificationReport empty = new VerificationReport(new JsonObject());
        assertEquals(Verdict.OTHER, empty.verdict());
        assertNull(empty.document());
        assertNull(empty.signers());
        assertNull(empty.sent());
    }

    /** Each setting has the effect that its name says. */
    @Test
    void everySettingCounts() throws Exception {
        assertEquals("valid", word(options -> options));
        assertEquals("indeterminate", word(options -> options.preset(VerifyOptions.Preset.STRICT)));
        assertEquals("valid", word(options -> options.preset(VerifyOptions.Preset.REPORT)));
        assertEquals("valid", word(options -> options.preset(VerifyOptions.Preset.STRICT)
                .unknownRevocation(Consequence.ACCEPT).warnings(Consequence.ACCEPT)));
        assertEquals("invalid", word(options -> options.unknownRevocation(Consequence.INVALID)));
        Instant late = Instant.parse("2100-01-01T00:00:00Z");
        assertEquals("indeterminate", word(options -> options.at(late)));
        assertEquals("valid", word(options -> options.at(late).expired(Consequence.ACCEPT)));
        assertEquals("valid", word(options -> options.weak(Consequence.INVALID).rsaBits(4096).sha1(true)));
        assertEquals("valid", word(options -> options.signers(ORGANISATION).inOrder(true).signatureCount(1)));
        assertEquals("invalid", word(options -> options.signatureCount(2)));
        assertEquals("invalid", word(options -> options.signers("云杉")));
        assertEquals("valid", word(options -> options.signers("云杉").matchNames(VerifyOptions.NameMatch.CONTAINS)));
        assertEquals("invalid", word(options ->
                options.signers("云杉软件(示例)有限公司").matchNames(VerifyOptions.NameMatch.EXACT)));
        assertEquals("valid", word(options -> options.signers("李明").matchNames(VerifyOptions.NameMatch.IGNORE)
                .matchDictionary(true).password("not needed")));
        VerifyOptions text = VerifyOptions.ofJson("{\"at\":\"2026-06-01T00:00:00Z\"}").toBuilder()
                .caText(Files.readString(Vectors.signed("root.pem"))).build();
        assertTrue(Verification.verify(VALID, text).isValid());
        // A list may be one text in JSON; what is added makes it longer.
        VerifyOptions two = VerifyOptions.ofJson("{\"roots\":{\"ca_file\":\"" + Vectors.signed("root.pem").toAbsolutePath()
                .toString().replace("\\", "\\\\") + "\"},\"at\":\"2026-06-01T00:00:00Z\"}").toBuilder()
                .caFile(Vectors.signed("root.pem")).build();
        assertTrue(Verification.verify(VALID, two).isValid());
    }

    /** What is set on top of a configuration drops nothing that stands beside it: lists grow. */
    @Test
    void settingsOfAConfigurationStay() {
        VerifyOptions options = VerifyOptions.ofJson("{\"roots\":{\"ca\":\"A\"},\"trust\":{\"sha256\":\"00\"},"
                        + "\"policy\":{\"weak\":\"invalid\",\"sha1\":true},\"newer\":1,"
                        + "\"signers\":{\"count\":99,\"names\":\"甲\",\"match\":{\"name\":\"contains\"}}}")
                .toBuilder().caText("B").caFile(VALID).trustJson("[{\"sha256\":\"11\"}]").rsaBits(4096)
                .weak(Consequence.ACCEPT).signers("乙").matchNumbers(VerifyOptions.NumberMatch.REQUIRED).build();
        JsonObject file = new JsonObject();
        file.addProperty("name", HostFile.name(VALID));
        assertEquals(JsonParser.parseString("{\"roots\":{\"ca\":[\"A\",\"B\"],\"ca_file\":[" + file.get("name") + "]},"
                + "\"trust\":[{\"sha256\":\"00\"},{\"sha256\":\"11\"}],\"newer\":1,"
                + "\"policy\":{\"weak\":\"accept\",\"sha1\":true,\"rsa_bits\":4096},\"signers\":{\"count\":99,"
                + "\"names\":[\"甲\",\"乙\"],\"match\":{\"name\":\"contains\",\"number\":\"required\"}}}"), options.json());
    }

    private static String word(UnaryOperator<VerifyOptions.Builder> more) {
        return Json.word(verify(more).verdict());
    }

    /** The core's error names the setting. */
    @Test
    void aWrongSettingIsNamed() {
        fails("roots.ca_file", VerifyOptions.builder().caFile(folder.resolve("none.pem")));
        fails("roots.ca", VerifyOptions.builder().caText("no certificate"));
        fails("policy.rsa_bits", VerifyOptions.builder().rsaBits(1));
        fails("policy.weak", VerifyOptions.builder().weak(Consequence.OTHER));
        fails("policy.warnings", VerifyOptions.builder().warnings(Consequence.OTHER));
        fails("signers.count", VerifyOptions.builder().signatureCount(-1));
        fails("sent", VerifyOptions.builder().sent(folder.resolve("none.pdf")));
        fails("trust.sha256", VerifyOptions.builder().trustJson("[{\"sha256\":\"ab\"}]"));
        fails("signers.names[0]", VerifyOptions.builder().signers("李\ud842"));
    }

    private static void fails(String field, VerifyOptions.Builder options) {
        WoSignDocException failure =
                assertFails(WoSignDocException.class, () -> Verification.verify(VALID, options.build()));
        assertEquals(ErrorKind.ARGUMENT, failure.kind(), failure::getMessage);
        assertEquals(field, failure.field());
    }

    @Test
    void documentsFromEverywhere() throws Exception {
        FileException missing = assertFails(
                FileException.class, () -> Verification.verify(folder.resolve("none.pdf"), trusted().build()));
        assertEquals("file_unreadable", missing.reason());
        Path zip = folder.resolve("archive.zip");
        try (FileSystem archive = FileSystems.newFileSystem(zip, java.util.Map.of("create", "true"))) {
            Path inside = archive.getPath("signed.pdf");
            Files.copy(VALID, inside);
            assertTrue(Verification.verify(inside, trusted().build()).isValid());
            assertEquals(1, Verification.trustOf(inside, VerifyOptions.builder().build()).trust().size());
            assertFails(FileException.class, () -> Verification.verify(archive.getPath("none"), trusted().build()));
        }
        InvalidCallException nothing =
                assertFails(InvalidCallException.class, () -> Verification.verify(new byte[0], trusted().build()));
        assertEquals("missing_option path", nothing.reason() + " " + nothing.field());
        Path empty = Files.createFile(folder.resolve("empty.pdf"));
        assertEquals(Verdict.INDETERMINATE, Verification.verify(empty, trusted().build()).verdict());
        assertThrows(NullPointerException.class, () -> Verification.verify((byte[]) null, trusted().build()));
    }

    /** What was sent may be bytes or a file; another document is not the same. */
    @Test
    void sentIsCompared() throws Exception {
        byte[] sent = Files.readAllBytes(VALID);
        assertEquals(Boolean.TRUE, verify(options -> options.sent(sent)).sent().same());
        VerificationReport other = verify(options -> options.sent(VALID).sent(contract()));
        assertEquals(Boolean.FALSE, other.sent().same());
        assertFalse(other.isValid());
        assertFalse(other.sent().differences().isEmpty());
        assertEquals(Boolean.TRUE, verify(options -> options.sent(contract()).sent(VALID)).sent().same());
        // A push has no place for bytes beside it.
        InvalidCallException bytes = assertFails(
                InvalidCallException.class, () -> PushOptions.DEFAULT.verify(trusted().sent(sent).build()));
        assertEquals("bad_option verify.sent", bytes.reason() + " " + bytes.field());
    }

    private static byte[] contract() {
        try {
            return Files.readAllBytes(ExampleTest.EXAMPLES.resolve("contract.pdf"));
        } catch (java.io.IOException missing) {
            throw new AssertionError(missing);
        }
    }

    /** What a person has looked at goes into the options as it is, or by way of a configuration. */
    @Test
    void trustOfThenVerify() throws Exception {
        TrustReport seen = Verification.trustOf(VALID, VerifyOptions.builder().build());
        assertEquals(VerificationReport.State.INTACT, seen.state());
        assertEquals(List.of(), seen.reasons());
        TrustBlock block = seen.trust().get(0);
        assertEquals("CN=Example Root", block.subject());
        assertEquals(Pushes.sha256(block.der()), block.sha256());
        Instant then = Instant.parse("2026-06-01T00:00:00Z");
        assertTrue(Verification.verify(VALID, VerifyOptions.builder().trust(seen.trust()).at(then).build()).isValid());
        VerifyOptions pasted = VerifyOptions.builder().trustJson(seen.trustJson()).at(then).build();
        assertTrue(Verification.verify(VALID, pasted).isValid());
        VerificationReport stranger = Verification.verify(Vectors.signed("stranger.pdf"), pasted);
        assertEquals(Verdict.INVALID, stranger.verdict());
        assertTrue(stranger.toString().contains("issuer_changed"), stranger::toString);
        TrustReport none = Verification.trustOf(Files.readAllBytes(Vectors.signed("unsigned.pdf")), pasted);
        assertEquals(List.of(), none.trust());
        assertEquals(VerificationReport.State.UNSIGNED, none.state());
        assertTrue(none.toJson().contains("unsigned"));
    }

    /** An order of either making says who has to sign; nothing else of it is read. */
    @Test
    void theOrderAsItWasSent() {
        DocumentSource read = DocumentSource.stream(new ByteArrayInputStream(new byte[3]));
        SignOrder built = SignOrder.builder("A-1").pdf(read).password("secret")
                .signer(Signer.organisation(ORGANISATION, "91350100M000100Y43").materials(read, read)).build();
        VerifyOptions options = trusted().order(built).build();
        VerificationReport signed = Verification.verify(VALID, options);
        assertTrue(signed.isValid());
        assertEquals(ORGANISATION, signed.signers().required().get(0).name());
        assertFalse(options.json().toString().contains("secret"));
        SignOrder json = SignOrder.ofJson(
                "{\"filebase\":{\"attachment\":0},\"signerlist\":[{\"signType\":2,\"userName\":\"李明\"}]}");
        VerificationReport report = verify(more -> more.order(json));
        assertEquals("李明", report.signers().required().get(0).name());
        assertFalse(report.isValid());
    }
}
