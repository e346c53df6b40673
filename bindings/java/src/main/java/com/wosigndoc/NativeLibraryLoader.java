package com.wosigndoc;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the native library, checks its ABI number and binds {@link NativeCalls} to it, once a process. */
final class NativeLibraryLoader {
    /** The ABI number that {@link NativeCalls} is written for. */
    static final int ABI = 1;

    /** System property and environment variable that name the library's file. */
    static final String PROPERTY = "wosigndoc.library";

    static final String VARIABLE = "WOSIGNDOC_LIBRARY";

    // Kept for ever: a library that is collected would be unloaded under its callers.
    private static volatile NativeLibrary loaded;
    private static String explicit;
    private static String withoutJna;

    private NativeLibraryLoader() {}

    static void useFile(String file) {
        synchronized (NativeLibraryLoader.class) {
            if (loaded != null && !loaded.getFile().equals(new File(file))) {
                throw NativeLibraryException.loadedAlready(loaded.getFile().toString());
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
        return loaded.getFile();
    }

    private static synchronized void load() {
        if (loaded != null) {
            return;
        }
        if (!isWide()) {
            throw NativeLibraryException.not64Bit();
        }
        NativeLibrary library = find();
        try {
            Native.register(NativeCalls.class, library);
        } catch (UnsatisfiedLinkError incomplete) {
            throw NativeLibraryException.incomplete(library.getFile().toString(), incomplete.getMessage());
        }
        loaded = library;
    }

    /** Says whether this is a 64-bit machine. JNA's first use: it then loads a native part of its own. */
    private static boolean isWide() {
        if (withoutJna == null) {
            try {
                return Native.SIZE_T_SIZE == 8;
            } catch (LinkageError error) {
                // Kept: the next attempt would only say that a class could not be initialised.
                withoutJna = String.valueOf(error.getMessage());
            }
        }
        throw NativeLibraryException.withoutJna(withoutJna);
    }

    private static NativeLibrary find() {
        List<String> failures = new ArrayList<>();
        // What somebody named is what they want: no other library is taken in its place.
        String named = firstSet(explicit, System.getProperty(PROPERTY), System.getenv(VARIABLE));
        if (named != null) {
            NativeLibrary library = attempt(named, named, failures);
            if (library != null) {
                return library;
            }
            throw NativeLibraryException.notFound(String.join("; ", failures));
        }
        NativeLibrary library = packaged(failures);
        if (library == null) {
            library = attempt("the system's wosigndoc", "wosigndoc", failures);
        }
        if (library == null) {
            throw NativeLibraryException.notFound(String.join("; ", failures));
        }
        return library;
    }

    private static NativeLibrary packaged(List<String> failures) {
        String resource = "/" + Platform.RESOURCE_PREFIX + "/" + System.mapLibraryName("wosigndoc");
        try {
            File file = Native.extractFromResourcePath(resource, NativeLibraryLoader.class.getClassLoader());
            if (file == null) {
                failures.add("the packaged " + resource + ": JNA may not unpack it (jna.nounpack)");
                return null;
            }
            return attempt("the packaged " + resource, file.getAbsolutePath(), failures);
        } catch (IOException notThere) {
            failures.add("the packaged " + resource + ": " + notThere.getMessage());
            return null;
        }
    }

    private static NativeLibrary attempt(String place, String name, List<String> failures) {
        try {
            NativeLibrary library = NativeLibrary.getInstance(name);
            Function version = library.getFunction("wsd_abi_version");
            int abi = version.invokeInt(new Object[0]);
            if (abi == ABI) {
                return library;
            }
            failures.add(place + ": has ABI " + abi + ", this package needs ABI " + ABI
                    + (abi < ABI ? " (the library is too old)" : " (the library is too new)"));
        } catch (UnsatisfiedLinkError error) {
            failures.add(place + ": " + error.getMessage());
        }
        return null;
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
