package com.wosigndoc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Folders for what outlives a test method; they go when the tests end. */
final class TestFolder {
    private static final List<Path> MADE = new CopyOnWriteArrayList<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> MADE.forEach(TestFolder::delete)));
    }

    private TestFolder() {}

    static Path make(String name) throws IOException {
        Path folder = Files.createTempDirectory("wosigndoc-" + name);
        MADE.add(folder);
        return folder;
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepest = all.collect(Collectors.toList());
            Collections.reverse(deepest);
            for (Path each : deepest) {
                Files.deleteIfExists(each);
            }
        } catch (IOException stays) {
            throw new UncheckedIOException(stays);
        }
    }
}
