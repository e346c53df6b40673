package com.wosigndoc;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the native library, checks its ABI number and binds {@link NativeCalls} to it, once a process. */
final class NativeLibraryLoader {
    /** The ABI number that {@link NativeCalls} is written for. */
    static final int ABI = 1;

    /** System property and environment variable that name the library's file. */
    static final String PROPERTY = "wosigndoc.library";

    static final String VARIABLE = "WOSIGNDOC_LIBRARY";

    // JNA would look into the class path too, for its own idea of the platform, where packaged() has been.
    private static final Map<String, Object> FILES_ALONE =
            Collections.singletonMap(Library.OPTION_CLASSLOADER, new ClassLoader(null) {});

    // The C library of musl has this name, which is a text for linkers where glibc is.
    private static final Pattern OF_MUSL = Pattern.compile("(^|[/ ])libc\\.so: (invalid ELF header|cannot open)");

    // Kept for ever: a library that is collected would be unloaded under its callers.
    private static volatile NativeLibrary loaded;
    private static String explicit;
    private static String withoutJna;

    private NativeLibraryLoader() {}

    static void useFile(String file) {
        synchronized (NativeLibraryLoader.class) {
            if (loaded != null && !file().equals(new File(file))) {
                throw NativeLibraryException.loadedAlready(file().toString());
            }
            explicit = file;
        }
        ensure();
    }

    /** Makes sure that the native calls may be used. */
    static void ensure() {
        if (loaded == null) {
            load();
        }
    }

    /** Returns the file that was loaded. */
    static File file() {
        ensure();
        return new File(withoutPrefix(loaded.getFile().getPath()));
    }

    /** Returns a path as {@link java.nio.file.Path} takes it: without what makes Windows take long and odd ones. */
    static String withoutPrefix(String path) {
        if (path.startsWith("\\\\?\\UNC\\")) {
            return "\\\\" + path.substring(8);
        }
        return path.startsWith("\\\\?\\") ? path.substring(4) : path;
    }

    private static synchronized void load() {
        if (loaded != null) {
            return;
        }
        NativePlatform platform = NativePlatform.current();
        String named = firstSet(explicit, System.getProperty(PROPERTY), System.getenv(VARIABLE));
        boolean none = named == null && platform.resources().isEmpty();
        startJna(platform, none);
        TriedPlaces tried = new TriedPlaces();
        NativeLibrary library = find(platform, named, tried);
        if (library == null) {
            throw none ? NativeLibraryException.noneFor(platform)
                    : named != null ? NativeLibraryException.refused(tried) : NativeLibraryException.notFound(tried);
        }
        try {
            Native.register(NativeCalls.class, library);
        } catch (UnsatisfiedLinkError incomplete) {
            throw NativeLibraryException.incomplete(library.getFile().toString(), incomplete.getMessage());
        }
        loaded = library;
    }

    /** Makes JNA load a native part of its own, which comes before any library. */
    private static void startJna(NativePlatform platform, boolean none) {
        boolean wide = !platform.narrow();
        if (wide && withoutJna == null) {
            try {
                wide = Native.SIZE_T_SIZE == 8;
            } catch (LinkageError error) {
                // Kept: the next attempt would only say that a class could not be initialised.
                withoutJna = String.valueOf(error.getMessage());
            }
        }
        if (!wide) {
            throw NativeLibraryException.not64Bit(platform);
        }
        if (withoutJna != null) {
            throw none ? NativeLibraryException.noneFor(platform) : NativeLibraryException.withoutJna(withoutJna);
        }
    }

    /** Loads the one that was named, or else the first that can be used; null where none can. */
    static NativeLibrary find(NativePlatform platform, String named, TriedPlaces tried) {
        if (named != null) {
            // What somebody named is what they want: no other library is taken in its place.
            return attempt(tried.named(named), plain(named));
        }
        NativeLibrary library = packaged(platform, tried);
        String installed = platform.installed();
        return library != null || installed == null ? library : attempt(tried.system(), installed);
    }

    private static NativeLibrary packaged(NativePlatform platform, TriedPlaces tried) {
        for (String resource : platform.resources()) {
            TriedPlaces.Place place = tried.packaged(resource);
            File file = unpack(place, resource);
            NativeLibrary library = file == null ? null : attempt(place, file.getAbsolutePath());
            if (library != null) {
                markForRemoval(platform, file);
                return library;
            }
        }
        return null;
    }

    private static File unpack(TriedPlaces.Place place, String resource) {
        ClassLoader classes = NativeLibraryLoader.class.getClassLoader();
        if (classes.getResource(resource) == null) {
            place.failed("it is not there", "不存在");
            return null;
        }
        try {
            File file = Native.extractFromResourcePath("/" + resource, classes);
            if (file == null) {
                place.failed("JNA may not unpack it (jna.nounpack)", "不允许 JNA 解压（jna.nounpack）");
            }
            return file;
        } catch (IOException error) {
            place.notUnpacked(String.valueOf(error.getMessage()));
            return null;
        }
    }

    /**
     * Leaves a note to JNA that an unpacked file may go when a later process starts. Windows deletes none that is
     * loaded, so that it outlives this one.
     */
    static void markForRemoval(NativePlatform platform, File file) {
        if (!platform.windows() || !file.getName().startsWith("jna")) {
            return;
        }
        try {
            new File(file.getPath() + ".x").createNewFile();
        } catch (IOException stays) {
            // A file more in the temporary folder does no harm.
        }
    }

    private static NativeLibrary attempt(TriedPlaces.Place place, String name) {
        NativeLibrary library = open(place, name);
        if (library == null) {
            return null;
        }
        try {
            Function version = library.getFunction("wsd_abi_version");
            int abi = version.invokeInt(new Object[0]);
            if (abi == ABI) {
                return library;
            }
            place.failed(
                    "has ABI " + abi + ", this package needs ABI " + ABI
                            + (abi < ABI ? " (the library is too old)" : " (the library is too new)"),
                    "ABI 为 " + abi + "，本包需要 ABI " + ABI + (abi < ABI ? "（库过旧）" : "（库过新）"));
        } catch (UnsatisfiedLinkError error) {
            place.failed("is not this library: it has no wsd_abi_version", "不是本库：没有 wsd_abi_version");
        }
        return null;
    }

    private static NativeLibrary open(TriedPlaces.Place place, String name) {
        File file = new File(name);
        boolean there = file.isAbsolute() || name.contains("/") && file.exists();
        if (there && LibraryFile.refuses(place, file)) {
            return null;
        }
        try {
            return NativeLibrary.getInstance(name, FILES_ALONE);
        } catch (UnsatisfiedLinkError error) {
            String words = words(error);
            if (OF_MUSL.matcher(words).find()) {
                place.failed("is for musl, this process runs on glibc", "用于 musl，本进程使用 glibc");
                return null;
            }
            // What the system says is in its own language.
            place.failed(words, file.isAbsolute() ? "无法加载" : "没有找到，或无法加载");
            return null;
        }
    }

    /** Returns what the system said of each attempt: JNA's own message adds the whole class path. */
    private static String words(UnsatisfiedLinkError error) {
        String said = Arrays.stream(error.getSuppressed())
                .filter(each -> each instanceof UnsatisfiedLinkError)
                .map(each -> String.valueOf(each.getMessage()))
                .distinct()
                .collect(Collectors.joining(", "));
        return said.isEmpty() ? error.getMessage() : said;
    }

    // Windows loads no absolute path that is written with slashes.
    private static String plain(String named) {
        File file = new File(named);
        return file.isAbsolute() ? file.getPath() : named;
    }

    private static String firstSet(String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isEmpty()) {
                return candidate;
            }
        }
        return null;
    }
}
