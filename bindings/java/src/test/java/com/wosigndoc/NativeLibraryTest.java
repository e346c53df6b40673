package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding the native library: each case in a virtual machine of its own, as it is loaded once a process. */
class NativeLibraryTest {
    private static final String LIBRARY = System.getenv("WOSIGNDOC_LIBRARY");
    private static final String RESOURCE = com.sun.jna.Platform.RESOURCE_PREFIX + "/" + System.mapLibraryName("wosigndoc");

    @TempDir
    Path folder;

    @Test
    void byTheVariable() throws Exception {
        Path named = real("variable");
        assertLoaded(named, new Probing().variable(named));
    }

    @Test
    void byTheProperty() throws Exception {
        Path named = real("property");
        assertLoaded(named, new Probing().property(named));
    }

    @Test
    void byTheProgram() throws Exception {
        Path named = real("program");
        assertLoaded(named, new Probing().program(named));
    }

    @Test
    void fromTheSystem() throws Exception {
        Path installed = real("system");
        assertLoaded(installed, new Probing().system(installed.getParent()));
    }

    /** As it is shipped: inside a jar, from which it is extracted. */
    @Test
    void fromTheJar() throws Exception {
        Path jar = folder.resolve("natives.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.setLevel(Deflater.NO_COMPRESSION);
            out.putNextEntry(new JarEntry(RESOURCE));
            Files.copy(Path.of(LIBRARY), out);
            out.closeEntry();
        }
        String out = new Probing().classPath(jar).run();
        assertTrue(out.startsWith("loaded 0.") && out.contains("jna"), out);
        assertFalse(out.contains(LIBRARY), out);
    }

    /** The program, the property, the variable, the package, the system: the first that names one is taken. */
    @Test
    void whoseWordCounts() throws Exception {
        Path packaged = copy(folder.resolve("package").resolve(RESOURCE));
        Path program = real("program");
        Path property = real("property");
        Path variable = real("variable");
        Probing all = new Probing().system(real("system").getParent()).classPath(folder.resolve("package"));
        assertLoaded(packaged, all);
        assertLoaded(variable, all.variable(variable));
        assertLoaded(property, all.property(property));
        assertLoaded(program, all.program(program));
    }

    /** What somebody named is what they want: when it is not there, no other is taken for it. */
    @Test
    void noOtherInItsPlace() throws Exception {
        copy(folder.resolve("package").resolve(RESOURCE));
        Probing packaged = new Probing().classPath(folder.resolve("package"));
        Path nowhere = folder.resolve("libnothere.so");
        for (String out : List.of(
                packaged.variable(nowhere).run(),
                packaged.property(nowhere).variable(real("variable")).run(),
                packaged.program(nowhere).property(real("property")).run())) {
            assertTrue(out.startsWith("NativeLibraryException") && out.contains("libnothere.so"), out);
        }
    }

    @Test
    void missing() throws Exception {
        String out = new Probing().variable(folder.resolve("libnothere.so")).run();
        assertTrue(out.startsWith("NativeLibraryException"), out);
        assertTrue(out.contains("libnothere.so") && out.contains("WOSIGNDOC_LIBRARY"), out);
    }

    @Test
    void notThisLibrary() throws Exception {
        String out = new Probing().variable(fake("int something(void) { return 1; }")).run();
        assertTrue(out.startsWith("NativeLibraryException") && out.contains("wsd_abi_version"), out);
    }

    @Test
    void tooOld() throws Exception {
        String out = new Probing().variable(fake("unsigned wsd_abi_version(void) { return 0; }")).run();
        assertTrue(out.startsWith("NativeLibraryException"), out);
        assertTrue(out.contains("ABI 0") && out.contains("too old"), out);
    }

    @Test
    void incomplete() throws Exception {
        String out = new Probing().variable(fake("unsigned wsd_abi_version(void) { return 1; }")).run();
        assertTrue(out.startsWith("NativeLibraryException") && out.contains("lacks functions"), out);
    }

    @Test
    void namesEveryPlaceTried() throws Exception {
        Path old = fake("unsigned wsd_abi_version(void) { return 0; }");
        String out = new Probing().system(old.getParent()).run();
        assertTrue(out.startsWith("NativeLibraryException"), out);
        assertTrue(out.contains("the packaged /" + RESOURCE) && out.contains("the system's wosigndoc: has ABI 0"), out);
    }

    /** Each entry, and not the first alone, tells that JNA cannot be used, whichever library is named, and what to do. */
    @Test
    void whereJnaCannotBeUsed() throws Exception {
        List<Probing> all = new ArrayList<>();
        all.add(new Probing().option("-Djna.nounpack=true"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        String mount = "mount -t tmpfs -o noexec none " + temporary + " && exec \"$@\"";
        List<String> mounted = List.of("unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh");
        if (works(mounted, "true")) {
            all.add(new Probing().option("-Djna.tmpdir=" + temporary).within(mounted));
        } else {
            System.out.println("java: no folder without execution is tried: this user may not mount one");
        }
        for (Probing each : all) {
            String out = each.variable(real("named")).program(folder.resolve("named/libwosigndoc.so")).run();
            List<String> lines = out.lines().filter(line -> !line.startsWith("[")).collect(Collectors.toList());
            assertEquals(6, lines.size(), out);
            for (String line : lines) {
                assertTrue(line.startsWith("NativeLibraryException JNA could not load its own native part: "), line);
                assertTrue(line.contains("-Djna.tmpdir=FOLDER") && line.contains("-Djna.boot.library.path=FOLDER")
                        && line.contains("-Djna.nosys=false") && line.contains("JNA 无法加载"), line);
            }
        }
    }

    private static boolean works(List<String> within, String command) throws Exception {
        List<String> all = new ArrayList<>(within);
        all.add(command);
        return new ProcessBuilder(all).redirectErrorStream(true).start().waitFor() == 0;
    }

    private void assertLoaded(Path library, Probing probing) throws Exception {
        String out = probing.run();
        assertTrue(out.startsWith("loaded 0.") && out.endsWith(" from " + library), out);
    }

    /** The library of this tree, in a folder of this name. */
    private Path real(String place) throws Exception {
        return copy(folder.resolve(place).resolve("libwosigndoc.so"));
    }

    private static Path copy(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        return Files.exists(file) ? file : Files.copy(Path.of(LIBRARY), file);
    }

    private Path classesAlone(Path classes) throws Exception {
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

    private Path fake(String source) throws Exception {
        Path c = Files.writeString(folder.resolve("fake.c"), source);
        Path so = Files.createDirectories(folder.resolve("fake")).resolve("libwosigndoc.so");
        Process cc = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", so.toString(), c.toString()).inheritIO().start();
        assertEquals(0, cc.waitFor());
        return so;
    }

    /** A virtual machine in which the library is looked for, and where it may be found. */
    private final class Probing {
        private final List<String> before = new ArrayList<>();
        private final List<String> options = new ArrayList<>();
        private String classPath;
        private Path variable;
        private Path program;

        /** Without natives, if this package was built with some. */
        Probing() throws Exception {
            Path own = Path.of(WoSignDoc.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            classPath = classesAlone(own) + File.pathSeparator
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
            command.add("com.wosigndoc.NativeLibraryTest$Probe");
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
