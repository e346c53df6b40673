package com.wosigndoc;

import com.google.gson.JsonObject;

/** The platform answered, and said no: see {@link #code()} (kind {@code platform}). */
public final class PlatformException extends WoSignDocException {
    PlatformException(JsonObject document) {
        super(document);
    }
}
