package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that the README shows, compiled and run against the platform. */
class ExampleTest {
    static final Path EXAMPLES = Path.of(System.getenv().getOrDefault("TEST_EXAMPLES", "../../examples"));

    @TempDir
    Path folder;

    /** Covers P-40: sent, signed, pushed, stored. */
    @Test
    void theWholeStory() throws Exception {
        compile("SignContract.java", folder);
        String address = "127.0.0.1:" + freePort();
        Path signed = folder.resolve("signed.pdf");
        try (Platform platform = new Platform("http://" + address + "/push")) {
            Process example = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/java", "-cp", folder + File.pathSeparator + classPath(),
                            "SignContract", platform.clientJson().toString(), EXAMPLES.resolve("contract.pdf").toString(),
                            signed.toString(), address, EXAMPLES.resolve("material.png").toString())
                    .redirectErrorStream(true).start();
            String out = new String(example.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, example.waitFor(), out);
            assertTrue(out.contains("accepted: ") && out.contains("saved " + signed), out);
        }
        byte[] document = Files.readAllBytes(signed);
        byte[] contract = Files.readAllBytes(EXAMPLES.resolve("contract.pdf"));
        assertTrue(document.length > contract.length);
        String text = new String(document, StandardCharsets.ISO_8859_1);
        assertEquals(3, text.split("/ByteRange", -1).length - 1, "one signature for each place");
    }

    /** For Java 8, as its readers may have. */
    static void compile(String example, Path folder) {
        compile(example, folder, "8");
    }

    /** With this package's main classes and nothing of its tests. */
    static void compile(String example, Path folder, String release) {
        int failed = ToolProvider.getSystemJavaCompiler().run(
                null, null, null, "--release", release, "-Xlint:all,-options,-processing", "-Werror",
                "-encoding", "UTF-8", "-cp", classPath(), "-d", folder.toString(),
                EXAMPLES.resolve("java").resolve(example).toString());
        assertEquals(0, failed, "the example does not compile");
    }

    static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
