package com.wosigndoc;

import com.google.gson.JsonObject;

/** A defect in this library (kind {@code internal}): please report it. */
public final class InternalException extends WoSignDocException {
    InternalException(JsonObject document) {
        super(document);
    }

    InternalException(String message, String messageZh) {
        super("internal", "defect", message, messageZh);
    }
}
