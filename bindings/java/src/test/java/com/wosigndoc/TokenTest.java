package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README whose key stays on a token, here one of SoftHSM, compiled and run against the platform. */
class TokenTest {
    private static final Path EXAMPLES = Path.of(System.getenv().getOrDefault("TEST_EXAMPLES", "../../examples"));
    private static final Path MODULE = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    private static final String PIN = "271828";

    @TempDir
    Path folder;

    /** Covers P-3: keys that were made on the token, and cannot be had from it, show who sends. */
    @Test
    void aKeyOnAToken() throws Exception {
        assertTrue(Files.exists(MODULE), "scripts/setup installs SoftHSM");
        ExampleTest.compile("TokenContract.java", folder, "17");
        Path settings = token();
        try (Platform platform = new Platform(null)) {
            for (String algorithm : List.of("EC", "RSA")) {
                Path certificate = folder.resolve(algorithm + ".pem");
                keytool(settings, "-genkeypair", "-alias", algorithm, "-keyalg", algorithm, "-dname", "CN=Shop " + algorithm,
                        "-ext", "EKU=clientAuth", "-ext", "KU=digitalSignature");
                keytool(settings, "-exportcert", "-rfc", "-alias", algorithm, "-file", certificate.toString());
                // The alias belongs to nobody yet.
                String before = example(platform, settings, algorithm);
                assertTrue(before.contains("[-80]"), before);
                JsonObject config = JsonParser.parseString(Files.readString(platform.clientJson())).getAsJsonObject();
                platform.admin("token", "key", config.get("tokenid").getAsString(), certificate.toString());
                String out = example(platform, settings, algorithm);
                assertTrue(out.contains("accepted: "), out);
                assertTrue(out.contains("ok      identity: CN=Shop " + algorithm), out);
            }
        }
    }

    /** Makes a token, and returns the settings by which Java finds it. */
    private Path token() throws Exception {
        Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + folder.resolve("tokens") + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        run(List.of("softhsm2-util", "--init-token", "--free", "--label", "shop", "--pin", PIN, "--so-pin", "314159"));
        String never = "{ CKA_TOKEN = true\n CKA_SENSITIVE = true\n CKA_EXTRACTABLE = false }\n";
        return Files.writeString(folder.resolve("pkcs11.cfg"), "name = Shop\nlibrary = " + MODULE + "\nslotListIndex = 0\n"
                + "attributes(generate, CKO_PRIVATE_KEY, *) = " + never);
    }

    private void keytool(Path settings, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(java("keytool")));
        command.addAll(List.of(words));
        command.addAll(List.of("-keystore", "NONE", "-storetype", "PKCS11", "-storepass", PIN, "-providerClass",
                "sun.security.pkcs11.SunPKCS11", "-providerArg", settings.toString()));
        run(command);
    }

    private String example(Platform platform, Path settings, String alias) throws Exception {
        return output(List.of(java("java"), "-cp", folder + File.pathSeparator + ExampleTest.classPath(), "TokenContract",
                platform.clientJson().toString(), platform.data.resolve("ca.pem").toString(),
                EXAMPLES.resolve("contract.pdf").toString(), EXAMPLES.resolve("material.png").toString(),
                settings.toString(), alias, PIN)).text;
    }

    private void run(List<String> command) throws Exception {
        Output output = output(command);
        assertEquals(0, output.status, output.text);
    }

    private Output output(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // The module reads it in the process that loads it.
        builder.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), text);
    }

    private static String java(String program) {
        return System.getProperty("java.home") + "/bin/" + program;
    }

    private static final class Output {
        final int status;
        final String text;

        Output(int status, String text) {
            this.status = status;
            this.text = text;
        }
    }
}
