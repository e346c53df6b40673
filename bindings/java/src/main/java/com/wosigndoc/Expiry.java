package com.wosigndoc;

import java.time.Duration;

/** Reads the time after which a claim expires. */
final class Expiry {
    private Expiry() {
    }

    /** Returns whole seconds, rounded up. */
    static long seconds(Duration expiry) {
        if (expiry.getSeconds() < 1) {
            throw new IllegalArgumentException("the expiry must be at least a second (过期时间应至少为 1 秒)");
        }
        return expiry.getSeconds() + (expiry.getNano() > 0 ? 1 : 0);
    }
}
