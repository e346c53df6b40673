package com.wosigndoc;

import com.google.gson.JsonObject;

/** A rule that an order breaks: the platform's code, the field, and what is wrong there. */
public final class Violation {
    private final JsonObject document;

    Violation(JsonObject document) {
        this.document = document;
    }

    /**
     * The platform's code for it, e.g. -54.
     *
     * @return the code
     */
    public int code() {
        return document.get("code").getAsInt();
    }

    /**
     * The field, e.g. {@code signerlist[1].userNo}.
     *
     * @return its path
     */
    public String field() {
        return Json.text(document, "field", "");
    }

    /**
     * What is wrong, in English.
     *
     * @return a sentence
     */
    public String message() {
        return Json.text(document, "message", "");
    }

    /**
     * What is wrong, in Chinese.
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
        return "[" + code() + "] " + field() + ": " + message() + " (" + messageZh() + ")";
    }
}
