package com.wosigndoc;

import com.google.gson.JsonObject;

/** Holds a code with which the platform says why an order failed, and what it means. */
public final class PlatformError extends Statement {
    PlatformError(JsonObject document) {
        super(document);
    }

    /**
     * Returns the platform's code, e.g. -50.
     *
     * @return the code
     */
    public int code() {
        return document.get("code").getAsInt();
    }

    /**
     * Says whether the same order can succeed later without a change.
     *
     * @return whether to try it again
     */
    public boolean canRetry() {
        return document.get("retry").getAsBoolean();
    }

    @Override
    public String toString() {
        return "[" + code() + "] " + message() + " (" + messageZh() + ")";
    }
}
