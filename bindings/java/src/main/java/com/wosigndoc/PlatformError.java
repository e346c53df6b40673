package com.wosigndoc;

import com.google.gson.JsonObject;

/** A code with which the platform says why an order failed, and what it means. */
public final class PlatformError {
    private final JsonObject document;

    PlatformError(JsonObject document) {
        this.document = document;
    }

    /**
     * The platform's code, e.g. -50.
     *
     * @return the code
     */
    public int code() {
        return document.get("code").getAsInt();
    }

    /**
     * What it means, in English.
     *
     * @return a sentence
     */
    public String message() {
        return Json.text(document, "message", "");
    }

    /**
     * What it means, in Chinese.
     *
     * @return a sentence
     */
    public String messageZh() {
        return Json.text(document, "message_zh", "");
    }

    /**
     * What to do, in English.
     *
     * @return a sentence
     */
    public String advice() {
        return Json.text(document, "advice", "");
    }

    /**
     * What to do, in Chinese.
     *
     * @return a sentence
     */
    public String adviceZh() {
        return Json.text(document, "advice_zh", "");
    }

    @Override
    public String toString() {
        return "[" + code() + "] " + message() + " (" + messageZh() + ")";
    }
}
