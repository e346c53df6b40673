package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a preflight sees by Java's own HTTP client. */
class HttpsTransportPreflightTest {
    private static Platform platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new Platform(null);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static HttpsTransport.Builder transport() throws Exception {
        return Way.identified(platform).trust(platform.data.resolve("ca.pem"));
    }

    /** A preflight says which transport it is, and what that lets be seen; no identity is asked for. */
    @Test
    void preflight() throws Exception {
        JsonObject config = JsonParser.parseString(Files.readString(platform.clientJson())).getAsJsonObject();
        String url = config.get("endpoint").getAsString();
        String token = config.get("tokenid").getAsString();
        PreflightReport good = ClientConfig.builder(url, token).transport(transport().build()).build()
                .preflight(Duration.ofSeconds(10));
        assertTrue(good.ok(), good.text());
        assertEquals(List.of("configuration ok", "transport ok", "identity ok", "expiry ok", "endpoint ok", "platform ok"),
                words(good));
        assertTrue(good.text().contains("com.wosigndoc.HttpsTransport"), good.text());
        assertTrue(good.textZh().contains("正常 transport：订单由 com.wosigndoc.HttpsTransport 发送"), good.textZh());
        PreflightReport wrong = ClientConfig.builder("http://127.0.0.1/", token).transport(transport().build()).build()
                .preflight(Duration.ofSeconds(10));
        assertEquals("configuration error", words(wrong).get(0));
        assertFalse(wrong.ok());
        PreflightReport untrusted = ClientConfig.builder(url, token).transport(HttpsTransport.builder().build()).build()
                .preflight(Duration.ofSeconds(10));
        assertEquals(List.of("configuration ok", "transport ok", "endpoint error"), words(untrusted));
        assertTrue(untrusted.text().contains("PKIX"), untrusted.text());
        // A transport that says nothing of itself.
        PreflightReport other = ClientConfig.builder(url, token).transport(request -> null).build()
                .preflight(Duration.ofSeconds(10));
        assertEquals(List.of("configuration ok", "transport ok"), words(other));
        TlsServer.Deed page = connection -> {
            connection.head();
            connection.answer(200, "<html>");
        };
        try (TlsServer server = new TlsServer(platform, page)) {
            PreflightReport gateway = ClientConfig.builder(server.url(), token).transport(transport().build()).build()
                    .preflight(Duration.ofSeconds(10));
            assertTrue(words(gateway).contains("platform warning"), gateway.text());
            assertTrue(server.heads.get(0).startsWith("GET / HTTP/1.1"), server.heads.get(0));
        }
    }

    /** Covers P-23: Java's own client sends two orders that must be refused, each once, and none after a lost one. */
    @Test
    void livePreflight() throws Exception {
        JsonObject config = JsonParser.parseString(Files.readString(platform.clientJson())).getAsJsonObject();
        String url = config.get("endpoint").getAsString();
        String token = config.get("tokenid").getAsString();
        PreflightReport good = ClientConfig.builder(url, token).transport(transport().build()).build()
                .preflight(Duration.ofSeconds(10), true);
        assertTrue(good.ok(), good.text());
        assertEquals(List.of("configuration ok", "transport ok", "identity ok", "expiry ok", "endpoint ok", "live ok",
                "token ok", "registration ok"), words(good));
        assertTrue(good.text().contains("tokenid (-65)") && good.text().contains("template (-43)"), good.text());
        TlsServer.Deed lose = connection -> connection.head();
        try (TlsServer server = new TlsServer(platform, lose)) {
            PreflightReport lost = ClientConfig.builder(server.url(), token).transport(transport().build()).attempts(5).build()
                    .preflight(Duration.ofSeconds(10), true);
            assertTrue(words(lost).contains("live error"), lost.text());
            assertTrue(lost.text().contains("did not get as far as the tokenid"), lost.text());
            assertEquals(1, server.heads.size());
            assertTrue(server.heads.get(0).startsWith("POST / HTTP/1.1"), server.heads.get(0));
        }
    }

    private static List<String> words(PreflightReport report) {
        return report.checks().stream().map(check -> check.name() + " " + check.level())
                .collect(Collectors.toList());
    }
}
