package com.wosigndoc.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** Keeps what a process writes: a pipe that nobody reads would hold it up. */
final class ProcessLog {
    /** The most that is kept, in characters; the oldest goes first. */
    private static final int MAX_KEPT = 4 << 20;

    private final StringBuilder kept = new StringBuilder();
    private final Thread reader;
    private long dropped;

    ProcessLog(InputStream out) {
        reader = new Thread(() -> read(out), "wosigndoc-sandbox-log");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream out) {
        char[] piece = new char[8192];
        try (Reader text = new InputStreamReader(out, StandardCharsets.UTF_8)) {
            for (int got = text.read(piece); got >= 0; got = text.read(piece)) {
                add(piece, got);
            }
        } catch (IOException ended) {
            // The stream is closed when the process is killed: there is no more to read.
        }
    }

    private synchronized void add(char[] piece, int length) {
        kept.append(piece, 0, length);
        if (kept.length() > MAX_KEPT) {
            int old = kept.length() - MAX_KEPT / 2;
            kept.delete(0, old);
            dropped += old;
        }
    }

    /** Returns how much was written so far, for {@link #since}. */
    synchronized long mark() {
        return dropped + kept.length();
    }

    /** Returns what was written after a mark. */
    synchronized String since(long mark) {
        return kept.substring((int) Math.min(kept.length(), Math.max(0, mark - dropped)));
    }

    /** Waits until everything is read, once the process has ended. */
    void join() throws InterruptedException {
        reader.join(5000);
    }
}
