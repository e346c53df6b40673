package com.wosigndoc;

import com.google.gson.JsonObject;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.time.Duration;

/**
 * Holds an order that is sent by a {@link Transport}. Its calls wait for each other, and closing waits for them: what
 * they read from lives as long as they do.
 */
final class HostedOrder implements AutoCloseable {
    private static final int PIECE = 64 * 1024;

    private final JsonObject about;
    private final Memory space;
    // Null once it is closed.
    private Pointer order;

    /** Judges an order and opens it; the attachments are the caller's to keep until it is closed. */
    HostedOrder(byte[] settings, byte[] json, Attachments attachments, int limit) {
        long[] opened = new long[1];
        long[] starts = attachments.pointers();
        long[] lengths = attachments.lengths();
        about = Invocation.run((out, length) -> NativeCalls.wsd_order_open(
                settings, settings.length, json, json.length, starts, lengths, attachments.count(), limit,
                opened, out, length));
        order = new Pointer(opened[0]);
        // Not before an order is open: there would be nobody to free it.
        space = new Memory(PIECE);
    }

    /** Returns what the request needs. */
    JsonObject about() {
        return about;
    }

    /** Returns the time of the whole call. */
    Duration timeout() {
        return Duration.ofMillis(about.get("timeout_ms").getAsLong());
    }

    /** Copies the next bytes of the body; returns how many, 0 after the last. */
    synchronized int read(byte[] into, int at, int count) {
        Pointer live = live();
        long[] read = new long[1];
        Invocation.run((out, length) ->
                NativeCalls.wsd_order_read(live, space, Math.min(count, PIECE), read, out, length));
        space.read(0, into, at, (int) read[0]);
        return (int) read[0];
    }

    /** Goes back to the first byte of the body. */
    synchronized void rewind() {
        Pointer live = live();
        Invocation.run((out, length) -> NativeCalls.wsd_order_rewind(live, out, length));
    }

    /** Reads the platform's answer. */
    synchronized JsonObject answered(int status, byte[] body) {
        Pointer live = live();
        return Invocation.run((out, length) ->
                NativeCalls.wsd_order_answered(live, status, body, body.length, out, length));
    }

    /** Tells that a try got no answer; returns what is left to do, or throws what the call ends with. */
    synchronized JsonObject failed(JsonObject failure) {
        Pointer live = live();
        byte[] json = Json.bytes(failure.toString());
        return Invocation.run((out, length) -> NativeCalls.wsd_order_failed(live, json, json.length, out, length));
    }

    @Override
    public synchronized void close() {
        if (order != null) {
            NativeCalls.wsd_order_close(order);
            order = null;
            space.close();
        }
    }

    private Pointer live() {
        if (order == null) {
            throw new IllegalStateException("the call has ended (调用已结束)");
        }
        return order;
    }
}
