package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the bytes of an order come from. */
class DocumentSourceTest {
    private final byte[] bytes = "%PDF-1.7 whatever".getBytes(StandardCharsets.US_ASCII);

    /** With a template, an order whose document was read away would be taken for one without any. */
    @Test
    void aStreamServesOneCall() {
        SignOrder order = order(DocumentSource.stream(new ByteArrayInputStream(bytes)));
        assertTrue(wire(order).contains(Base64.getEncoder().encodeToString(bytes)));
        IllegalStateException again = assertThrows(IllegalStateException.class, () -> wire(order));
        assertTrue(again.getMessage().contains("give a new one"), again.getMessage());
    }

    @Test
    void aPathOfAnotherFileSystemIsReadThere(@TempDir Path folder) throws Exception {
        URI zip = URI.create("jar:" + folder.resolve("a.zip").toUri());
        try (FileSystem inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path zipped = Files.write(inside.getPath("/a.pdf"), bytes);
            assertTrue(wire(order(DocumentSource.path(zipped))).contains(Base64.getEncoder().encodeToString(bytes)));
            assertThrows(IllegalArgumentException.class, () -> PushOptions.DEFAULT.toFile(zipped));
            assertThrows(IllegalArgumentException.class, () -> ClientConfig.fromFile(zipped));
        }
    }

    /** Replaced by question marks, two different numbers could become one. */
    @Test
    void halfASurrogatePairIsRefused() {
        assertThrows(InvalidCallException.class,
                () -> wire(SignOrder.builder("A-\ud83d").template("T").pdf(DocumentSource.bytes(bytes)).build()));
    }

    @Test
    void aTimeoutBeyondAnyCount() {
        assertThrows(IllegalArgumentException.class, () -> WoSignDocClient.millis(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThrows(IllegalArgumentException.class, () -> WoSignDocClient.millis(Duration.ZERO));
        assertEquals(Integer.MAX_VALUE, WoSignDocClient.millis(Duration.ofMillis(Integer.MAX_VALUE)));
    }

    private static SignOrder order(DocumentSource document) {
        DocumentSource picture = DocumentSource.bytes(new byte[] {1});
        return SignOrder.builder("A-1").template("T").pdf(document)
                .signer(Signer.person("李明", "11010519491231002X").materials(picture, picture)).build();
    }

    private static String wire(SignOrder order) {
        return new String(WoSignDocClient.wire(ClientConfig.ofJson("{\"tokenid\":\"t\"}"), order), StandardCharsets.UTF_8);
    }
}
