package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that no trusted TLS connection came about (kind {@code tls}). */
public final class TlsException extends WoSignDocException {
    TlsException(JsonObject document) {
        super(document);
    }
}
