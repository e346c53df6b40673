package com.wosigndoc;

import com.google.gson.JsonObject;
import java.time.Instant;

/** Holds a time, and where it is from. */
public final class SignatureTime {
    private final JsonObject stated;

    private SignatureTime(JsonObject stated) {
        this.stated = stated;
    }

    static SignatureTime of(JsonObject stated) {
        return stated == null ? null : new SignatureTime(stated);
    }

    /**
     * Returns the time.
     *
     * @return it, to the second
     */
    public Instant time() {
        return Json.instant(stated, "time");
    }

    /**
     * Returns where it is from.
     *
     * @return {@code signing_time} (a signed attribute), {@code m} (the signature's dictionary), {@code time_stamp} (over
     *     the signature) or {@code document_time_stamp}
     */
    public String source() {
        return Json.text(stated, "source", "");
    }

    @Override
    public String toString() {
        return Json.text(stated, "time", "") + " (" + source() + ")";
    }
}
