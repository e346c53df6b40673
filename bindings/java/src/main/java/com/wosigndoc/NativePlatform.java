package com.wosigndoc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells which of the packaged native libraries a process can load, by what Java and the system say of it: each
 * platform can so be tried on any other.
 */
final class NativePlatform {
    /** What the package has, for messages. */
    static final String PACKAGED = "Linux (x86-64 and arm64, glibc and musl) and Windows (x86-64)";

    static final String PACKAGED_ZH = "Linux（x86-64 和 arm64，glibc 和 musl）和 Windows（x86-64）";

    private static final Pattern NARROW = Pattern.compile("x86|i[3-6]86|arm|arm32|armv[4-7].*");
    // The musl is ld-musl-x86_64.so.1, or libc.so where that is a link to it. The glibc is libc.so.6 or libc-2.17.so.
    private static final Pattern MUSL =
            Pattern.compile("/(ld-musl-[^/\n]*\\.so\\.1|libc\\.so)( \\(deleted\\))?$", Pattern.MULTILINE);

    private final String system;
    private final String architecture;
    private final boolean narrow;
    private final boolean musl;

    /**
     * Judges a platform.
     *
     * @param system the property {@code os.name}
     * @param architecture the property {@code os.arch}
     * @param bits the property {@code sun.arch.data.model}, which not every virtual machine has
     * @param maps what the process has loaded, as Linux writes it in {@code /proc/self/maps}; not what lies on the disk,
     *     where the other libc may lie too
     */
    NativePlatform(String system, String architecture, String bits, String maps) {
        this.system = system;
        this.architecture = architecture;
        narrow = "32".equals(bits) || NARROW.matcher(architecture.toLowerCase(Locale.ROOT)).matches();
        musl = MUSL.matcher(maps).find();
    }

    /** Judges the platform of this process. */
    static NativePlatform current() {
        return new NativePlatform(System.getProperty("os.name"), System.getProperty("os.arch"),
                System.getProperty("sun.arch.data.model"), maps());
    }

    /** Says whether the virtual machine is a 32-bit one, perhaps on a 64-bit system. */
    boolean narrow() {
        return narrow;
    }

    boolean windows() {
        return system.startsWith("Windows");
    }

    /** Says whether this is Windows on Arm, which also runs a Java for x86-64. */
    boolean windowsOnArm() {
        return windows() && "aarch64".equals(folderName());
    }

    /**
     * Returns the libraries in the package that may fit, in the order in which to try them: one of the wrong libc does
     * not load, and nothing else happens.
     *
     * @return their paths in the jar; none where the package has no library for this platform
     */
    List<String> resources() {
        String name = folderName();
        if (narrow || !name.equals("x86-64") && !name.equals("aarch64")) {
            return Collections.emptyList();
        }
        if (windows()) {
            return name.equals("x86-64")
                    ? Collections.singletonList("win32-x86-64/wosigndoc.dll")
                    : Collections.emptyList();
        }
        if (!system.equals("Linux")) {
            return Collections.emptyList();
        }
        // JNA, whose names for folders these are, has none for musl.
        List<String> both = new ArrayList<>(Arrays.asList(
                "linux-" + name + "/libwosigndoc.so", "linux-" + name + "-musl/libwosigndoc.so"));
        if (musl) {
            Collections.reverse(both);
        }
        return both;
    }

    /**
     * Returns the name by which the system knows an installed library.
     *
     * @return null on Windows: nothing looks for a bare name there, since the current folder and every folder of PATH
     *     could hand in a file
     */
    String installed() {
        return windows() ? null : "wosigndoc";
    }

    /** Names the platform as Java does. */
    @Override
    public String toString() {
        return system + " " + architecture;
    }

    /** Returns the architecture as JNA names it. */
    private String folderName() {
        switch (architecture.toLowerCase(Locale.ROOT)) {
            case "amd64":
            case "x86_64":
                return "x86-64";
            case "arm64":
                return "aarch64";
            default:
                return architecture.toLowerCase(Locale.ROOT);
        }
    }

    private static String maps() {
        try {
            // Names of files may be in any encoding; those looked for are ASCII.
            return new String(Files.readAllBytes(Paths.get("/proc/self/maps")), StandardCharsets.ISO_8859_1);
        } catch (IOException none) {
            // Another system, or one that hides it.
            return "";
        }
    }
}
