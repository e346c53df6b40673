package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document of 96 MiB is sent by a transport from a virtual machine that has 24 MiB: it is never in memory. */
class HeapTest {
    private static final long LENGTH = 96L << 20;

    @TempDir
    Path folder;

    @Test
    void theDocumentIsNeverInMemory() throws Exception {
        Path file = folder.resolve("large.pdf");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(LENGTH);
        }
        AtomicLong got = new AtomicLong();
        TlsServer.Deed deed = connection -> {
            int length = connection.head();
            byte[] piece = new byte[1 << 16];
            while (got.get() < length) {
                got.addAndGet(connection.socket.getInputStream().read(piece));
            }
            connection.answer(200, "{\"status\":1,\"errorcode\":0,\"signid\":\"s-1\",\"orderNumber\":\"A-1\"}");
        };
        try (Platform platform = new Platform(null); TlsServer server = new TlsServer(platform, deed)) {
            Process sender = new ProcessBuilder(List.of(
                    System.getProperty("java.home") + "/bin/java", "-Xmx24m", "-cp", System.getProperty("java.class.path"),
                    "com.wosigndoc.HeapTest$Sender", server.url(), platform.data.resolve("ca.pem").toString(),
                    file.toString())).redirectErrorStream(true).start();
            String out = new String(sender.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, sender.waitFor(), out);
            assertTrue(out.contains("accepted: s-1"), out);
            assertTrue(got.get() > LENGTH / 3 * 4, got + " bytes came");
        } finally {
            Files.delete(file);
        }
    }

    static final class Sender {
        public static void main(String[] args) throws Exception {
            HttpsTransport transport = HttpsTransport.builder().trust(Path.of(args[1])).build();
            ClientConfig config = ClientConfig.builder(args[0], "T-1").transport(transport).attempts(1).build();
            try (WoSignDocClient client = new WoSignDocClient(config)) {
                SignOrder order = TransportTest.order(DocumentSource.path(Path.of(args[2])));
                System.out.println("accepted: " + client.create(order).signid());
            }
        }
    }
}
