package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the packaged libraries is taken on which platform, each judged on this one. */
class NativePlatformTest {
    private static final String GLIBC =
            maps("/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");

    @Test
    void linuxByItsLibc() {
        String x64 = "linux-x86-64/libwosigndoc.so";
        String x64Musl = "linux-x86-64-musl/libwosigndoc.so";
        String oldGlibc = maps("/lib64/libc-2.17.so", "/lib64/ld-2.17.so");
        // What cannot be told is tried as a glibc, the more frequent.
        for (String each : List.of(GLIBC, oldGlibc, "", maps("/opt/ld-musl-tools/libx.so", "/opt/libc.so.d/libx.so"))) {
            assertEquals(List.of(x64, x64Musl), new NativePlatform("Linux", "amd64", "64", each).resources(), each);
        }
        String alpine = maps("/usr/lib/jvm/java-17/lib/server/libjvm.so", "/lib/ld-musl-x86_64.so.1");
        String updated = maps("/lib/ld-musl-x86_64.so.1 (deleted)", "/usr/lib/libz.so.1");
        String linked = maps("/usr/lib/x86_64-linux-musl/libc.so", "/usr/lib/libz.so.1");
        for (String each : List.of(alpine, updated, linked)) {
            assertEquals(List.of(x64Musl, x64), new NativePlatform("Linux", "amd64", "64", each).resources(), each);
        }
        assertEquals(List.of("linux-aarch64-musl/libwosigndoc.so", "linux-aarch64/libwosigndoc.so"),
                new NativePlatform("Linux", "aarch64", "64", maps("/lib/ld-musl-aarch64.so.1")).resources());
        assertEquals(List.of("linux-aarch64/libwosigndoc.so", "linux-aarch64-musl/libwosigndoc.so"),
                new NativePlatform("Linux", "aarch64", null, GLIBC).resources());
    }

    @Test
    void windows() {
        for (String each : List.of("Windows 10", "Windows 11", "Windows Server 2019", "Windows 7")) {
            NativePlatform platform = new NativePlatform(each, "amd64", "64", "");
            assertEquals(List.of("win32-x86-64/wosigndoc.dll"), platform.resources());
            assertFalse(platform.narrow());
        }
    }

    /** The system is not asked there: it would look for a bare name in the current folder and in those of PATH. */
    @Test
    void thePackageAloneOnWindows() {
        TriedPlaces tried = new TriedPlaces();
        assertNull(NativeLibraryLoader.find(new NativePlatform("Windows 10", "amd64", "64", ""), null, tried));
        assertTrue(tried.inEnglish().startsWith("the packaged win32-x86-64/wosigndoc.dll: "), tried.inEnglish());
        assertFalse(tried.inEnglish().contains("the system's"), tried.inEnglish());
        assertNull(new NativePlatform("Windows 11", "aarch64", "64", "").installed());
        for (String each : List.of("Linux", "Mac OS X", "FreeBSD")) {
            assertEquals("wosigndoc", new NativePlatform(each, "amd64", "64", "").installed(), each);
        }
    }

    /** The same system may run a virtual machine of either width: the virtual machine's counts. */
    @Test
    void thirtyTwoBits() {
        for (NativePlatform each : List.of(
                new NativePlatform("Windows 10", "x86", "32", ""), new NativePlatform("Windows 10", "x86", null, ""),
                new NativePlatform("Linux", "i386", "32", GLIBC), new NativePlatform("Linux", "arm", null, GLIBC),
                new NativePlatform("Linux", "aarch64", "32", GLIBC))) {
            assertTrue(each.narrow(), each.toString());
            assertEquals(List.of(), each.resources(), each.toString());
        }
        NativeLibraryException failure =
                NativeLibraryException.not64Bit(new NativePlatform("Windows 10", "x86", "32", ""));
        assertEquals("this is a 32-bit Java (Windows 10 x86), and this package has native libraries for a 64-bit one on"
                + " Linux (x86-64 and arm64, glibc and musl) and Windows (x86-64); install a 64-bit Java and run the"
                + " program with it", failure.messageEn());
        assertTrue(failure.messageZh().contains("32 位 Java（Windows 10 x86）"), failure.messageZh());
        assertTrue(failure.messageZh().endsWith("请安装 64 位 Java 并用它运行程序"), failure.messageZh());
    }

    @Test
    void platformsWithoutALibrary() {
        for (NativePlatform each : List.of(
                new NativePlatform("Mac OS X", "aarch64", "64", ""), new NativePlatform("FreeBSD", "amd64", "64", ""),
                new NativePlatform("Linux", "loongarch64", "64", GLIBC),
                new NativePlatform("Linux", "s390x", "64", GLIBC))) {
            assertEquals(List.of(), each.resources(), each.toString());
            assertFalse(each.narrow());
            NativeLibraryException failure = NativeLibraryException.noneFor(each);
            String start = "this package has no native library for " + each + ", only for Linux";
            assertTrue(failure.messageEn().startsWith(start), failure.messageEn());
            assertTrue(failure.messageZh().startsWith("本包没有 " + each + " 的原生库"), failure.messageZh());
            for (String text :
                    List.of(failure.messageEn(), failure.messageZh(), failure.advice(), failure.adviceZh())) {
                assertTrue(text.contains("WOSIGNDOC_LIBRARY") && text.contains("wosigndoc.library"), text);
                assertFalse(text.contains("Windows on Arm") || text.contains("Arm 版"), text);
            }
        }
    }

    /** Windows on Arm runs a Java for x86-64, which the package has a library for. */
    @Test
    void windowsOnArm() {
        NativePlatform platform = new NativePlatform("Windows 11", "aarch64", "64", "");
        assertEquals(List.of(), platform.resources());
        NativeLibraryException failure = NativeLibraryException.noneFor(platform);
        assertTrue(failure.advice().startsWith("install a Java for x86-64"), failure.advice());
        assertTrue(failure.adviceZh().startsWith("请安装 x86-64 版 Java"), failure.adviceZh());
        assertTrue(failure.advice().contains("WOSIGNDOC_LIBRARY"), failure.advice());
    }

    /** Windows deletes no library that is loaded: JNA is told to do it later, for files that it unpacked itself. */
    @Test
    void unpackedLibrariesAreMarkedOnWindows(@TempDir Path folder) throws Exception {
        NativePlatform windows = new NativePlatform("Windows 10", "amd64", "64", "");
        NativePlatform linux = new NativePlatform("Linux", "amd64", "64", GLIBC);
        File unpacked = Files.createFile(folder.resolve("jna123.dll")).toFile();
        File site = Files.createFile(folder.resolve("wosigndoc.dll")).toFile();
        NativeLibraryLoader.markForRemoval(linux, unpacked);
        assertFalse(Files.exists(folder.resolve("jna123.dll.x")));
        NativeLibraryLoader.markForRemoval(windows, site);
        assertFalse(Files.exists(folder.resolve("wosigndoc.dll.x")));
        NativeLibraryLoader.markForRemoval(windows, unpacked);
        assertTrue(Files.exists(folder.resolve("jna123.dll.x")));
    }

    /** As Linux writes them. */
    private static String maps(String... files) {
        StringBuilder maps = new StringBuilder("55d0c8a00000-55d0c8a01000 r--p 00000000 08:01 131 /usr/bin/java\n");
        for (String each : files) {
            maps.append("7f5e2c000000-7f5e2c026000 r-xp 00000000 08:01 1312 ").append(each).append('\n');
        }
        return maps.append("7ffd1b5f1000-7ffd1b612000 rw-p 00000000 00:00 0 [stack]\n").toString();
    }
}
