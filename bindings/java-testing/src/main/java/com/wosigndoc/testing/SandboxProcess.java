package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The sandbox's process. It lives as long as the pipe to its standard input is open: it ends when this process is killed, too. */
final class SandboxProcess {
    private static final int MAX_START_SECONDS = 60;
    private static final int MAX_END_SECONDS = 10;

    final JsonObject told;
    final ProcessLog log;
    final Process process;

    SandboxProcess(List<String> command) {
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException cause) {
            throw new SandboxException(
                    command.get(0) + " cannot be run", command.get(0) + " 无法运行", cause);
        }
        log = new ProcessLog(process.getErrorStream());
        told = firstLine();
    }

    /** Reads what the program tells when it is ready. */
    private JsonObject firstLine() {
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread reader = new Thread(() -> readLines(line), "wosigndoc-sandbox-output");
        reader.setDaemon(true);
        reader.start();
        String cause = "the program did not get ready within " + MAX_START_SECONDS + " s";
        String causeZh = "程序在 " + MAX_START_SECONDS + " 秒内未就绪";
        try {
            String first = line.get(MAX_START_SECONDS, TimeUnit.SECONDS);
            if (first != null) {
                return JsonParser.parseString(first).getAsJsonObject();
            }
            cause = "the program ended";
            causeZh = "程序已退出";
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            cause = "interrupted";
            causeZh = "已中断";
        } catch (JsonParseException | IllegalStateException other) {
            cause = "the program does not know `dev --temporary`: take one of this package's version";
            causeZh = "该程序不支持 `dev --temporary`：请使用与本包版本相同的程序";
        } catch (ExecutionException | TimeoutException late) {
            // Said already.
        }
        end();
        String said = log.since(0);
        throw new SandboxException("the sandbox did not start, " + cause + ":\n" + said, "沙箱未能启动：" + causeZh + "：\n" + said);
    }

    private void readLines(CompletableFuture<String> line) {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            line.complete(out.readLine());
            while (out.readLine() != null) {
                // A full pipe would hold the program up.
                continue;
            }
        } catch (IOException ended) {
            line.complete(null);
        }
    }

    void end() {
        end(MAX_END_SECONDS);
    }

    /** Ends the program by closing its standard input; kills it when it has not ended after so many seconds. */
    void end(int seconds) {
        boolean interrupted = Thread.interrupted();
        try {
            process.getOutputStream().close();
        } catch (IOException ended) {
            // Then nobody holds the pipe any longer, which is what closing is for.
        }
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                deleteFolder();
            }
            log.join();
        } catch (InterruptedException stop) {
            interrupted = true;
            process.destroyForcibly();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Deletes what a program that was killed could not delete itself. */
    private void deleteFolder() {
        Path folder = told == null ? null : Paths.get(told.get("data").getAsString());
        if (folder == null || !folder.getFileName().toString().startsWith("wosigndoc-sandbox-")) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException remains) {
            // The next sandbox deletes what is left behind here.
        }
    }
}
