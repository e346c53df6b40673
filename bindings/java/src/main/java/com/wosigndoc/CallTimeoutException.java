package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that a time limit ran out (kind {@code timeout}). */
public final class CallTimeoutException extends WoSignDocException {
    CallTimeoutException(JsonObject document) {
        super(document);
    }
}
