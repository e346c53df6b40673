package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that the document that arrived does not match its hash (kind {@code integrity}). */
public final class IntegrityException extends WoSignDocException {
    IntegrityException(JsonObject document) {
        super(document);
    }
}
