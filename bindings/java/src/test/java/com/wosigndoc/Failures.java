package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** What every failure of this package must say. */
final class Failures {
    private Failures() {}

    /** The failure of a call, of this type, with all that a failure has. */
    static <T extends WoSignDocException> T assertFails(Class<T> type, Executable call) {
        return assertSays(assertThrows(type, call));
    }

    static <T extends WoSignDocException> T assertSays(T failure) {
        for (String text : new String[] {
            failure.reason(), failure.messageEn(), failure.messageZh(), failure.advice(), failure.adviceZh()
        }) {
            assertFalse(text == null || text.isEmpty(), failure::toJson);
        }
        assertEquals(failure.getClass(), failure.kind().exception(failure.document()).getClass());
        assertTrue(failure.getMessage().contains(failure.messageEn()), failure.getMessage());
        assertTrue(failure.getMessage().contains(failure.messageZh()), failure.getMessage());
        assertFalse(failure.getMessage().contains("11010519491231002X"), failure.getMessage());
        return failure;
    }
}
