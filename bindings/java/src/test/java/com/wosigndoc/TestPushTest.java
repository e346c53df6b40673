package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pushes that sites test themselves with are those that arrive. */
class TestPushTest {
    private final byte[] document = Pushes.document(5_000, 7);

    @TempDir
    Path folder;

    @Test
    void aSignedDocument() throws Exception {
        TestPush test = TestPush.signed("合同-1", document).signid("s-7");
        for (ReceivedPush push : List.of(test.received(), test.receivedInto(folder.resolve("in.pdf")))) {
            assertTrue(push.signed());
            assertArrayEquals(document, push.document());
            assertArrayEquals(document, push.openStream().readAllBytes());
            assertEquals("合同-1", push.orderNumber());
            assertEquals("s-7", push.signid());
            assertEquals(document.length, push.length());
            Path kept = push.moveTo(folder.resolve("kept.pdf"));
            assertArrayEquals(document, Files.readAllBytes(kept));
            assertEquals(kept, push.path());
        }
    }

    /** Nothing may be taken for the document of an order that failed. */
    @Test
    void aFailedOrder() {
        ReceivedPush push = TestPush.failed("A-1", -50, -61).received();
        assertEquals(List.of(-50, -61), push.errorCodes());
        assertEquals(2, push.errors().size());
        assertEquals("TEST-A-1", push.signid());
        assertThrows(IllegalStateException.class, push::document);
        assertThrows(IllegalStateException.class, push::openStream);
        assertThrows(IllegalStateException.class, () -> push.moveTo(folder.resolve("x")));
    }

    @Test
    void throughAnEndpoint() {
        List<String> seen = new ArrayList<>();
        PushEndpoint endpoint = PushEndpoint.builder(push -> seen.add(push.orderNumber())).folder(folder).build();
        assertEquals("1", TestPush.signed("A-1", document).postTo(endpoint).body());
        assertEquals("1", TestPush.failed("A-2", -50).postTo(endpoint).body());
        assertEquals(List.of("A-1", "A-2"), seen);
    }

    /** Half a character would become another text: the field is named. */
    @Test
    void halfACharacterIsNamed() {
        for (String half : List.of("A-\ud83d", "\ude00", "\ude00\ud83d", "x\ud800y")) {
            InvalidCallException failure = assertFails(InvalidCallException.class,
                    () -> TestPush.signed(half, document).body());
            assertEquals("not_utf8", failure.reason());
            assertEquals("extendData.signid", failure.field());
            assertFalseText(failure);
        }
        Signer.Builder signer = Signer.person("李\ud842", "11010519491231002X");
        failsAt("signerlist[1].userName", () -> WoSignDocClient.validate(ClientConfig.ofJson("{}"),
                SignOrder.builder("A-1").signer(Signer.person("李明", "11010519491231002X")).signer(signer).build()));
        failsAt("orderNumber", () -> WoSignDocClient.validate(ClientConfig.ofJson("{}"), SignOrder.builder("A\ud842").build()));
        failsAt("expect.ordernumber",
                () -> PushReceiver.receive(new byte[] {1}, PushOptions.DEFAULT.expectOrderNumber("A\ud842")));
        failsAt("key", () -> new FileDeliveryStore(folder).claim("\ud842", "o"));
        assertEquals("A-😀", TestPush.signed("A-😀", document).received().orderNumber());
    }

    private static void failsAt(String field, org.junit.jupiter.api.function.Executable call) {
        assertEquals(field, assertFails(InvalidCallException.class, call).field());
    }

    private static void assertFalseText(InvalidCallException failure) {
        assertTrue(failure.getMessage().chars().noneMatch(each -> Character.isSurrogate((char) each)), failure.getMessage());
    }
}
