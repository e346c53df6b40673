package com.wosigndoc;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A virtual machine in which the library is looked for, and where it may be found. */
final class Probing {
    private final List<String> before = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private String classPath;
    private Path variable;
    private Path program;

    /** Without natives, if this package was built with some. */
    Probing(Path folder) throws Exception {
        Path own = Path.of(WoSignDoc.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        classPath = classesAlone(own, folder) + File.pathSeparator
                + Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !Path.of(entry).equals(own))
                        .collect(Collectors.joining(File.pathSeparator));
    }

    Probing variable(Path library) {
        variable = library;
        return this;
    }

    Probing property(Path library) {
        options.add("-Dwosigndoc.library=" + library);
        return this;
    }

    Probing option(String option) {
        options.add(option);
        return this;
    }

    /** Runs it by another program. */
    Probing within(List<String> command) {
        before.addAll(command);
        return this;
    }

    Probing program(Path library) {
        program = library;
        return this;
    }

    /** Where the system's libraries lie. */
    Probing system(Path libraries) {
        options.add("-Djna.library.path=" + libraries);
        return this;
    }

    Probing classPath(Path entry) {
        classPath = entry + File.pathSeparator + classPath;
        return this;
    }

    String run() throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(System.getProperty("java.home") + "/bin/java", "-cp", classPath));
        command.addAll(options);
        command.add("com.wosigndoc.Probing$Probe");
        if (program != null) {
            command.add(program.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("WOSIGNDOC_LIBRARY");
        if (variable != null) {
            builder.environment().put("WOSIGNDOC_LIBRARY", variable.toString());
        }
        Process process = builder.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        process.waitFor();
        return out;
    }

    private static Path classesAlone(Path classes, Path folder) throws Exception {
        Path jar = folder.resolve("classes.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class")).collect(Collectors.toList())) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    /** Says what loading comes to. */
    static final class Probe {
        public static void main(String[] args) {
            boolean works = say(() -> {
                if (args.length > 0) {
                    WoSignDoc.useLibrary(Path.of(args[0]));
                }
                System.out.println("loaded " + WoSignDoc.version() + " from " + WoSignDoc.libraryFile());
            });
            if (works || args.length == 0) {
                return;
            }
            // Whatever comes first in a program.
            ByteBuffer buffer = ByteBuffer.allocateDirect(3);
            say(() -> PushReceiver.receive(new byte[3], PushOptions.DEFAULT));
            say(() -> PushReceiver.receive(buffer, buffer.duplicate(), PushOptions.DEFAULT));
            say(() -> PushReceiver.open(PushOptions.DEFAULT, buffer));
            say(() -> PushEndpoint.builder(push -> {}).build().check());
            say(() -> WoSignDocClient.validate(ClientConfig.ofJson("{}"),
                    SignOrder.builder("A-1").pdf(DocumentSource.bytes(new byte[3])).build()));
        }

        private interface Step {
            void run() throws Exception;
        }

        private static boolean say(Step step) {
            try {
                step.run();
                return true;
            } catch (Throwable error) {
                System.out.println(error.getClass().getSimpleName() + " " + error.getMessage());
                return false;
            }
        }
    }
}
