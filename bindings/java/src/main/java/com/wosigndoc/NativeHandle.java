package com.wosigndoc;

import com.sun.jna.Pointer;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Holds an object of the native library. It may be used and closed from many threads at once: it is freed when
 * the last call that uses it has returned. Handles that nobody closed are freed when a later one is made (a
 * net, not a plan; no thread is started for it).
 */
final class NativeHandle implements AutoCloseable {
    private static final ReferenceQueue<NativeHandle> FORGOTTEN = new ReferenceQueue<>();
    private static final Set<Net> NETS = ConcurrentHashMap.newKeySet();

    private final State state;
    private final Net net;

    NativeHandle(long address, Consumer<Pointer> free) {
        for (Net lost = (Net) FORGOTTEN.poll(); lost != null; lost = (Net) FORGOTTEN.poll()) {
            NETS.remove(lost);
            lost.state.close();
        }
        state = new State(new Pointer(address), free);
        net = new Net(this, state);
        NETS.add(net);
    }

    /** Makes a call with the pointer; throws {@link IllegalStateException} after {@link #close}. */
    <T> T use(Function<Pointer, T> call) {
        state.enter();
        try {
            return call.apply(state.pointer);
        } finally {
            state.leave();
        }
    }

    @Override
    public void close() {
        NETS.remove(net);
        state.close();
    }

    /** Holds what is freed, but not the handle, so that a forgotten one can be told. */
    private static final class State {
        private final Pointer pointer;
        private final Consumer<Pointer> free;
        private int calls;
        private boolean closed;

        State(Pointer pointer, Consumer<Pointer> free) {
            this.pointer = pointer;
            this.free = free;
        }

        synchronized void enter() {
            if (closed) {
                throw new IllegalStateException("used after close() (在 close() 之后使用)");
            }
            calls++;
        }

        synchronized void leave() {
            calls--;
            freeWhenUnused();
        }

        synchronized void close() {
            if (!closed) {
                closed = true;
                freeWhenUnused();
            }
        }

        private void freeWhenUnused() {
            if (closed && calls == 0) {
                free.accept(pointer);
            }
        }
    }

    private static final class Net extends PhantomReference<NativeHandle> {
        private final State state;

        Net(NativeHandle handle, State state) {
            super(handle, FORGOTTEN);
            this.state = state;
        }
    }
}
