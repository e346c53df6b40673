package com.wosigndoc;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews a claim while the site's function runs, so that a slow one is not run twice. */
final class Renewal {
    /** Renews nothing. */
    static final Renewal NONE = new Renewal(null);

    private static final Logger LOG = LoggerFactory.getLogger(PushEndpoint.class);
    // Two: one database that hangs does not keep every other claim from being renewed.
    private static final int THREADS = 2;
    private static final ScheduledThreadPoolExecutor CLOCK = Clock.of("wosigndoc-renewal", THREADS);

    private final ScheduledFuture<?> repeated;

    private Renewal(ScheduledFuture<?> repeated) {
        this.repeated = repeated;
    }

    static Renewal start(DeliveryStore store, String key, String owner, String id) {
        long pause = Math.max(1, store.expiry().toMillis() / 3);
        return new Renewal(CLOCK.scheduleWithFixedDelay(new Runnable() {
            private boolean lost;

            @Override
            public void run() {
                try {
                    if (!lost && !store.renew(key, owner)) {
                        lost = true;
                        LOG.warn("push of {}: its claim was taken over while the function ran: it may run twice", id);
                    }
                } catch (Throwable failure) {
                    // The next time is early enough.
                    LOG.warn("push of {}: its claim could not be renewed", id, failure);
                }
            }
        }, pause, pause, TimeUnit.MILLISECONDS));
    }

    /** Ends it. A step that is under way goes on, and does nothing to a claim that is completed or released. */
    void close() {
        if (repeated != null) {
            repeated.cancel(false);
        }
    }
}
