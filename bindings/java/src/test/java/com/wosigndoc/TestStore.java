package com.wosigndoc;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A delivery store of one kind, empty at first, whose time a test can let pass. */
final class TestStore {
    final String kind;
    final DeliveryStore store;
    private final Clock clock;

    private interface Clock {
        void pass(long seconds) throws Exception;
    }

    private TestStore(String kind, DeliveryStore store, Clock clock) {
        this.kind = kind;
        this.store = store;
        this.clock = clock;
    }

    /** One of each kind: files, a database, and one whose connections do not commit by themselves. */
    static List<TestStore> all() throws Exception {
        return all(null);
    }

    /** The same, with claims that expire after this time; null: the stores' own. */
    static List<TestStore> all(Duration expiry) throws Exception {
        return List.of(
                files(expiry),
                database("a database", database(), expiry),
                database("a database without autocommit", withoutAutoCommit(database()), expiry));
    }

    /** Lets time pass for what the store has noted; a negative number sets the clock back. */
    void pass(long seconds) throws Exception {
        clock.pass(seconds);
    }

    private static TestStore files(Duration expiry) throws Exception {
        Path folder = TestFolder.make("deliveries");
        DeliveryStore store = expiry == null ? new FileDeliveryStore(folder) : new FileDeliveryStore(folder, expiry);
        return new TestStore("files", store, seconds -> {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".claim")).collect(Collectors.toList())) {
                    JsonObject claim = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
                    claim.addProperty("claimed_at", claim.get("claimed_at").getAsLong() - seconds);
                    Files.writeString(file, claim.toString());
                }
            }
        });
    }

    static TestStore database(String kind, DataSource database, Duration expiry) throws Exception {
        JdbcDeliveryStore store =
                expiry == null ? new JdbcDeliveryStore(database) : new JdbcDeliveryStore(database, expiry);
        store.createTable();
        store.createTable();
        return new TestStore(kind, store, seconds -> {
            try (Connection connection = database.getConnection();
                    PreparedStatement update = connection.prepareStatement(
                            "UPDATE wosigndoc_delivery SET claimed_at = claimed_at - ?")) {
                update.setLong(1, seconds);
                update.executeUpdate();
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
            }
        });
    }

    private static DataSource database() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return database;
    }

    /** Like some pools and databases: nothing is committed unless asked, and an open transaction cannot be closed. */
    static DataSource withoutAutoCommit(DataSource database) {
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
