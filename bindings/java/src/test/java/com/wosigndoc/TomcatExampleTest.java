package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example for Tomcat without Spring, compiled, and found by a Tomcat 9 among the classes of a site. */
class TomcatExampleTest {
    /** Larger than the 2 MB that Tomcat reads of a form. */
    private static final int SIZE = 3_000_000;

    @TempDir
    Path folder;

    @Test
    void receivesAlsoWhenItIsDeployedAnew() throws Exception {
        Path contracts = folder.resolve("contracts");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        tomcat.setSilent(true);
        try (Platform platform = new Platform(null)) {
            Context context = tomcat.addContext("", site(platform.clientJson(), contracts).toString());
            // Looks for settings and annotated classes, as it does in an unpacked .war.
            context.addLifecycleListener(new ContextConfig());
            tomcat.getConnector();
            tomcat.start();
            int port = tomcat.getConnector().getLocalPort();
            assertStored(port, contracts, "A-1", Pushes.document(SIZE, 1));
            WoSignDocClient first = (WoSignDocClient) context.getServletContext().getAttribute("wosigndoc");
            assertFalse(first.about().endpoint().isEmpty());

            context.reload();
            assertThrows(IllegalStateException.class, () -> first.create(SignOrder.ofJson("{}")));
            assertNotSame(first, context.getServletContext().getAttribute("wosigndoc"));
            assertStored(port, contracts, "A-2", Pushes.document(SIZE, 2));
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private Path site(Path client, Path contracts) throws Exception {
        Path site = folder.resolve("site");
        ExampleTest.compile("TomcatSite.java", Files.createDirectories(site.resolve("WEB-INF/classes")));
        Files.writeString(site.resolve("WEB-INF/web.xml"), "<web-app xmlns='http://xmlns.jcp.org/xml/ns/javaee' version='3.1'>"
                + parameter("client", client) + parameter("contracts", contracts) + "</web-app>");
        return site;
    }

    private static String parameter(String name, Path value) {
        return "<context-param><param-name>" + name + "</param-name><param-value>" + value
                + "</param-value></context-param>";
    }

    private static void assertStored(int port, Path contracts, String number, byte[] document) throws Exception {
        TestPush push = TestPush.signed(number, document);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/push"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(push.body())).build();
        assertEquals("1", HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
        assertArrayEquals(document, Files.readAllBytes(contracts.resolve(push.received().sha256() + ".pdf")));
    }
}
