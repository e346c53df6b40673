package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example for Spring Boot 2, compiled and run with its own Tomcat 9 and a database; and the controller for Spring
 * Boot 3, whose annotations are those of Spring Boot 2, in a container of jakarta.servlet.
 */
class SpringExampleTest {
    private final byte[] document = Pushes.document(50_000, 3);

    @TempDir
    Path folder;

    /** Covers P-30: what was acknowledged is in the database although the process is killed right then. */
    @Test
    void keepsTheDocumentInTheDatabase() throws Exception {
        ExampleTest.compile("SpringSite.java", folder);
        String database = "jdbc:h2:" + folder.resolve("site") + ";WRITE_DELAY=0";
        try (Connection connection = DriverManager.getConnection(database); Statement sql = connection.createStatement()) {
            sql.execute("CREATE TABLE contract (order_number VARCHAR(64) PRIMARY KEY, state VARCHAR(16), document BLOB)");
            sql.execute("INSERT INTO contract (order_number, state) VALUES ('A-1', 'sending'), ('A-2', 'accepted')");
        }
        int port = ExampleTest.freePort();
        Path log = folder.resolve("log");
        Process site = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java", "-cp",
                        folder + File.pathSeparator + ExampleTest.classPath(), "SpringSite",
                        "--server.address=127.0.0.1", "--server.port=" + port, "--spring.datasource.url=" + database)
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            assertEquals("1", push(port, TestPush.signed("A-1", document), log));
            assertEquals("1", push(port, TestPush.signed("A-1", document), log));
            assertEquals("1", push(port, TestPush.failed("A-2", -50), log));
            assertEquals("not acknowledged: not_stored", push(port, TestPush.signed("A-3", document), log));
        } finally {
            site.destroyForcibly().waitFor();
        }
        try (Connection connection = DriverManager.getConnection(database); Statement sql = connection.createStatement()) {
            try (ResultSet row = sql.executeQuery("SELECT state, document FROM contract ORDER BY order_number")) {
                assertTrue(row.next());
                assertEquals("signed", row.getString(1));
                assertArrayEquals(document, row.getBytes(2));
                assertTrue(row.next());
                assertEquals("failed", row.getString(1));
            }
        }
    }

    @Test
    void theControllerForSpringBoot3() throws Exception {
        ExampleTest.compile("PushController.java", folder, "17");
        List<String> kept = new ArrayList<>();
        PushEndpoint endpoint = PushEndpoint.builder(push -> kept.add(push.orderNumber())).folder(folder).build();
        Server jetty = new Server(new InetSocketAddress("127.0.0.1", 0));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Class<?> type = loader.loadClass("PushController");
            Method push = type.getMethod("push", HttpServletRequest.class, HttpServletResponse.class);
            Object controller = type.getConstructor(PushEndpoint.class).newInstance(endpoint);
            ServletContextHandler context = new ServletContextHandler();
            context.addServlet(new ServletHolder(new Dispatcher(controller, push)), "/push");
            jetty.setHandler(context);
            jetty.start();
            int port = ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
            assertEquals("1", push(port, TestPush.signed("A-1", document), folder));
            HttpRequest wrong = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/push")).build();
            assertEquals(405, HttpClient.newHttpClient().send(wrong, HttpResponse.BodyHandlers.ofString()).statusCode());
            assertEquals(List.of("A-1"), kept);
        } finally {
            jetty.stop();
        }
    }

    /** Hands requests to a controller's method, as Spring's own servlet does. */
    private static final class Dispatcher extends HttpServlet {
        private final transient Object controller;
        private final transient Method method;

        Dispatcher(Object controller, Method method) {
            this.controller = controller;
            this.method = method;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                method.invoke(controller, request, response);
            } catch (ReflectiveOperationException failure) {
                throw new IOException(failure);
            }
        }
    }

    /** Pushes as soon as the site listens. */
    private static String push(int port, TestPush push, Path log) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/push"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(push.body())).build();
        for (int tries = 0; tries < 600; tries++) {
            try {
                return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
            } catch (java.net.ConnectException notYet) {
                Thread.sleep(100);
            }
        }
        throw new AssertionError("the site never listened: " + Files.readString(log));
    }
}
