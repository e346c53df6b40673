package com.wosigndoc;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.Paths;

/** Names files as the library does: in the machine's own file system, by their absolute path. */
final class HostFile {
    private HostFile() {}

    /** Says whether the library, given this path as a text, would open this very file. */
    static boolean nameable(Path file) {
        return file.getFileSystem().equals(FileSystems.getDefault()) && Paths.get(file.toString()).equals(file);
    }

    /** Returns the path as a text. */
    static String name(Path file) {
        if (!nameable(file)) {
            throw new IllegalArgumentException(
                    "not a file that the native library can open (原生库无法打开该文件): " + file);
        }
        return file.toAbsolutePath().toString();
    }
}
