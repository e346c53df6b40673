package com.wosigndoc;

import com.google.gson.JsonElement;

/** Holds one reason of a verdict. Its messages may name people; its code does not. */
public final class VerificationReason extends BilingualStatement {
    VerificationReason(JsonElement reason) {
        super(reason.getAsJsonObject());
    }

    /**
     * Returns what it is, for programs.
     *
     * @return a stable code, e.g. {@code untrusted}
     */
    public String code() {
        return Json.text(document, "code", "");
    }

    /**
     * Returns what follows from it.
     *
     * @return the consequence
     */
    public Consequence then() {
        return Json.word(document, "then", Consequence.OTHER);
    }

    /**
     * Returns the signature that it is about.
     *
     * @return its form field; null when it is about the whole document
     */
    public String signature() {
        return Json.text(document, "signature", null);
    }

    @Override
    public String toString() {
        return code();
    }
}
