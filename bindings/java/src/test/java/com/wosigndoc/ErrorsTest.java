package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static com.wosigndoc.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every failure has a type, a kind, a message and advice. */
class ErrorsTest {
    /** No kind of the library falls to the exception for defects but the defect. */
    @Test
    void everyKindHasItsOwnType() {
        Set<Class<?>> types = new HashSet<>();
        JsonObject catalogue = JsonParser.parseString(WoSignDoc.catalogue()).getAsJsonObject();
        for (JsonElement element : catalogue.getAsJsonArray("kinds")) {
            JsonObject kind = element.getAsJsonObject();
            String word = kind.get("kind").getAsString();
            WoSignDocException failure = WoSignDocException.of(kind.get("status").getAsInt(), kind);
            assertTrue(types.add(failure.getClass()), word);
            assertEquals(word, failure.kind().word());
            assertEquals(word, failure.kindWord());
            assertEquals(word.equals("internal"), failure instanceof InternalException, word);
        }
        assertEquals(ErrorKind.values().length - 1, types.size(), "all but the native library's own");
    }

    @Test
    void aKindOfANewerLibraryIsNamed() {
        JsonObject document = JsonParser.parseString(
                "{\"kind\":\"weather\",\"reason\":\"rain\",\"message\":\"it rains\",\"message_zh\":\"下雨\"}").getAsJsonObject();
        WoSignDocException failure = WoSignDocException.of(-12, document);
        assertInstanceOf(InternalException.class, assertSays(failure));
        assertEquals(ErrorKind.INTERNAL, failure.kind());
        assertEquals("weather", failure.kindWord());
        assertTrue(failure.getMessage().contains("weather: it rains"), failure.getMessage());
        assertEquals("rain", failure.reason());
    }

    /** Sites pass exceptions between machines: everything is still there on the other side. */
    @Test
    void aFailureSurvivesSerialisation() throws Exception {
        InvalidOrderException sent = assertFails(InvalidOrderException.class,
                () -> WoSignDocClient.validate(ClientConfig.ofJson("{}"), SignOrder.builder("").build()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sent);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            InvalidOrderException received = assertInstanceOf(InvalidOrderException.class, in.readObject());
            assertEquals(sent.toJson(), received.toJson());
            assertEquals(sent.violations().toString(), received.violations().toString());
            assertEquals(sent.getMessage(), received.getMessage());
        }
    }

    @Test
    void aLibraryThatSaysNothing() {
        WoSignDocException failure = assertSays(WoSignDocException.of(-99, new JsonObject()));
        assertInstanceOf(InternalException.class, failure);
        assertTrue(failure.getMessage().contains("-99"), failure.getMessage());
    }

    /** What this package finds by itself advises as the library does. */
    @Test
    void itsOwnFailuresAdvise() {
        assertSays(NativeLibraryException.notFound(new TriedPlaces()));
        assertSays(NativeLibraryException.incomplete("a.so", "wsd_version"));
        assertSays(NativeLibraryException.loadedAlready("a.so"));
        NativePlatform other = new NativePlatform("Solaris", "sparc", null, "");
        assertSays(NativeLibraryException.not64Bit(other));
        assertSays(NativeLibraryException.noneFor(other));
        assertSays(InternalException.documentTooLarge());
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset by peer");
            }
        };
        SignOrder order = SignOrder.builder("A-1").pdf(DocumentSource.stream(broken)).build();
        FileException unread = assertFails(
                FileException.class, () -> WoSignDocClient.validate(ClientConfig.ofJson("{}"), order));
        assertEquals(ErrorKind.IO, unread.kind());
        assertTrue(unread.getMessage().contains("reset by peer"));
        assertFails(NativeLibraryException.class, () -> WoSignDoc.useLibrary(Path.of("/another.so")));
    }

    /** Covers P-18: a log that prints the exception shows what to mend, all of it. */
    @Test
    void theMessageOfAnInvalidOrderListsEverything() {
        SignOrder bad = SignOrder.builder(" ").signer(Signer.person("", "x").signAt(0, 0.5, 0, 0.4, 1)).build();
        InvalidOrderException failure = assertFails(
                InvalidOrderException.class, () -> WoSignDocClient.validate(ClientConfig.ofJson("{}"), bad));
        assertTrue(failure.violations().size() > 2, failure.getMessage());
        for (Violation violation : failure.violations()) {
            assertTrue(failure.getMessage().contains("[" + violation.code() + "] " + violation.field() + ": "),
                    failure.getMessage());
            assertTrue(failure.getMessage().contains(violation.messageZh()), failure.getMessage());
            assertFalse(violation.advice().isEmpty());
        }
    }
}
