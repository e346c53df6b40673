package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real order through the real platform, and the examples that verify. */
class VerifiedContractTest {
    private static final Path CONTRACT = ExampleTest.EXAMPLES.resolve("contract.pdf");

    @TempDir
    Path folder;

    private final List<String> answers = Collections.synchronizedList(new ArrayList<>());
    private String out;

    /** Covers P-33: what the platform signed is valid by the platform's CA, and by nothing else. */
    @Test
    void aRealOrder() throws Exception {
        ExampleTest.compile("TrustedSite.java", folder);
        ExampleTest.compile("VerifyContract.java", folder);
        String site = "127.0.0.1:" + ExampleTest.freePort();
        HttpServer between = between(URI.create("http://" + site + "/push"));
        Path signed = folder.resolve("signed.pdf");
        try (Platform platform = new Platform("http://127.0.0.1:" + between.getAddress().getPort() + "/push")) {
            Path ca = root(platform);
            int status = run("TrustedSite", platform.clientJson(), ca, CONTRACT,
                    ExampleTest.EXAMPLES.resolve("material.png"), folder, site);
            assertEquals(0, status, out);
            assertTrue(out.contains("taken: it is really signed"), out);
            assertTrue(out.contains("no such order: ANOTHER"), out);
            assertEquals(List.of("1", "not acknowledged: document_untrusted", "not acknowledged: not_stored", "1"), answers);
            whatTheDocumentProves(signed, ca);
            theExample(signed, ca);
        } finally {
            between.stop(0);
        }
    }

    /** Stands between platform and site: what a stranger posts comes before the platform's own push. */
    private HttpServer between(URI site) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            byte[] push = exchange.getRequestBody().readAllBytes();
            if (answers.isEmpty()) {
                byte[] document = PushReceiver.receive(push, PushOptions.DEFAULT).document();
                post(site, TestPush.failed("ANOTHER", -50).body());
                post(site, TestPush.signed("ANOTHER", Files.readAllBytes(Vectors.signed("stranger.pdf"))).body());
                post(site, TestPush.signed("ANOTHER", document).body());
            }
            byte[] answer = post(site, push).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    private String post(URI site, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(site).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
        String answer = HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString()).join().body();
        answers.add(answer);
        return answer;
    }

    /** Where the client's configuration says that the platform's CA is. */
    private static Path root(Platform platform) throws Exception {
        String file = JsonParser.parseString(Files.readString(platform.clientJson())).getAsJsonObject()
                .getAsJsonObject("roots").get("ca_file").getAsString();
        return platform.data.resolve(file);
    }

    private static void whatTheDocumentProves(Path signed, Path ca) throws Exception {
        SignOrder order = SignOrder.builder("A-1")
                .signer(Signer.organisation("云杉软件（示例）有限公司", "91350100M000100Y43"))
                .signer(Signer.person("李明", "11010519491231002X")).build();
        VerifyOptions trusted = VerifyOptions.builder().caFile(ca).order(order).sent(CONTRACT).build();
        VerificationReport report = Verification.verify(signed, trusted);
        assertEquals(Verdict.VALID, report.verdict(), report::toString);
        assertEquals(Boolean.TRUE, report.sent().same());
        assertTrue(report.signers().complete());
        assertEquals(3, report.signatures().stream().filter(each -> each.kind() == SignatureReport.Kind.SIGNATURE).count());
        assertTrue(Verification.verify(Files.readAllBytes(signed), trusted).isValid());

        VerificationReport nobody = Verification.verify(signed, VerifyOptions.builder().build());
        assertEquals(Verdict.INVALID, nobody.verdict());
        assertEquals(VerificationReport.State.INTACT, nobody.state());

        SignOrder turned = SignOrder.builder("A-1")
                .signer(Signer.person("李明", "11010519491231002X"))
                .signer(Signer.organisation("云杉软件（示例）有限公司", "91350100M000100Y43")).build();
        assertEquals(Verdict.INVALID, Verification.verify(signed, trusted.toBuilder().order(turned).build()).verdict());
        byte[] other = Files.readAllBytes(Vectors.signed("unsigned.pdf"));
        assertEquals(Boolean.FALSE, Verification.verify(signed, trusted.toBuilder().sent(other).build()).sent().same());

        List<TrustBlock> seen = Verification.trustOf(signed, VerifyOptions.builder().build()).trust();
        assertTrue(Verification.verify(signed, VerifyOptions.builder().trust(seen).build()).isValid());
    }

    private void theExample(Path signed, Path ca) throws Exception {
        assertEquals(0, run("VerifyContract", signed, ca), out);
        assertTrue(out.startsWith("VALID"), out);
        assertEquals(1, run("VerifyContract", signed), out);
        assertTrue(out.startsWith("INVALID") && out.contains("untrusted: "), out);
        assertEquals(2, run("VerifyContract", Vectors.signed("no-pdf.pdf"), ca), out);
        assertEquals(3, run("VerifyContract", signed, folder.resolve("none.pem")), out);
        assertTrue(out.contains("roots.ca_file"), out);
        assertEquals(3, run("VerifyContract"), out);
    }

    private int run(String example, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-cp",
                folder + File.pathSeparator + ExampleTest.classPath(), example));
        Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor();
    }
}
