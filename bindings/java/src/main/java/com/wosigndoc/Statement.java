package com.wosigndoc;

import com.google.gson.JsonObject;

/** Holds what the library states about an order, a failure or a configuration, in both languages. */
abstract class Statement {
    final JsonObject document;

    Statement(JsonObject document) {
        this.document = document;
    }

    /**
     * Returns what it is, in English.
     *
     * @return a sentence
     */
    public String message() {
        return Json.text(document, "message", "");
    }

    /**
     * Returns what it is, in Chinese.
     *
     * @return a sentence
     */
    public String messageZh() {
        return Json.text(document, "message_zh", "");
    }

    /**
     * Returns what to do, in English.
     *
     * @return a sentence, or null when there is nothing to do
     */
    public String advice() {
        return Json.text(document, "advice", null);
    }

    /**
     * Returns what to do, in Chinese.
     *
     * @return a sentence, or null when there is nothing to do
     */
    public String adviceZh() {
        return Json.text(document, "advice_zh", null);
    }
}
