package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where documents lie until the site's function has stored them, and what becomes of those of killed processes. */
class SpoolTest {
    private final byte[] document = Pushes.document(20_000, 2);
    private final byte[] body = Pushes.signed("s-1", document);

    @TempDir
    Path folder;

    /** A missing folder is made for this user alone, with those above it, when the endpoint is built. */
    @Test
    void missingFoldersAreMade() throws Exception {
        Path spool = folder.resolve("a/spool");
        Path deliveries = folder.resolve("b/deliveries");
        PushEndpoint endpoint = PushEndpoint.builder(push -> {})
                .folder(spool).store(new FileDeliveryStore(deliveries)).build();
        for (Path made : List.of(spool, spool.getParent(), deliveries, deliveries.getParent())) {
            assertEquals("rwx------", rights(made), made.toString());
        }
        assertTrue(PushEndpointTest.post(endpoint, body).acknowledged());
    }

    /** A folder that cannot be one is refused when the endpoint is built, by its name, in both languages. */
    @Test
    void foldersThatCannotBeUsedAreRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        for (Path wrong : List.of(file, file.resolve("below"), Path.of("/proc/nothing"), Path.of("/dev/null"))) {
            FileException failure =
                    assertFails(FileException.class, () -> PushEndpoint.builder(push -> {}).folder(wrong).build());
            assertEquals("folder", failure.field());
            assertTrue(failure.messageEn().contains(wrong.toString()), failure.messageEn());
            assertTrue(failure.messageZh().contains("无法在目录 " + wrong), failure.messageZh());
            FileDeliveryStore store = new FileDeliveryStore(wrong);
            assertFails(FileException.class,
                    () -> PushEndpoint.builder(push -> {}).folder(folder).store(store).build());
        }
    }

    /** A readiness check says what became of the folders, and of the store, since the endpoint was built. */
    @Test
    void checksSayWhatIsWrongNow() throws Exception {
        Path spool = folder.resolve("spool");
        Path deliveries = folder.resolve("deliveries");
        PushEndpoint endpoint = PushEndpoint.builder(push -> {})
                .folder(spool).store(new FileDeliveryStore(deliveries)).build();
        endpoint.check();
        endpoint.check();
        Files.delete(spool);
        FileException failure = assertFails(FileException.class, endpoint::check);
        assertTrue(failure.getMessage().contains(spool.toString()), failure.getMessage());
        for (TestStore each : TestStore.all()) {
            PushEndpoint other = PushEndpoint.builder(push -> {}).folder(folder).store(each.store).build();
            other.check();
            other.check();
            assertTrue(PushEndpointTest.post(other, body).acknowledged(), each.kind);
        }
    }

    /** A document is nobody else's business while it waits, whoever made the folder; its place is as all new files. */
    @Test
    void nobodyElseCanReadAWaitingDocument() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> rights = new ArrayList<>();
        Path target = folder.resolve("kept.pdf");
        PushEndpoint endpoint = PushEndpoint.builder(push -> {
            rights.add(rights(push.path()));
            rights.add(rights(push.path().getParent()));
            push.moveTo(target);
        }).folder(folder).build();
        assertTrue(PushEndpointTest.post(endpoint, body).acknowledged());
        assertEquals(List.of("rw-------", "rwx------"), rights);
        assertEquals(rights(Files.createFile(folder.resolve("new"))), rights(target));
    }

    /** The bytes are there wherever the document lies, also for a column of a database, and after a move. */
    @Test
    void theDocumentIsNeverNull() throws Exception {
        Path target = folder.resolve("kept.pdf");
        List<ReceivedPush> seen = new ArrayList<>();
        PushEndpoint endpoint = PushEndpoint.builder(push -> {
            seen.add(push);
            assertArrayEquals(document, push.document());
            try (InputStream stream = push.openStream()) {
                assertArrayEquals(document, stream.readAllBytes());
            }
            assertArrayEquals(document, Files.readAllBytes(push.path()));
        }).folder(folder).build();
        assertEquals("1", PushEndpointTest.post(endpoint, body).body());
        FileException gone = assertFails(FileException.class, () -> seen.get(0).document());
        assertTrue(gone.advice().contains("before the endpoint's function returns"), gone.advice());
        assertFails(FileException.class, () -> seen.get(0).openStream());

        PushEndpoint moving = PushEndpoint.builder(push -> {
            push.moveTo(target);
            assertArrayEquals(document, push.document());
        }).folder(folder).build();
        assertEquals("1", PushEndpointTest.post(moving, body).body());
    }

    /** What a process that was killed has left is removed by the next, and what one is at work on is not. */
    @Test
    void whatAKilledProcessLeftIsRemoved() throws Exception {
        Path spool = folder.resolve("spool");
        Process site = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
                System.getProperty("java.class.path"), Site.class.getName(), spool.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            assertEquals('s', site.getInputStream().read(), "the function runs");
            List<Path> waiting = documents(spool);
            assertEquals(1, waiting.size());
            PushEndpoint.builder(push -> {}).folder(spool).build();
            assertEquals(waiting, documents(spool), "a living process's");

            site.destroyForcibly().waitFor();
            assertEquals(waiting, documents(spool), "it was killed");
            PushEndpoint.builder(push -> {}).folder(spool).build();
            assertEquals(List.of(), left(spool));
        } finally {
            site.destroyForcibly();
        }
    }

    /** Only what is surely such a leftover is removed: not a link, not a folder that may just be being made. */
    @Test
    void onlyLeftoversAreRemoved() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("lock"), "");
        Files.writeString(elsewhere.resolve("kept"), "a document");
        Path spool = Files.createDirectory(folder.resolve("spool"));
        Files.createSymbolicLink(spool.resolve("wosigndoc-java-link"), elsewhere);
        Files.writeString(spool.resolve("wosigndoc-java-file"), "a file");
        Path fresh = Files.createDirectory(spool.resolve("wosigndoc-java-fresh"));
        Path old = Files.createDirectory(spool.resolve("wosigndoc-java-old"));
        Path dead = Files.createDirectories(spool.resolve("wosigndoc-java-dead/more")).getParent();
        Files.createSymbolicLink(dead.resolve("more/link"), elsewhere);
        Files.writeString(dead.resolve("lock"), "");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        PushEndpoint.builder(push -> {}).folder(spool).build();
        assertEquals(List.of("wosigndoc-java-file", "wosigndoc-java-fresh", "wosigndoc-java-link"),
                left(spool).stream().map(each -> each.getFileName().toString()).sorted().collect(Collectors.toList()));
        assertTrue(Files.exists(fresh) && Files.exists(elsewhere.resolve("kept")));
        assertFalse(Files.exists(old) || Files.exists(dead));
    }

    /** A leftover that cannot be removed, as one that is in use, does not keep the others. */
    @Test
    void oneThatIsInUseDoesNotKeepTheOthers() throws Exception {
        Path spool = Files.createDirectory(folder.resolve("spool"));
        // What runs cannot be opened for writing, as on Windows what is being deleted.
        Path running = Files.copy(Path.of("/bin/sleep"), folder.resolve("running"));
        Process process = new ProcessBuilder(running.toString(), "60").start();
        try {
            for (int i = 0; i < 5; i++) {
                Path busy = Files.createDirectory(spool.resolve("wosigndoc-java-busy" + i));
                Files.createLink(busy.resolve("lock"), running);
                Path dead = Files.createDirectory(spool.resolve("wosigndoc-java-dead" + i));
                Files.writeString(dead.resolve("lock"), "");
            }
            PushEndpoint.builder(push -> {}).folder(spool).build();
            assertEquals(5, left(spool).size());
            assertTrue(left(spool).stream().allMatch(each -> each.toString().contains("busy")), left(spool)::toString);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static List<Path> documents(Path spool) throws Exception {
        try (Stream<Path> all = Files.walk(spool)) {
            return all.filter(each -> each.endsWith("push.pdf")).collect(Collectors.toList());
        }
    }

    private static List<Path> left(Path spool) throws Exception {
        try (Stream<Path> all = Files.list(spool)) {
            return all.collect(Collectors.toList());
        }
    }

    private static String rights(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** A site whose function says that it runs, and never ends. */
    static final class Site {
        public static void main(String[] args) {
            PushEndpoint endpoint = PushEndpoint.builder(push -> {
                System.out.write("s".getBytes(StandardCharsets.UTF_8));
                System.out.flush();
                Thread.sleep(Long.MAX_VALUE);
            }).folder(Path.of(args[0])).build();
            TestPush.signed("A-1", new byte[] {1, 2, 3}).postTo(endpoint);
        }
    }
}
