package com.wosigndoc;

import com.google.gson.JsonObject;

/** A call was made wrongly, or a configuration does not hold together (kind {@code argument}). */
public final class InvalidCallException extends WoSignDocException {
    InvalidCallException(JsonObject document) {
        super(document);
    }
}
