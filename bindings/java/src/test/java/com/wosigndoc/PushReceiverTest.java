package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receiving, through every door. */
class PushReceiverTest {
    private final byte[] document = Pushes.document(300_000, 1);
    private final byte[] body = Pushes.signed("s-1", document);

    /** Covers P-30, P-31: the same document by bytes, buffers and streams. */
    @Test
    void everyDoorGivesTheSameDocument(@TempDir Path folder) throws Exception {
        ReceivedPush whole = PushReceiver.receive(body, PushOptions.DEFAULT);
        assertArrayEquals(document, whole.document());
        assertEquals("s-1", whole.signid());
        assertEquals("N-s-1", whole.orderNumber());
        assertEquals(Pushes.sha256(document), whole.sha256());
        assertEquals(document.length, whole.length());
        assertEquals("sha256", whole.hashAlgorithm());
        assertEquals(List.of(), whole.errors());
        assertTrue(whole.signed());

        ByteBuffer from = ByteBuffer.allocateDirect(body.length).put(body);
        from.flip();
        ByteBuffer to = ByteBuffer.allocateDirect(body.length);
        PushReceiver.receive(from, to, PushOptions.DEFAULT);
        assertFalse(from.hasRemaining());
        to.flip();
        byte[] copied = new byte[to.remaining()];
        to.get(copied);
        assertArrayEquals(document, copied);

        Path file = folder.resolve("合同.pdf");
        ReceivedPush streamed =
                PushReceiver.receive(new ByteArrayInputStream(body), PushOptions.DEFAULT.toFile(file));
        assertEquals(file.toAbsolutePath(), streamed.path());
        assertArrayEquals(document, Files.readAllBytes(file));
    }

    @Test
    void fedPieceByPieceIntoABuffer() {
        ByteBuffer target = ByteBuffer.allocateDirect(document.length);
        try (PushReceiver receiver = PushReceiver.open(PushOptions.DEFAULT, target)) {
            for (int at = 0; at < body.length; at += 1000) {
                receiver.feed(body, at, Math.min(1000, body.length - at));
            }
            receiver.finish();
        }
        assertEquals(document.length, target.position());
        target.flip();
        byte[] copied = new byte[target.remaining()];
        target.get(copied);
        assertArrayEquals(document, copied);
    }

    /** Covers P-31: nothing is left of a document whose hash does not hold. */
    @Test
    void aWrongHashLeavesNothing(@TempDir Path folder) throws Exception {
        byte[] bad = body.clone();
        int content = new String(body, java.nio.charset.StandardCharsets.US_ASCII).indexOf("content\":\"") + 20;
        bad[content] = (byte) (bad[content] == 'A' ? 'B' : 'A');
        PushOptions options = PushOptions.DEFAULT.toFile(folder.resolve("x.pdf"));
        IntegrityException error = assertFails(
                IntegrityException.class, () -> PushReceiver.receive(new ByteArrayInputStream(bad), options));
        assertEquals("hash_mismatch", error.reason());
        assertTrue(error.canRetry());
        assertEquals(0, files(folder));
    }

    @Test
    void abandonedPushesLeaveNothing(@TempDir Path folder) throws Exception {
        PushReceiver receiver = PushReceiver.open(PushOptions.DEFAULT.toFile(folder.resolve("x.pdf")));
        receiver.feed(body, 0, body.length / 2);
        receiver.close();
        receiver.close();
        assertEquals(0, files(folder));
        assertThrows(IllegalStateException.class, () -> receiver.feed(body, 0, 1));
    }

    /** Covers P-32: a failed order is a push too. */
    @Test
    void failedOrders() {
        ReceivedPush push = PushReceiver.receive(Pushes.failed("s-2", "-50&-61"), PushOptions.DEFAULT);
        assertFalse(push.signed());
        assertEquals(List.of(-50, -61), push.errorCodes());
        assertEquals(null, push.hashAlgorithm());
        assertEquals(2, push.errors().size());
        for (PlatformError error : push.errors()) {
            assertTrue(push.errorCodes().contains(error.code()));
            assertTrue(error.toString().startsWith("[" + error.code() + "] " + error.message()));
            for (String text : List.of(error.message(), error.messageZh(), error.advice(), error.adviceZh())) {
                assertFalse(text.isEmpty());
            }
            assertFalse(error.canRetry());
        }
    }

    /** Covers P-33: the caller can demand an order. */
    @Test
    void expectations() {
        PushOptions right = PushOptions.DEFAULT.expectSignid("s-1").expectOrderNumber("N-s-1");
        PushReceiver.receive(body, right);
        UntrustedException error = assertFails(
                UntrustedException.class,
                () -> PushReceiver.receive(body, PushOptions.DEFAULT.expectOrderNumber("other")));
        assertEquals("unexpected_order", error.reason());
    }

    @Test
    void everyOtherFault() {
        assertEquals("push_cut", reason(Arrays.copyOf(body, body.length - 10), PushOptions.DEFAULT));
        assertEquals("push_not_protocol", reason("{\"a\":1}".getBytes(), PushOptions.DEFAULT));
        assertEquals("push_too_large", reason(body, PushOptions.DEFAULT.maxBody(1000)));
        ByteBuffer from = ByteBuffer.allocateDirect(body.length).put(body);
        from.flip();
        InvalidCallException small = assertFails(
                InvalidCallException.class,
                () -> PushReceiver.receive(from, ByteBuffer.allocateDirect(10), PushOptions.DEFAULT));
        assertEquals("buffer_too_small", small.reason());
        from.rewind();
        ByteBuffer full = ByteBuffer.allocateDirect(10);
        full.position(10);
        WoSignDocException none = assertThrows(InvalidCallException.class,
                () -> PushReceiver.receive(from, full, PushOptions.DEFAULT));
        assertEquals("buffer_too_small", none.reason());
        assertThrows(
                IllegalArgumentException.class,
                () -> PushReceiver.receive(ByteBuffer.wrap(body), ByteBuffer.allocateDirect(10), PushOptions.DEFAULT));
        FileException noFolder = assertFails(
                FileException.class,
                () -> PushReceiver.receive(body, PushOptions.DEFAULT.toFile(Path.of("/nonexistent/x.pdf"))));
        assertEquals("file_unwritable", noFolder.reason());
        assertFalse(noFolder.messageZh().isEmpty());
    }

    /** A file that is there stays, and only the same document is good. */
    @Test
    void anExistingFileCanBeKept(@TempDir Path folder) throws Exception {
        PushOptions keep = PushOptions.DEFAULT.overwrite(false).toFile(folder.resolve("a.pdf"));
        ReceivedPush first = PushReceiver.receive(body, keep);
        assertFalse(first.alreadyStored());
        assertEquals("hex", first.hashEncoding());
        assertTrue(PushReceiver.receive(body, keep).alreadyStored());
        byte[] another = Pushes.signed("s-1", Pushes.document(10, 7));
        assertFails(FileException.class, () -> PushReceiver.receive(another, keep));
        assertFalse(PushReceiver.receive(another, keep.overwrite(true)).alreadyStored());
        assertEquals("push_too_large", reason(body, PushOptions.DEFAULT.maxEnvelope(20)));
        assertEquals("push_too_deep", reason(body, PushOptions.DEFAULT.maxDepth(1)));
    }

    /** Covers P-30: the document is at its place when the move returns, also on another file system. */
    @Test
    void aDocumentIsMovedToItsPlace(@TempDir Path folder) throws Exception {
        ReceivedPush push = PushReceiver.receive(body, PushOptions.DEFAULT.toFile(folder.resolve("push.pdf")));
        Path contracts = Files.createDirectory(folder.resolve("合同"));
        Path old = Files.writeString(contracts.resolve("合同 1.pdf"), "old");
        assertEquals(old, push.moveTo(old));
        assertEquals(old, push.path());
        assertArrayEquals(document, Files.readAllBytes(old));
        Path otherFileSystem = Files.createTempDirectory(Path.of("/dev/shm"), "wosigndoc");
        Path there = push.moveTo(otherFileSystem.resolve("a.pdf"));
        assertArrayEquals(document, Files.readAllBytes(there));
        assertFalse(Files.exists(old));
        FileException failure = assertFails(FileException.class, () -> push.moveTo(folder.resolve("missing/a.pdf")));
        assertEquals("file_unwritable", failure.reason());
        assertEquals(there, push.path());
        push.moveTo(folder.resolve("b.pdf"));
        Files.delete(otherFileSystem);
        Path written = PushReceiver.receive(body, PushOptions.DEFAULT).moveTo(folder.resolve("c.pdf"));
        assertArrayEquals(document, Files.readAllBytes(written));
    }

    /** What a caller cannot mean is refused before anything is written or let through. */
    @Test
    void impossibleArguments() {
        ByteBuffer from = ByteBuffer.allocateDirect(body.length).put(body);
        from.flip();
        ByteBuffer readOnly = ByteBuffer.allocateDirect(body.length).asReadOnlyBuffer();
        assertThrows(IllegalArgumentException.class,
                () -> PushReceiver.receive(from, readOnly, PushOptions.DEFAULT));
        assertThrows(IllegalArgumentException.class, () -> PushReceiver.open(PushOptions.DEFAULT, readOnly));
        // The signid of an order that was accepted before is not known: that must not mean any order.
        assertThrows(NullPointerException.class, () -> PushOptions.DEFAULT.expectSignid(null));
        assertThrows(NullPointerException.class, () -> PushOptions.DEFAULT.expectOrderNumber(null));
        try (PushReceiver receiver = PushReceiver.open(PushOptions.DEFAULT)) {
            assertThrows(IndexOutOfBoundsException.class, () -> receiver.feed(body, 10, Integer.MAX_VALUE));
            assertThrows(IndexOutOfBoundsException.class, () -> receiver.feed(body, 0, -1));
        }
        assertEquals("bad_option", assertFails(InvalidCallException.class,
                () -> PushReceiver.receive(body, PushOptions.ofJson("{\"limits\":[]}"))).reason());
    }

    private static String reason(byte[] body, PushOptions options) {
        return assertFails(ProtocolException.class, () -> PushReceiver.receive(body, options)).reason();
    }

    private static long files(Path folder) throws Exception {
        try (var list = Files.list(folder)) {
            return list.count();
        }
    }
}
