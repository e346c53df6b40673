package com.wosigndoc;

import com.google.gson.JsonObject;

/** Holds what a {@link Violation} and a {@link Warning} have in common: a field. */
abstract class FieldStatement extends Statement {
    FieldStatement(JsonObject document) {
        super(document);
    }

    /**
     * Returns the field, e.g. {@code signerlist[1].userNo}.
     *
     * @return its path
     */
    public String field() {
        return Json.text(document, "field", "");
    }
}
