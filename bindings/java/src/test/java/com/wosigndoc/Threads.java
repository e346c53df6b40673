package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.function.Executable;

/** Steps at the same time. */
final class Threads {
    private Threads() {}

    /** Runs each in a thread of its own, and waits for all; none may fail. */
    static void together(List<Executable> steps) throws InterruptedException {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (Executable step : steps) {
            Thread thread = new Thread(() -> {
                try {
                    step.execute();
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
    }
}
