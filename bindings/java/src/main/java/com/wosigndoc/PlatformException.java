package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that the platform refused an order: see {@link #code()} (kind {@code platform}). */
public final class PlatformException extends WoSignDocException {
    PlatformException(JsonObject document) {
        super(document);
    }
}
