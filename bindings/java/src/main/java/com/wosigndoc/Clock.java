package com.wosigndoc;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Makes the clocks of this package, by which something is done later. */
final class Clock {
    private Clock() {}

    /** Returns a clock whose threads end by themselves when nothing is to be done: an application can be unloaded. */
    static ScheduledThreadPoolExecutor of(String name, int threads) {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(threads, step -> {
            Thread thread = new Thread(step, name);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        });
        clock.setKeepAliveTime(1, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }
}
