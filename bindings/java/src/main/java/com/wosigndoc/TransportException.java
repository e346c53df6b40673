package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that the network failed before or while the order was sent (kind {@code transport}). */
public final class TransportException extends WoSignDocException {
    TransportException(JsonObject document) {
        super(document);
    }
}
