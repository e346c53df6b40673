package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * 10,000 orders validated, 2,000 of them sent by a transport, and 2,000 pushes received, by every door in turn: the
 * resident memory stays flat. In a virtual machine of its own with a fixed, touched heap, so that what grows is the
 * native side.
 */
class MemoryTest {
    @Test
    void residentMemoryStaysFlat() throws Exception {
        ProcessBuilder command = new ProcessBuilder(List.of(
                System.getProperty("java.home") + "/bin/java", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                "com.wosigndoc.MemoryTest$Loop"));
        Process process = command.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        assertEquals(0, process.waitFor(), out);
        System.out.println("resident memory grew by " + out + " KiB");
        assertTrue(Long.parseLong(out) < 2048, out);
    }

    static final class Loop {
        private static final byte[] TAKEN = "{\"status\":1,\"signid\":\"s-1\"}".getBytes(StandardCharsets.UTF_8);
        private static final byte[] PUSH = Pushes.signed("s", Pushes.document(100_000, 3));
        private static final byte[] BAD = java.util.Arrays.copyOf(PUSH, PUSH.length - 9);
        private static final ByteBuffer FROM = ByteBuffer.allocateDirect(PUSH.length);
        private static final ByteBuffer TO = ByteBuffer.allocateDirect(PUSH.length);
        private static final Path FILE = Path.of(System.getProperty("java.io.tmpdir"), "memory-" + System.nanoTime() + ".pdf");
        private static final List<Door> DOORS = List.of(
                body -> PushReceiver.receive(body, PushOptions.DEFAULT),
                body -> PushReceiver.receive(new ByteArrayInputStream(body), PushOptions.DEFAULT),
                body -> PushReceiver.receive(FROM.clear().put(body).flip(), TO.clear(), PushOptions.DEFAULT),
                Loop::pieces,
                body -> PushReceiver.receive(body, PushOptions.DEFAULT.toFile(FILE)));

        /** One of the ways in which a push is received. */
        private interface Door {
            void receive(byte[] body) throws Exception;
        }

        /** Fed and finished; before it another one, abandoned half-way. */
        private static void pieces(byte[] body) {
            try (PushReceiver abandoned = PushReceiver.open(PushOptions.DEFAULT)) {
                abandoned.feed(body, 0, body.length / 2);
            }
            try (PushReceiver receiver = PushReceiver.open(PushOptions.DEFAULT)) {
                receiver.feed(body, 0, body.length / 2);
                receiver.feed(body, body.length / 2, body.length - body.length / 2);
                receiver.finish();
            }
        }

        public static void main(String[] args) throws Exception {
            round(3_000, 600);
            long before = resident();
            round(10_000, 2_000);
            System.out.println(resident() - before);
            Files.delete(FILE);
        }

        private static void round(int orders, int pushes) throws Exception {
            ClientConfig settings = ClientConfig.ofJson("{}");
            DocumentSource scan = DocumentSource.bytes(new byte[2_000]);
            SignOrder order = SignOrder.builder("A-1").pdf(scan)
                    .signer(Signer.person("李明", "11010519491231002X").materials(scan, scan).signAt(1, 0, 0, 1, 1)).build();
            SignOrder bad = SignOrder.builder("").pdf(scan).signer(Signer.person("", "")).build();
            Transport answering = request -> {
                request.body().readAllBytes();
                return new TransportAnswer(200, TAKEN);
            };
            WoSignDocClient client = new WoSignDocClient(
                    ClientConfig.builder("https://sign.example/", "T-1").transport(answering).build());
            for (int i = 0; i < orders; i++) {
                WoSignDocClient.validate(settings, order);
                if (i % 5 == 0) {
                    client.create(order);
                }
                if (i % 10 == 0) {
                    try {
                        client.create(bad);
                        throw new IllegalStateException("a bad order passed");
                    } catch (InvalidOrderException expected) {
                        continue;
                    }
                }
            }
            for (int i = 0; i < pushes; i++) {
                Door door = DOORS.get(i % DOORS.size());
                door.receive(PUSH);
                try {
                    door.receive(BAD);
                    throw new IllegalStateException("a cut push passed");
                } catch (ProtocolException expected) {
                    continue;
                }
            }
            // JNA's memory is freed with the objects that hold it.
            System.gc();
        }

        private static long resident() throws Exception {
            System.gc();
            Thread.sleep(300);
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
            throw new IllegalStateException("no VmRSS");
        }
    }
}
