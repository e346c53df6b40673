package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * Reports that the order breaks rules of the protocol (kind {@code invalid_order}). All of them are listed at
 * once.
 */
public final class InvalidOrderException extends WoSignDocException {
    InvalidOrderException(JsonObject document) {
        super(document);
    }

    /**
     * Returns every broken rule, first the one that the platform would answer first.
     *
     * @return at least one violation
     */
    public List<Violation> violations() {
        return Json.list(document(), "violations", element -> new Violation(element.getAsJsonObject()));
    }

    /**
     * Returns oddities that stop nothing.
     *
     * @return the warnings, perhaps none
     */
    public List<Warning> warnings() {
        return Warning.list(document());
    }
}
