package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding the native library: each case in a virtual machine of its own, as it is loaded once a process. */
class NativeLibraryTest {
    @TempDir
    Path folder;

    @Test
    void isFoundAndSaysItsVersion() throws Exception {
        String out = probe(System.getenv("WOSIGNDOC_LIBRARY"));
        assertTrue(out.startsWith("loaded 0."), out);
    }

    @Test
    void missing() throws Exception {
        String out = probe(folder.resolve("libnothere.so").toString());
        assertTrue(out.startsWith("NativeLibraryException"), out);
        assertTrue(out.contains("libnothere.so") && out.contains("WOSIGNDOC_LIBRARY"), out);
    }

    @Test
    void notThisLibrary() throws Exception {
        String out = probe(library("int something(void) { return 1; }"));
        assertTrue(out.startsWith("NativeLibraryException") && out.contains("wsd_abi_version"), out);
    }

    @Test
    void tooOld() throws Exception {
        String out = probe(library("unsigned wsd_abi_version(void) { return 0; }"));
        assertTrue(out.startsWith("NativeLibraryException"), out);
        assertTrue(out.contains("ABI 0") && out.contains("too old"), out);
    }

    @Test
    void incomplete() throws Exception {
        String out = probe(library("unsigned wsd_abi_version(void) { return 1; }"));
        assertTrue(out.startsWith("NativeLibraryException") && out.contains("lacks functions"), out);
    }

    @Test
    void namesEveryPlaceTried() throws Exception {
        String out = probe(null);
        // Neither packaged nor installed on a machine that builds it: or else it loads.
        assertTrue(out.startsWith("loaded 0.") || (out.contains("packaged") && out.contains("system's")), out);
    }

    private String library(String source) throws Exception {
        Path c = Files.writeString(folder.resolve("fake.c"), source);
        Path so = folder.resolve("libfake.so");
        Process cc = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", so.toString(), c.toString()).inheritIO().start();
        assertEquals(0, cc.waitFor());
        return so.toString();
    }

    private static String probe(String library) throws Exception {
        ProcessBuilder command = new ProcessBuilder(List.of(
                System.getProperty("java.home") + "/bin/java", "-cp", System.getProperty("java.class.path"),
                "com.wosigndoc.NativeLibraryTest$Probe"));
        command.environment().remove("WOSIGNDOC_LIBRARY");
        if (library != null) {
            command.environment().put("WOSIGNDOC_LIBRARY", library);
        }
        Process process = command.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    /** Says what loading comes to. */
    static final class Probe {
        public static void main(String[] args) {
            try {
                System.out.println("loaded " + WoSignDoc.version() + " from " + WoSignDoc.libraryFile());
            } catch (WoSignDocException error) {
                System.out.println(error.getClass().getSimpleName() + " " + error.getMessage());
            }
        }
    }
}
