package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapters of the endpoint, in the servers that they are for. */
class PushAdaptersTest {
    private final byte[] body = Pushes.signed("s-1", Pushes.document(20_000, 2));
    private final AtomicInteger calls = new AtomicInteger();

    @TempDir
    Path folder;

    @Test
    void inTheJdksServer() throws Exception {
        var jdk = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        jdk.createContext("/push", new PushHttpHandler(storing()));
        jdk.createContext("/failing", new PushHttpHandler(failing()));
        jdk.setExecutor(threads);
        jdk.start();
        try {
            assertAnswers(jdk.getAddress().getPort());
        } finally {
            jdk.stop(0);
            threads.shutdown();
        }
    }

    @Test
    void inAContainerOfJakartaServlet() throws Exception {
        Server jetty = new Server(new InetSocketAddress("127.0.0.1", 0));
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new PushServlet(storing())), "/push");
        context.addServlet(new ServletHolder(new PushServlet(failing())), "/failing");
        jetty.setHandler(context);
        jetty.start();
        try {
            assertAnswers(((ServerConnector) jetty.getConnectors()[0]).getLocalPort());
        } finally {
            jetty.stop();
        }
    }

    /** Tomcat 9, as Spring Boot 2 has it inside. */
    @Test
    void inAContainerOfJavaxServlet() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        tomcat.setSilent(true);
        Context context = tomcat.addContext("", folder.toString());
        Tomcat.addServlet(context, "push", new JavaxPushServlet(storing()));
        context.addServletMappingDecoded("/push", "push");
        Tomcat.addServlet(context, "failing", new JavaxPushServlet(failing()));
        context.addServletMappingDecoded("/failing", "failing");
        tomcat.getConnector();
        tomcat.start();
        try {
            assertAnswers(tomcat.getConnector().getLocalPort());
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private PushEndpoint storing() {
        return PushEndpoint.builder(push -> calls.incrementAndGet()).folder(folder).build();
    }

    private PushEndpoint failing() {
        return PushEndpoint.builder(push -> {
            throw new IOException("not yet");
        }).folder(folder).build();
    }

    private void assertAnswers(int port) throws Exception {
        String url = "http://127.0.0.1:" + port + "/push";
        HttpResponse<String> answer = http("POST", url, body);
        assertEquals("1", answer.body());
        assertTrue(answer.headers().firstValue("content-type").orElse("").startsWith("text/plain"));
        assertEquals(400, http("POST", url, Arrays.copyOf(body, 99)).statusCode());
        for (String method : List.of("PUT", "GET", "OPTIONS", "post")) {
            HttpResponse<String> wrong = http(method, url, body);
            assertEquals(405, wrong.statusCode(), method);
            assertEquals("POST", wrong.headers().firstValue("allow").orElse(""), method);
            assertEquals("not acknowledged: method_not_allowed", wrong.body(), method);
        }
        assertEquals(405, http("HEAD", url, new byte[0]).statusCode());
        HttpResponse<String> refused = http("POST", "http://127.0.0.1:" + port + "/failing", body);
        assertEquals(500, refused.statusCode());
        assertEquals("not acknowledged: not_stored", refused.body());
        assertEquals(1, calls.get());
    }

    private static HttpResponse<String> http(String method, String url, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
