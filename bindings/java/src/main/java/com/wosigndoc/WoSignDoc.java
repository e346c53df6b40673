package com.wosigndoc;

import java.nio.file.Path;

/** Tells of the library as a whole: its version, and where the native part comes from. */
public final class WoSignDoc {
    private WoSignDoc() {}

    /**
     * Loads the native library from this file, before anything else is called. Otherwise it is looked for in
     * the system property {@code wosigndoc.library}, the variable {@code WOSIGNDOC_LIBRARY}, this jar, which has one
     * for each platform, and, except on Windows, the system's libraries.
     *
     * @param file the library's file
     * @throws NativeLibraryException when it cannot be loaded, or another was loaded already
     */
    public static void useLibrary(Path file) {
        NativeLibraryLoader.useFile(file.toAbsolutePath().toString());
    }

    /**
     * Returns the native library's version.
     *
     * @return e.g. {@code 0.1.0}
     */
    public static String version() {
        return Json.text(Invocation.run(NativeCalls::wsd_version), "version", "");
    }

    /**
     * Returns the file from which the native library was loaded.
     *
     * @return its path
     */
    public static Path libraryFile() {
        return NativeLibraryLoader.file().toPath();
    }

    /**
     * Returns every error code and reason with its texts in English and Chinese.
     *
     * @return a JSON object
     */
    public static String catalogue() {
        return Invocation.run(NativeCalls::wsd_catalogue).toString();
    }
}
