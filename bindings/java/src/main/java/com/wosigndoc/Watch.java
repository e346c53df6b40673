package com.wosigndoc;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that a try ends in time, in whatever call it hangs: what it opened is closed when its time is over. The
 * limits that sockets have are those of a single read, and there is none for writing.
 */
final class Watch {
    // More than one: should closing hang, the others are not kept waiting.
    private static final ScheduledThreadPoolExecutor CLOCK = Clock.of("wosigndoc-transport", 2);

    private final long end;
    private final List<Closeable> open = new ArrayList<>();
    private ScheduledFuture<?> alarm;
    private boolean over;
    private boolean cut;

    /** Begins; the connection must stand in the first time, and everything be done in the second. */
    Watch(Duration connect, Duration total) {
        end = System.nanoTime() + total.toNanos();
        alarm = CLOCK.schedule(this::late, connect.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Closes this too when time is over, and in the end. */
    void add(Closeable opened) {
        synchronized (this) {
            if (!cut) {
                // The one that lies under the others first: it never waits.
                open.add(0, opened);
                return;
            }
        }
        close(opened);
    }

    /** Tells that the connection stands. */
    synchronized void connected() {
        if (!cut) {
            alarm.cancel(false);
            alarm = CLOCK.schedule(this::late, end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    /** Says whether time ran out. */
    synchronized boolean over() {
        return over;
    }

    /** Ends it, and closes everything. */
    void cut() {
        List<Closeable> all;
        synchronized (this) {
            cut = true;
            alarm.cancel(false);
            all = new ArrayList<>(open);
            open.clear();
        }
        all.forEach(Watch::close);
    }

    private void late() {
        synchronized (this) {
            over = !cut;
        }
        cut();
    }

    private static void close(Closeable opened) {
        try {
            opened.close();
        } catch (IOException gone) {
            // It is closed all the same.
        }
    }
}
