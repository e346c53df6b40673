package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What the stores promise beyond the vectors: by the real clock, among threads, among class loaders. */
class DeliveryStoreTest {
    /** Covers P-30: a claim whose process died is taken over when its time has passed, and not before. */
    @Test
    void anOldClaimExpires() throws Exception {
        List<TestStore> all = TestStore.all(Duration.ofSeconds(1));
        for (TestStore each : all) {
            assertEquals(DeliveryStore.Claim.GRANTED, each.store.claim("../k:1", "dead"), each.kind);
            assertEquals(DeliveryStore.Claim.BUSY, each.store.claim("../k:1", "heir"), each.kind);
        }
        Thread.sleep(2_100);
        for (TestStore each : all) {
            assertEquals(DeliveryStore.Claim.GRANTED_AGAIN, each.store.claim("../k:1", "heir"), each.kind);
            assertFalse(each.store.complete("../k:1", "dead"), each.kind);
            assertTrue(each.store.complete("../k:1", "heir"), each.kind);
        }
        Thread.sleep(2_100);
        for (TestStore each : all) {
            assertEquals(DeliveryStore.Claim.DONE, each.store.claim("../k:1", "late"), each.kind);
        }
    }

    @Test
    void anExpiryBelowASecondIsRefused(@TempDir Path folder) {
        for (Duration each : List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofSeconds(-1))) {
            assertThrows(IllegalArgumentException.class, () -> new FileDeliveryStore(folder, each));
            assertThrows(IllegalArgumentException.class, () -> new JdbcDeliveryStore(null, each));
        }
        assertEquals(Duration.ofSeconds(2), new FileDeliveryStore(folder, Duration.ofMillis(1001)).expiry());
    }

    /** Covers P-30: an expired claim that eight threads see at once goes to one of them. */
    @Test
    void oneOfManyTakesAnExpiredClaimOver() throws Exception {
        for (TestStore each : TestStore.all()) {
            for (int round = 0; round < 20; round++) {
                String key = "k" + round;
                each.store.claim(key, "dead");
                each.pass(DeliveryStore.DEFAULT_EXPIRY.getSeconds() + 2);
                AtomicInteger granted = new AtomicInteger();
                Threads.together(Collections.nCopies(8, () -> {
                    DeliveryStore.Claim claim = each.store.claim(key, Thread.currentThread().getName());
                    granted.addAndGet(claim == DeliveryStore.Claim.GRANTED_AGAIN ? 1 : 0);
                }));
                assertEquals(1, granted.get(), each.kind);
            }
        }
    }

    /** An application server has a class once for each application; they may share a folder all the same. */
    @Test
    void twoClassLoadersShareAFolder(@TempDir Path folder) throws Exception {
        List<URL> classes = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classes.add(Path.of(path).toUri().toURL());
        }
        AtomicInteger granted = new AtomicInteger();
        List<Executable> steps = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ClassLoader loader = new URLClassLoader(classes.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
            Class<?> type = loader.loadClass(FileDeliveryStore.class.getName());
            Object store = type.getConstructor(Path.class).newInstance(folder);
            steps.add(() -> {
                for (int key = 0; key < 300; key++) {
                    Object claim = type.getMethod("claim", String.class, String.class).invoke(store, "k" + key, "o");
                    granted.addAndGet(claim.toString().equals("GRANTED") ? 1 : 0);
                }
            });
        }
        Threads.together(steps);
        assertEquals(300, granted.get());
    }

    /** A folder that cannot be one, and a table that is not there: every step says so, and nothing is granted. */
    @Test
    void aStoreThatCannotBeUsed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        for (Path wrong : List.of(file, file.resolve("below"), Path.of("/proc/nothing"), Path.of("/dev/null"))) {
            DeliveryStore store = new FileDeliveryStore(wrong);
            Failures.assertFails(FileException.class, () -> store.claim("k", "o"));
            Failures.assertFails(FileException.class, () -> store.complete("k", "o"));
        }
        assertEquals("no folder", Files.readString(file));
    }
}
