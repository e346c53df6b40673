package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that the other side sent something that is not the protocol (kind {@code protocol}). */
public final class ProtocolException extends WoSignDocException {
    ProtocolException(JsonObject document) {
        super(document);
    }
}
