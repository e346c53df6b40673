package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that the document or its sender is not who was expected (kind {@code untrusted}). */
public final class UntrustedException extends WoSignDocException {
    UntrustedException(JsonObject document) {
        super(document);
    }
}
