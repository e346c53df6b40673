package com.wosigndoc;

import java.nio.charset.StandardCharsets;

/** Says what an exception of Java's says. */
final class Words {
    private Words() {}

    /** Returns its type and message, and those of what lies under it. */
    static String of(Throwable failure) {
        StringBuilder words = new StringBuilder(one(failure));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            // Most exceptions repeat what their cause says.
            if (message != null && words.indexOf(message) < 0) {
                words.append("; ").append(one(cause));
            }
        }
        // Halves of surrogate pairs become question marks: the native library takes UTF-8.
        return new String(words.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String one(Throwable failure) {
        // What this package made of a failure says nothing more than its cause.
        Throwable told = failure instanceof NotSentException ? failure.getCause() : failure;
        String message = told.getMessage();
        String name = told.getClass().getSimpleName();
        return message == null ? name : name + ": " + message;
    }
}
