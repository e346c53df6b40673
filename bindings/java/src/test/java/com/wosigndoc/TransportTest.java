package com.wosigndoc;

import static com.wosigndoc.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client makes of servers that answer well, oddly or not at all, by each of the ways in which it can send. */
class TransportTest {
    private static final String TAKEN = "{\"status\":1,\"errorcode\":0,\"signid\":\"s-1\",\"orderNumber\":\"A-1\"}";
    private static Platform platform;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        platform = new Platform(null);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    static SignOrder order(DocumentSource pdf) {
        DocumentSource scan = DocumentSource.bytes(new byte[] {1, 2, 3});
        return SignOrder.builder("A-1").pdf(pdf)
                .signer(Signer.person("李明", "11010519491231002X").materials(scan, scan).signAt(1, 0.1, 0.1, 0.3, 0.2))
                .build();
    }

    private static SignOrder order() {
        return order(DocumentSource.bytes(new byte[100_000]));
    }

    private static WoSignDocClient client(Way way, TlsServer server, int attempts) throws Exception {
        return client(way, server.url(), attempts);
    }

    private static WoSignDocClient client(Way way, String url, int attempts) throws Exception {
        return way.client(platform, config -> {
            config.addProperty("endpoint", url);
            JsonObject retry = new JsonObject();
            retry.addProperty("attempts", attempts);
            retry.addProperty("pause_ms", 10);
            config.add("retry", retry);
        });
    }

    /** Covers P-20, P-21, P-22: every answer of the vectors, over the wire. */
    @ParameterizedTest
    @EnumSource
    void answers(Way way) throws Exception {
        AtomicReference<JsonObject> item = new AtomicReference<>();
        TlsServer.Deed deed = connection -> {
            while (true) {
                connection.request();
                connection.answer(item.get().get("http_status").getAsInt(), Vectors.text(item.get().get("body")));
            }
        };
        try (TlsServer server = new TlsServer(platform, deed); WoSignDocClient client = client(way, server, 1)) {
            Vectors.run("answers.json", each -> {
                item.set(each);
                assertAnswer(each.getAsJsonObject("expect"), client);
            });
        }
    }

    private static void assertAnswer(JsonObject expect, WoSignDocClient client) {
        JsonObject got;
        String part = "error";
        try {
            SignOrderResult result = client.create(order());
            part = "result";
            got = new JsonObject();
            Json.put(got, "signid", result.signid());
            // A result has the number that was sent; another one is a warning.
            assertEquals("A-1", result.orderNumber());
        } catch (WoSignDocException failure) {
            got = failure.document();
        }
        JsonObject wanted = expect.getAsJsonObject(part);
        assertTrue(wanted != null, "unexpected outcome: " + got);
        for (String name : new String[] {"kind", "reason", "code", "signid", "http_status"}) {
            if (wanted.has(name)) {
                assertEquals(wanted.get(name), got.has(name) ? got.get(name) : JsonNull.INSTANCE, name);
            }
        }
    }

    /** Covers P-2, P-4, P-5: one POST with the exact length, and the body that the library writes. */
    @ParameterizedTest
    @EnumSource
    void theRequest(Way way) throws Exception {
        TlsServer.Deed deed = connection -> {
            connection.request();
            connection.answer(200, TAKEN);
        };
        try (TlsServer server = new TlsServer(platform, deed); WoSignDocClient client = client(way, server.url() + "api", 1)) {
            assertEquals("s-1", client.create(order()).signid());
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            String[] lines = server.heads.get(0).split("\r\n");
            for (int at = 1; at < lines.length; at++) {
                headers.put(lines[at].split(": ", 2)[0], lines[at].split(": ", 2)[1]);
            }
            assertEquals("POST /api HTTP/1.1", lines[0]);
            assertEquals("application/json; charset=utf-8", headers.get("Content-Type"));
            assertTrue(headers.get("User-Agent").startsWith("wosigndoc/"), headers.toString());
            assertFalse(headers.containsKey("Transfer-Encoding") || headers.containsKey("Expect"), headers.toString());
            assertFalse(headers.containsKey("Accept-Encoding"), headers.toString());
            assertArrayEquals(WoSignDocClient.wire(ClientConfig.fromFile(platform.clientJson()), order()),
                    server.bodies.get(0));
            assertEquals(1, server.bodies.size());
        }
    }

    /** Covers P-23: a connection that is cut after the order was sent; each try is one request, and no more. */
    @ParameterizedTest
    @EnumSource
    void aLostAnswer(Way way) throws Exception {
        for (int attempts : new int[] {1, 3}) {
            try (TlsServer server = new TlsServer(platform, TlsServer.Connection::request);
                    WoSignDocClient client = client(way, server, attempts)) {
                TransportException lost = assertFails(TransportException.class, () -> client.create(order()));
                assertEquals("connection_lost", lost.reason());
                assertTrue(lost.mayHaveArrived());
                assertEquals(attempts, server.bodies.size());
                assertArrayEquals(server.bodies.get(0), server.bodies.get(attempts - 1));
            }
        }
    }

    /** Covers P-22, P-23: an answer that is cut is none, unless a whole one came. */
    @ParameterizedTest
    @EnumSource
    void aCutAnswer(Way way) throws Exception {
        for (String head : new String[] {"Content-Length: 900\r\n", "Transfer-Encoding: chunked\r\n", ""}) {
            boolean chunked = head.startsWith("T");
            for (boolean whole : new boolean[] {true, false}) {
                String text = whole ? TAKEN : TAKEN.substring(0, 20);
                String body = chunked ? Integer.toHexString(text.length()) + "\r\n" + text + "\r\n" : text;
                TlsServer.Deed deed = connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n" + head + "\r\n" + body);
                };
                try (TlsServer server = new TlsServer(platform, deed); WoSignDocClient client = client(way, server, 2)) {
                    if (whole) {
                        assertEquals("s-1", client.create(order()).signid());
                        continue;
                    }
                    WoSignDocException cut = assertFails(WoSignDocException.class, () -> client.create(order()));
                    // An answer without a length ends where it ends: it is not JSON.
                    boolean ended = head.isEmpty();
                    assertEquals(ended ? "answer_not_protocol" : "answer_cut", cut.reason());
                    assertEquals(ended ? 1 : 2, server.bodies.size());
                    assertTrue(ended || cut.mayHaveArrived());
                }
            }
        }
    }

    /** Covers P-22: an answer without an end is read to the limit, and no further. */
    @ParameterizedTest
    @EnumSource
    void anEndlessAnswer(Way way) throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        TlsServer.Deed deed = connection -> {
            connection.request();
            connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            try {
                for (byte[] much = new byte[1 << 16]; true; ) {
                    connection.socket.getOutputStream().write(much);
                }
            } finally {
                gone.countDown();
            }
        };
        try (TlsServer server = new TlsServer(platform, deed); WoSignDocClient client = client(way, server, 1)) {
            ProtocolException failure = assertFails(ProtocolException.class, () -> client.create(order()));
            assertEquals("answer_too_large", failure.reason());
            assertTrue(gone.await(20, TimeUnit.SECONDS), "the connection was left open");
        }
    }

    /** Covers P-23: the call's time bounds whatever a server dribbles, or does not read. */
    @ParameterizedTest
    @EnumSource
    void dribbling(Way way) throws Exception {
        TlsServer.Deed head = connection -> {
            connection.request();
            connection.write("HTTP/1.1 200 OK\r\nX: ");
            dribble(connection);
        };
        TlsServer.Deed body = connection -> {
            connection.request();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{");
            dribble(connection);
        };
        TlsServer.Deed silence = connection -> {
            connection.request();
            Thread.sleep(60_000);
        };
        TlsServer.Deed deafness = connection -> {
            connection.head();
            Thread.sleep(60_000);
        };
        // More than the system takes of a connection that nobody reads.
        DocumentSource large = DocumentSource.path(sparse(40_000_000));
        DocumentSource small = DocumentSource.bytes(new byte[1_000]);
        assertAll(List.of(head, body, silence, deafness).parallelStream().map(deed -> () -> {
            try (TlsServer server = new TlsServer(platform, deed); WoSignDocClient client = client(way, server, 3)) {
                SignOrder order = order(deed == deafness ? large : small);
                long begun = System.nanoTime();
                CallTimeoutException late = assertFails(
                        CallTimeoutException.class, () -> client.create(order, Duration.ofSeconds(4)));
                long took = Duration.ofNanos(System.nanoTime() - begun).toMillis();
                assertTrue(took >= 3_990 && took < 10_000, took + " ms");
                assertEquals("call_timeout", late.reason());
                assertTrue(late.mayHaveArrived());
            }
        }));
    }

    private static void dribble(TlsServer.Connection connection) throws Exception {
        while (true) {
            connection.write(" ");
            Thread.sleep(100);
        }
    }

    private Path sparse(long length) throws Exception {
        Path file = folder.resolve("large.pdf");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(length);
        }
        return file;
    }

    /** Covers P-23: what fails before anything was sent is not repeated, and says that nothing can have arrived. */
    @ParameterizedTest
    @EnumSource
    void beforeAnythingIsSent(Way way) throws Exception {
        try (WoSignDocClient client = client(way, "https://127.0.0.1:" + ExampleTest.freePort() + "/", 3)) {
            TransportException refused = assertFails(TransportException.class, () -> client.create(order()));
            assertEquals("connect_failed", refused.reason());
            assertFalse(refused.mayHaveArrived());
        }
        // It takes the connection, and says nothing.
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WoSignDocClient client = way.client(platform, config -> {
                    config.addProperty("endpoint", "https://127.0.0.1:" + silent.getLocalPort() + "/");
                    JsonObject timeouts = new JsonObject();
                    timeouts.addProperty("connect_ms", 500);
                    config.add("timeouts", timeouts);
                })) {
            CallTimeoutException late = assertFails(CallTimeoutException.class, () -> client.create(order()));
            assertEquals("connect_timeout", late.reason());
            assertFalse(late.mayHaveArrived());
        }
    }

    /** Covers P-22: an answer that comes before the order was sent to its end is heard. */
    @ParameterizedTest
    @EnumSource
    void anEarlyAnswer(Way way) throws Exception {
        SignOrder large = order(DocumentSource.path(sparse(40_000_000)));
        for (boolean chunked : new boolean[] {false, true}) {
            TlsServer.Deed deed = connection -> {
                connection.head();
                connection.write("HTTP/1.1 413 Too Large\r\nConnection: close\r\n" + (chunked
                        ? "Transfer-Encoding: chunked\r\n\r\n3\r\n<ht\r\n3\r\nml>\r\n0\r\n\r\n"
                        : "Content-Length: 6\r\n\r\n<html>"));
                // It stops reading soon.
                connection.socket.getInputStream().readNBytes(1_000_000);
            };
            try (TlsServer server = new TlsServer(platform, deed); WoSignDocClient client = client(way, server, 3)) {
                ProtocolException early = assertFails(
                        ProtocolException.class, () -> client.create(large, Duration.ofSeconds(60)));
                assertEquals(413, early.httpStatus());
                assertEquals("<html>", early.bodyStart());
            }
        }
    }

    /** A redirect is an answer, and not followed; so is a question who this is. */
    @ParameterizedTest
    @EnumSource
    void answersThatJavaWouldAct(Way way) throws Exception {
        for (int status : new int[] {302, 307, 401, 407, 413, 503}) {
            TlsServer.Deed deed = connection -> {
                connection.request();
                connection.write("HTTP/1.1 " + status + " X\r\nLocation: /elsewhere\r\nWWW-Authenticate: Basic realm=x\r\n"
                        + "Proxy-Authenticate: Basic realm=x\r\nConnection: close\r\nContent-Length: 6\r\n\r\n<html>");
            };
            try (TlsServer server = new TlsServer(platform, deed); WoSignDocClient client = client(way, server, 3)) {
                ProtocolException page = assertFails(ProtocolException.class, () -> client.create(order()));
                assertEquals(status, page.httpStatus());
                assertEquals(1, server.bodies.size());
            }
        }
    }

    /** A file that changes while it is sent fails the call by its name, and the order is not sent again. */
    @ParameterizedTest
    @EnumSource
    void aFileThatChanges(Way way) throws Exception {
        Path file = sparse(30_000_000);
        TlsServer.Deed deed = connection -> {
            connection.head();
            connection.socket.getInputStream().readNBytes(100_000);
            sparse(20_000_000);
            connection.socket.getInputStream().readAllBytes();
        };
        try (TlsServer server = new TlsServer(platform, deed); WoSignDocClient client = client(way, server, 3)) {
            FileException changed = assertFails(
                    FileException.class, () -> client.create(order(DocumentSource.path(file)), Duration.ofSeconds(30)));
            assertEquals("file_changed", changed.reason());
            assertEquals("filebase", changed.field());
            assertEquals(1, server.heads.size());
        }
    }
}
