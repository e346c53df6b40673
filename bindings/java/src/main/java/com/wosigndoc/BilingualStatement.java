package com.wosigndoc;

import com.google.gson.JsonObject;

/** Holds a part of a report that says something in both languages. */
abstract class BilingualStatement {
    final JsonObject document;

    BilingualStatement(JsonObject document) {
        this.document = document;
    }

    /**
     * Returns what it is, in English. It may name people.
     *
     * @return a sentence without a full stop
     */
    public String message() {
        return said().message();
    }

    /**
     * Returns what it is, in Chinese. It may name people.
     *
     * @return a sentence without a full stop
     */
    public String messageZh() {
        return said().messageZh();
    }

    private Bilingual said() {
        return new Bilingual(document.get("message"));
    }
}
