package com.wosigndoc.testing;

import java.util.Locale;

/** Says how far an order, or the push of its document, has come. */
public enum OrderState {
    /** The platform has taken it. */
    ACCEPTED,
    /** Everybody has signed. */
    SIGNED,
    /** It has failed. */
    FAILED,
    /** The push has been tried, whatever came of it. */
    PUSHED,
    /** The push was acknowledged. */
    ACKNOWLEDGED,
    /** The push was given up, and is parked. */
    UNDELIVERED;

    /** Returns the control API's word for it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
