package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations from where they are kept, and what is said of wrong ones. */
class ClientConfigTest {
    private final SignOrder order = SignOrder.builder("A-1").pdf(DocumentSource.bytes(new byte[] {1}))
            .signer(Signer.person("李明", "11010519491231002X").materials(
                    DocumentSource.bytes(new byte[] {1}), DocumentSource.bytes(new byte[] {1})).signAt(1, 0, 0, 1, 1)).build();

    @TempDir
    Path folder;

    /** The check that is made before the first order tells of the file, too, in place of failing itself. */
    @Test
    void preflightReportsAFileThatIsMissingOrBroken() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.json"), "{");
        Path missing = folder.resolve("missing.json");
        for (Path file : List.of(missing, broken)) {
            PreflightReport report = ClientConfig.fromFile(file).preflight(Duration.ofSeconds(5));
            assertFalse(report.ok());
            PreflightReport.Check check = report.checks().get(0);
            assertEquals("error", check.level());
            assertEquals("configuration", check.name());
            assertFalse(check.adviceZh().isEmpty());
        }
        assertTrue(ClientConfig.fromFile(missing).preflight(Duration.ofSeconds(5)).text().contains("missing.json"));
    }

    @Test
    void preflightReportsWhatTheEnvironmentLacks() {
        for (Map<String, String> variables : List.of(
                Map.<String, String>of(), Map.of("WOSIGNDOC_CONNECT_MS", "soon"), Map.of("WOSIGNDOC_ENDPIONT", "x"))) {
            PreflightReport report = ClientConfig.fromEnvironment(variables).preflight(Duration.ofSeconds(5));
            assertFalse(report.ok(), variables::toString);
            assertEquals("configuration", report.checks().get(0).name());
        }
    }

    @Test
    void aClientIsNotMadeOfThem() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.json"), "{");
        assertFails(InvalidCallException.class, () -> WoSignDocClient.fromFile(broken));
        FileException missing = assertFails(
                FileException.class, () -> WoSignDocClient.fromFile(folder.resolve("missing.json")));
        assertEquals("file_unreadable", missing.reason());
        assertFails(InvalidCallException.class, () -> new WoSignDocClient(ClientConfig.fromEnvironment(Map.of())));
    }

    /** An identity from memory is read, and not as the name of a file. */
    @Test
    void anIdentityFromMemory() {
        ClientConfig wrong = ClientConfig.builder("https://127.0.0.1:1/", "T-1").pkcs12(new byte[] {1}, "x").build();
        InvalidCallException error = assertFails(InvalidCallException.class, () -> new WoSignDocClient(wrong));
        assertEquals("identity.pkcs12", error.field());
    }

    /** What needs the settings themselves reads them. */
    @Test
    void ordersAreWrittenWithTheSettingsOfAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("client.json"),
                "{\"endpoint\":\"https://127.0.0.1/\",\"tokenid\":\"T-7\"}");
        ClientConfig settings = ClientConfig.fromFile(file);
        String body = new String(WoSignDocClient.wire(settings, order), StandardCharsets.UTF_8);
        assertTrue(body.startsWith("{\"tokenid\":\"T-7\""), body);
        assertEquals(List.of(), WoSignDocClient.validate(settings, order));
        ClientConfig environment = ClientConfig.fromEnvironment(Map.of("WOSIGNDOC_TOKEN", "T-8"));
        body = new String(WoSignDocClient.wire(environment, order), StandardCharsets.UTF_8);
        assertTrue(body.startsWith("{\"tokenid\":\"T-8\""), body);
        ClientConfig missing = ClientConfig.fromFile(folder.resolve("missing.json"));
        assertFails(FileException.class, () -> WoSignDocClient.wire(missing, order));
        assertFails(FileException.class, () -> WoSignDocClient.validate(missing, order));
    }
}
