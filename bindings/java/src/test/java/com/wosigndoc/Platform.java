package com.wosigndoc;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real platform, started on a free port with a fresh data folder. */
final class Platform implements AutoCloseable {
    final Path data;
    private final Process process;

    /** With further options of its command. */
    Platform(String callback, String... options) throws Exception {
        data = TestFolder.make("platform");
        List<String> command = new ArrayList<>(List.of(
                binary(), "dev", "--data", data.toString(), "--listen", "127.0.0.1:0"));
        if (callback != null) {
            command.addAll(List.of("--callback", callback));
        }
        command.addAll(List.of(options));
        process = new ProcessBuilder(command).redirectError(data.resolve("log").toFile()).start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.contains("listening on https://")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("the platform did not start: " + Files.readString(data.resolve("log")));
        }
        Thread drain = new Thread(() -> out.lines().forEach(ignored -> {}));
        drain.setDaemon(true);
        drain.start();
    }

    Path clientJson() {
        return data.resolve("client.json");
    }

    /** Runs one of the platform's administrative commands on its data. */
    void admin(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(binary()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        Process admin = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(admin.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (admin.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + out);
        }
    }

    private static String binary() {
        return System.getenv().getOrDefault("TEST_SERVER", "../../target/debug/wosigndoc-server");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
