package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that a call was made wrongly, or that a configuration does not hold together (kind {@code argument}). */
public final class InvalidCallException extends WoSignDocException {
    InvalidCallException(JsonObject document) {
        super(document);
    }
}
