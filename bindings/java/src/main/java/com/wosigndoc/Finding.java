package com.wosigndoc;

import com.google.gson.JsonObject;

/** What a {@link Violation} and a {@link Warning} have in common: the field, and words about it. */
abstract class Finding {
    final JsonObject document;

    Finding(JsonObject document) {
        this.document = document;
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
     * What was found there, in English.
     *
     * @return a sentence
     */
    public String message() {
        return Json.text(document, "message", "");
    }

    /**
     * What was found there, in Chinese.
     *
     * @return a sentence
     */
    public String messageZh() {
        return Json.text(document, "message_zh", "");
    }
}
