package com.wosigndoc;

import com.google.gson.JsonObject;

/** Describes a rule that an order breaks: the platform's code, the field, and what is wrong there. */
public final class Violation extends FieldStatement {
    Violation(JsonObject document) {
        super(document);
    }

    /**
     * Returns the platform's code for it, e.g. -54.
     *
     * @return the code
     */
    public int code() {
        return document.get("code").getAsInt();
    }

    @Override
    public String toString() {
        return "[" + code() + "] " + field() + ": " + message() + " (" + messageZh() + ")";
    }
}
