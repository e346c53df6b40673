package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** All stores keep the same promises. */
class DeliveryStoreTest {
    /** One of each: files, a database, and one whose connections do not commit by themselves. */
    static List<DeliveryStore> stores(Duration expiry) throws Exception {
        List<DeliveryStore> stores = new ArrayList<>();
        for (DataSource database : List.of(database(), withoutAutoCommit(database()))) {
            JdbcDeliveryStore store = new JdbcDeliveryStore(database, expiry);
            store.createTable();
            store.createTable();
            stores.add(store);
        }
        stores.add(new FileDeliveryStore(Files.createTempDirectory("deliveries"), expiry));
        return stores;
    }

    /** A claim whose process died is taken over, by one only. */
    @Test
    void anOldClaimExpires() throws Exception {
        for (DeliveryStore store : stores(Duration.ofSeconds(1))) {
            assertEquals(DeliveryStore.Claim.NEW, store.claim("../k:1", "one"));
            assertEquals(DeliveryStore.Claim.BUSY, store.claim("../k:1", "one"));
            Thread.sleep(2_100);
            assertEquals(DeliveryStore.Claim.NEW, store.claim("../k:1", "one"));
            assertEquals(DeliveryStore.Claim.BUSY, store.claim("../k:1", "one"));
            store.done("../k:1");
            Thread.sleep(2_100);
            assertEquals(DeliveryStore.Claim.DONE, store.claim("../k:1", "one"));
        }
    }

    /** Covers P-30: who fails after another took over leaves the other's claim alone; who succeeds is done. */
    @Test
    void onlyTheOwnerReleasesAClaim() throws Exception {
        for (DeliveryStore store : stores(Duration.ofSeconds(1))) {
            for (String key : List.of("a", "b")) {
                assertEquals(DeliveryStore.Claim.NEW, store.claim(key, "slow"));
            }
            Thread.sleep(2_100);
            for (String key : List.of("a", "b")) {
                assertEquals(DeliveryStore.Claim.NEW, store.claim(key, "successor"));
            }
            store.release("a", "slow");
            assertEquals(DeliveryStore.Claim.BUSY, store.claim("a", "third"), store.getClass().getName());
            store.release("a", "successor");
            assertEquals(DeliveryStore.Claim.NEW, store.claim("a", "third"), store.getClass().getName());
            store.done("b");
            store.release("b", "successor");
            assertEquals(DeliveryStore.Claim.DONE, store.claim("b", "third"), store.getClass().getName());
        }
    }

    /** An expired claim that eight threads see at once goes to one of them. */
    @Test
    void oneOfManyTakesAnExpiredClaimOver() throws Exception {
        for (DeliveryStore store : stores(Duration.ofSeconds(1))) {
            store.claim("k", "dead");
            Thread.sleep(2_100);
            AtomicInteger granted = new AtomicInteger();
            Threads.together(Collections.nCopies(8, () -> granted.addAndGet(
                    store.claim("k", Thread.currentThread().getName()) == DeliveryStore.Claim.NEW ? 1 : 0)));
            assertEquals(1, granted.get(), store.getClass().getName());
        }
    }

    /** An application server has a class once for each application; they may share a folder all the same. */
    @Test
    void twoClassLoadersShareAFolder(@TempDir Path folder) throws Exception {
        URL classes = FileDeliveryStore.class.getProtectionDomain().getCodeSource().getLocation();
        AtomicInteger granted = new AtomicInteger();
        List<Executable> steps = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ClassLoader loader = new URLClassLoader(new URL[] {classes}, null);
            Class<?> type = loader.loadClass(FileDeliveryStore.class.getName());
            Object store = type.getConstructor(Path.class).newInstance(folder);
            steps.add(() -> {
                for (int key = 0; key < 300; key++) {
                    Object claim = type.getMethod("claim", String.class, String.class).invoke(store, "k" + key, "o");
                    granted.addAndGet(claim.toString().equals("NEW") ? 1 : 0);
                }
            });
        }
        Threads.together(steps);
        assertEquals(300, granted.get());
    }

    private static DataSource database() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return database;
    }

    /** Like some pools and databases: nothing is committed unless asked, and an open transaction cannot be closed. */
    private static DataSource withoutAutoCommit(DataSource database) {
        return proxy(DataSource.class, database, new AtomicBoolean());
    }

    private static <T> T proxy(Class<T> type, Object real, AtomicBoolean open) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            String name = method.getName();
            if (name.equals("close") && real instanceof Connection && open.get()) {
                ((Connection) real).rollback();
                ((Connection) real).close();
                throw new SQLException("the transaction is still active");
            }
            open.set(name.startsWith("prepare") || name.equals("createStatement")
                    || open.get() && !name.equals("commit") && !name.equals("rollback"));
            try {
                Object result = method.invoke(real, arguments);
                if (!(result instanceof Connection)) {
                    return result;
                }
                ((Connection) result).setAutoCommit(false);
                return proxy(Connection.class, result, new AtomicBoolean());
            } catch (InvocationTargetException error) {
                throw error.getCause();
            }
        }));
    }
}
