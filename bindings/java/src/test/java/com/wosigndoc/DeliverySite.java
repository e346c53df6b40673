package com.wosigndoc;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/**
 * A site in Java for tests/deliveries/run.py, which says in SITE what it needs: paths are /STORE/EXPIRE_SECONDS, with /verify
 * behind them for documents whose signatures are looked at.
 */
final class DeliverySite {
    private static final JsonObject SITE = JsonParser.parseString(System.getenv("SITE")).getAsJsonObject();
    private static final Path FOLDER = Path.of(SITE.get("folder").getAsString());
    private static final Map<String, PushHttpHandler> ENDPOINTS = new ConcurrentHashMap<>();

    private DeliverySite() {}

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            ENDPOINTS.computeIfAbsent(path, DeliverySite::endpoint).handle(exchange);
        });
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    private static PushHttpHandler endpoint(String path) {
        String[] parts = path.split("/");
        String place = SITE.getAsJsonObject("stores").get(parts[1]).getAsString();
        try {
            DeliveryStore store = new FaultyStore(store(place, Duration.ofSeconds(Long.parseLong(parts[2]))));
            PushEndpoint.Builder endpoint = PushEndpoint.builder(DeliverySite::process)
                    .store(store).folder(FOLDER.resolve("incoming"));
            if (parts.length > 3) {
                Path root = Path.of(SITE.get("root").getAsString());
                endpoint.verify(VerifyOptions.builder().caFile(root).build());
            }
            return new PushHttpHandler(endpoint.build());
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    private static DeliveryStore store(String place, Duration expiry) throws Exception {
        if (place.startsWith("folder:")) {
            return new FileDeliveryStore(Path.of(place.substring("folder:".length())), expiry);
        }
        JdbcDeliveryStore store = new JdbcDeliveryStore(database(place), expiry);
        store.createTable();
        return store;
    }

    private static DataSource database(String url) throws Exception {
        if (url.startsWith("jdbc:mariadb:")) {
            return new MariaDbDataSource(url);
        }
        if (url.startsWith("jdbc:postgresql:")) {
            PGSimpleDataSource database = new PGSimpleDataSource();
            database.setURL(url);
            return database;
        }
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl(url);
        return database;
    }

    private static void process(ReceivedPush push) throws Exception {
        String key = push.deliveryKey();
        Path run = FOLDER.resolve("runs").resolve(key + "." + UUID.randomUUID());
        Files.createFile(Path.of(run + ".start"));
        try {
            Thread.sleep(strikes(key, "function.slow") ? 6000 : 20);
            mayThrow(key, "function.before");
            if (push.signed()) {
                push.moveTo(FOLDER.resolve("stored").resolve(key + ".pdf"));
            }
            mayThrow(key, "function.after");
        } finally {
            Files.createFile(Path.of(run + ".end"));
        }
    }

    // Faults that run.py has ordered, as files; each strikes once, whoever is first.
    private static boolean strikes(String key, String what) throws Exception {
        return Files.deleteIfExists(FOLDER.resolve("faults").resolve(key + "." + what));
    }

    private static void mayThrow(String key, String what) throws Exception {
        if (strikes(key, what)) {
            throw new IllegalStateException("ordered: " + what);
        }
    }

    /** A real store whose steps throw before or after they have taken effect. */
    private static final class FaultyStore implements DeliveryStore {
        private final DeliveryStore store;

        FaultyStore(DeliveryStore store) {
            this.store = store;
        }

        @Override
        public Claim claim(String key, String owner) throws Exception {
            return step("claim", key, () -> store.claim(key, owner));
        }

        @Override
        public boolean complete(String key, String owner) throws Exception {
            return step("complete", key, () -> store.complete(key, owner));
        }

        @Override
        public void release(String key, String owner) throws Exception {
            step("release", key, () -> {
                store.release(key, owner);
                return null;
            });
        }

        private static <T> T step(String name, String key, Callable<T> step) throws Exception {
            mayThrow(key, name + ".before");
            T result = step.call();
            mayThrow(key, name + ".after");
            return result;
        }
    }
}
