package com.wosigndoc;

import com.google.gson.JsonObject;

/** A time limit ran out (kind {@code timeout}). */
public final class CallTimeoutException extends WoSignDocException {
    CallTimeoutException(JsonObject document) {
        super(document);
    }
}
