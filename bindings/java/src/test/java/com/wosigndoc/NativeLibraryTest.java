package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding the native library: each case in a virtual machine of its own, as it is loaded once a process. */
class NativeLibraryTest {
    private static final String LIBRARY = System.getenv("WOSIGNDOC_LIBRARY");
    private static final List<String> RESOURCES = NativePlatform.current().resources();
    private static final String RESOURCE = RESOURCES.get(0);

    @TempDir
    Path folder;

    @Test
    void byTheVariable() throws Exception {
        Path named = real("variable");
        assertLoaded(named, new Probing(folder).variable(named));
    }

    @Test
    void byTheProperty() throws Exception {
        Path named = real("property");
        assertLoaded(named, new Probing(folder).property(named));
    }

    @Test
    void byTheProgram() throws Exception {
        Path named = real("程序 库");
        assertLoaded(named, new Probing(folder).program(named));
    }

    @Test
    void fromTheSystem() throws Exception {
        Path installed = real("system");
        assertLoaded(installed, new Probing(folder).system(installed.getParent()));
    }

    /** As it is shipped: inside a jar, from which it is extracted. */
    @Test
    void fromTheJar() throws Exception {
        String out = new Probing(folder).classPath(jar()).run();
        assertTrue(out.startsWith("loaded 0.") && out.contains("jna"), out);
        assertFalse(out.contains(LIBRARY), out);
    }

    /** Where the libc cannot be told, the file of the wrong one does not load, and the other is taken. */
    @Test
    void theOtherLibcsIsTriedToo() throws Exception {
        Path wrong = folder.resolve("package").resolve(RESOURCE);
        Files.createDirectories(wrong.getParent());
        Files.copy(dependingOn("libc.other.so.1"), wrong);
        Probing packaged = new Probing(folder).classPath(folder.resolve("package"));
        String out = packaged.run();
        assertTrue(out.startsWith("NativeLibraryException") && out.contains("libc.other.so.1"), out);
        Path right = copy(folder.resolve("package").resolve(RESOURCES.get(1)));
        assertLoaded(right, packaged);
    }

    /** A 32-bit Java is told before JNA is asked, which would load; no library of anybody's would do. */
    @Test
    void aThirtyTwoBitJava() throws Exception {
        Probing narrow = new Probing(folder).option("-Dos.arch=x86").option("-Dsun.arch.data.model=32");
        for (String out : List.of(narrow.run(), narrow.variable(real("variable")).run())) {
            assertTrue(out.startsWith("NativeLibraryException this is a 32-bit Java (Linux x86)"), out);
            assertTrue(out.contains("install a 64-bit Java") && out.contains("请安装 64 位 Java"), out);
        }
    }

    /** Where the package has no library that fits, one that is named is taken; else it is said what there is. */
    @Test
    void aPlatformWithoutALibrary() throws Exception {
        copy(folder.resolve("package").resolve(RESOURCE));
        String without = new Probing(folder).option("-Dos.arch=sw_64").classPath(folder.resolve("package")).run();
        assertTrue(without.startsWith("NativeLibraryException this package has no native library for Linux sw_64, only"
                + " for Linux (x86-64 and arm64, glibc and musl) and Windows (x86-64); set WOSIGNDOC_LIBRARY"), without);
        // JNA has a native part for many more, such as the system's own.
        Probing with = new Probing(folder).option("-Dos.arch=sw_64").option("-Djna.boot.library.path=" + jna().getParent());
        assertTrue(with.run().startsWith("NativeLibraryException this package has no native library for Linux sw_64"));
        Path named = real("named");
        assertLoaded(named, with.variable(named));
    }

    /** The program, the property, the variable, the package, the system: the first that names one is taken. */
    @Test
    void whoseWordCounts() throws Exception {
        Path packaged = copy(folder.resolve("package").resolve(RESOURCE));
        Path program = real("program");
        Path property = real("property");
        Path variable = real("variable");
        Probing all = new Probing(folder).system(real("system").getParent()).classPath(folder.resolve("package"));
        assertLoaded(packaged, all);
        assertLoaded(variable, all.variable(variable));
        assertLoaded(property, all.property(property));
        assertLoaded(program, all.program(program));
    }

    /** What somebody named is what they want: when it is not there, no other is taken for it. */
    @Test
    void noOtherInItsPlace() throws Exception {
        copy(folder.resolve("package").resolve(RESOURCE));
        Probing packaged = new Probing(folder).classPath(folder.resolve("package"));
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
        String out = new Probing(folder).variable(folder.resolve("libnothere.so")).run();
        assertTrue(out.startsWith("NativeLibraryException"), out);
        assertTrue(out.contains("libnothere.so: there is no such file") && out.contains("WOSIGNDOC_LIBRARY"), out);
        assertTrue(out.contains("libnothere.so：文件不存在"), out);
        assertBrief(out);
    }

    /** A file that is cut off would end the process, and a FIFO hold it: the system's loader is not given them. */
    @Test
    void whatTheLoaderMustNotMeet() throws Exception {
        byte[] whole = Files.readAllBytes(Path.of(LIBRARY));
        boolean intel = whole[18] == 62;
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("is cut off: copy it again; 不完整：请重新复制", Arrays.copyOf(whole, whole.length / 2));
        files.put("is cut off: copy it again;; 不完整：请重新复制", Arrays.copyOf(whole, whole.length - 1));
        files.put("is cut off: copy it again;;; 不完整：请重新复制", Arrays.copyOf(whole, 20));
        files.put("is no ELF file; 不是 ELF 文件", new byte[0]);
        files.put("is for i386, this process is; 用于 i386，本进程是", forMachine(whole, 3));
        files.put(intel ? "is for aarch64, this process is x86_64; 用于 aarch64，本进程是 x86_64"
                : "is for x86_64, this process is aarch64; 用于 x86_64，本进程是 aarch64", forMachine(whole, intel ? 183 : 62));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertRefused(Files.write(folder.resolve("refused.so"), file.getValue()), file.getKey().split(";+ "));
        }
        assertRefused(folder, "is no regular file, but a folder", "不是普通文件，而是目录");
        assertRefused(Path.of("/"), "is no regular file, but a folder", "不是普通文件，而是目录");
        assertRefused(Path.of("/dev/null"), "is no regular file, but a device", "不是普通文件，而是设备");
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor());
        assertRefused(fifo, "is no regular file, but a FIFO", "不是普通文件，而是 FIFO");
    }

    @Test
    void oneForMusl() throws Exception {
        assertRefused(dependingOn("libc.so"), "is for musl, this process runs on glibc", "用于 musl，本进程使用 glibc");
    }

    private static byte[] forMachine(byte[] library, int machine) {
        byte[] other = library.clone();
        other[18] = (byte) machine;
        other[19] = 0;
        return other;
    }

    /** What to do is about the file that was named. */
    private void assertRefused(Path file, String... words) throws Exception {
        String out = new Probing(folder).variable(file).run();
        assertTrue(out.startsWith("NativeLibraryException"), out);
        assertTrue(out.contains("mend or replace this file") && out.contains("请修复或更换该文件"), out);
        assertTrue(out.contains(file + ": " + words[0]) && out.contains(file + "：" + words[1]), out);
        assertBrief(out);
    }

    /** Windows has paths that Java's own classes do not take. */
    @Test
    void aPathOfWindows() {
        assertEquals("C:\\库\\a.dll", NativeLibraryLoader.withoutPrefix("\\\\?\\C:\\库\\a.dll"));
        assertEquals("\\\\host\\a.dll", NativeLibraryLoader.withoutPrefix("\\\\?\\UNC\\host\\a.dll"));
        assertEquals("\\\\host\\a.dll", NativeLibraryLoader.withoutPrefix("\\\\host\\a.dll"));
        assertEquals("/a/b.so", NativeLibraryLoader.withoutPrefix("/a/b.so"));
    }

    /** A packaged library that finds no room is told by that. */
    @Test
    void aFullTemporaryFolder() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        String mount = "mount -t tmpfs -o size=1m none " + temporary + " && exec \"$@\"";
        List<String> mounted = List.of("unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh");
        if (!works(mounted, "true")) {
            System.out.println("java: no full folder is tried: this user may not mount one");
            return;
        }
        String out = new Probing(folder).classPath(jar()).option("-Djna.tmpdir=" + temporary).within(mounted).run();
        assertTrue(out.startsWith("NativeLibraryException") && out.contains("the packaged " + RESOURCE), out);
        assertTrue(out.contains("free some space in the temporary folder") && out.contains("-Djna.tmpdir=FOLDER"), out);
        assertTrue(out.contains("请释放临时目录的空间") && !out.contains("set WOSIGNDOC_LIBRARY"), out);
    }

    @Test
    void notThisLibrary() throws Exception {
        String out = new Probing(folder).variable(fake("int something(void) { return 1; }")).run();
        assertTrue(out.startsWith("NativeLibraryException") && out.contains("it has no wsd_abi_version"), out);
        assertTrue(out.contains("没有 wsd_abi_version"), out);
        assertBrief(out);
    }

    @Test
    void tooOld() throws Exception {
        String out = new Probing(folder).variable(fake("unsigned wsd_abi_version(void) { return 0; }")).run();
        assertTrue(out.startsWith("NativeLibraryException"), out);
        assertTrue(out.contains("ABI 0") && out.contains("too old") && out.contains("ABI 为 0"), out);
        assertBrief(out);
    }

    @Test
    void incomplete() throws Exception {
        String out = new Probing(folder).variable(fake("unsigned wsd_abi_version(void) { return 1; }")).run();
        assertTrue(out.startsWith("NativeLibraryException") && out.contains("lacks functions"), out);
        assertBrief(out);
    }

    @Test
    void namesEveryPlaceTried() throws Exception {
        Path old = fake("unsigned wsd_abi_version(void) { return 0; }");
        String out = new Probing(folder).system(old.getParent()).run();
        assertTrue(out.startsWith("NativeLibraryException"), out);
        assertTrue(out.contains("the packaged " + RESOURCE) && out.contains("the system's wosigndoc: has ABI 0"), out);
        assertTrue(out.contains("包内的 " + RESOURCE + "：不存在；") && out.contains("系统中的 wosigndoc：ABI 为 0"), out);
        assertBrief(out);
        String nothing = new Probing(folder).run();
        assertTrue(nothing.contains("the system's wosigndoc: libwosigndoc.so: cannot open"), nothing);
        assertBrief(nothing);
    }

    @Test
    void withoutUnpacking() throws Exception {
        Path jar = jar();
        String out = new Probing(folder).classPath(jar).option("-Djna.nounpack=true")
                .option("-Djna.boot.library.path=" + jna().getParent()).run();
        assertTrue(out.contains("the packaged " + RESOURCE + ": JNA may not unpack it (jna.nounpack)"), out);
        assertBrief(out);
    }

    /** Each entry, and not the first alone, tells that JNA cannot be used, whichever library is named, and what to do. */
    @Test
    void whereJnaCannotBeUsed() throws Exception {
        List<Probing> all = new ArrayList<>();
        all.add(new Probing(folder).option("-Djna.nounpack=true"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        String mount = "mount -t tmpfs -o noexec none " + temporary + " && exec \"$@\"";
        List<String> mounted = List.of("unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh");
        if (works(mounted, "true")) {
            all.add(new Probing(folder).option("-Djna.tmpdir=" + temporary).within(mounted));
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

    /** The message has no class path, however long it is, and its Chinese part no English sentence. */
    private static void assertBrief(String out) {
        assertFalse(out.contains(".jar") || out.contains("classes"), out);
        assertFalse(out.contains("\n"), out);
        int start = Math.max(out.lastIndexOf(" (没有找到可用的原生库"), out.lastIndexOf(" (" + "/"));
        assertTrue(start > 0, out);
        String chinese = out.substring(start);
        assertFalse(Pattern.compile("[a-z]{2,} [a-z]{2,}").matcher(chinese).find(), chinese);
    }

    private Path jar() throws Exception {
        Path jar = folder.resolve("natives.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.setLevel(Deflater.NO_COMPRESSION);
            out.putNextEntry(new JarEntry(RESOURCE));
            Files.copy(Path.of(LIBRARY), out);
            out.closeEntry();
        }
        return jar;
    }

    /** JNA's own native part, in a folder. */
    private Path jna() throws Exception {
        Path file = Files.createDirectories(folder.resolve("jna")).resolve("libjnidispatch.so");
        String resource = "/com/sun/jna/" + com.sun.jna.Platform.RESOURCE_PREFIX + "/libjnidispatch.so";
        try (InputStream in = com.sun.jna.Native.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
        return file;
    }

    /** The library of this tree, in a folder of this name. */
    private Path real(String place) throws Exception {
        return copy(folder.resolve(place).resolve("libwosigndoc.so"));
    }

    private static Path copy(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        return Files.exists(file) ? file : Files.copy(Path.of(LIBRARY), file);
    }

    /** A library of another libc, which is not in this process, and so does not load. */
    private Path dependingOn(String name) throws Exception {
        Path libc = compile(name, "int other(void) { return 1; }", "-Wl,-soname," + name);
        Path library = compile("depending.so", "int other(void); unsigned wsd_abi_version(void) { return other(); }",
                libc.toString());
        Files.delete(libc);
        return library;
    }

    private Path fake(String source) throws Exception {
        return compile("libwosigndoc.so", source);
    }

    private Path compile(String name, String source, String... options) throws Exception {
        Path c = Files.writeString(folder.resolve("fake.c"), source);
        Path so = Files.createDirectories(folder.resolve("fake")).resolve(name);
        List<String> command = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-o", so.toString(), c.toString()));
        command.addAll(List.of(options));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        return so;
    }
}
