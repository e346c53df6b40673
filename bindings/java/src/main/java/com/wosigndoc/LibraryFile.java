package com.wosigndoc;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks at a library's file before the system's loader does: that one ends the process over a file that is cut off, and
 * waits for ever for a FIFO.
 */
final class LibraryFile {
    // What Linux calls the program of this process.
    private static final File SELF = new File("/proc/self/exe");
    // The bytes of ELF's header for 64 bits, and places in it.
    private static final int HEADER = 64;
    private static final int CLASS = 4;
    private static final int MACHINE = 18;
    private static final int SECTIONS = 40;
    private static final int SECTION_SIZE = 58;
    private static final int SECTION_COUNT = 60;

    private LibraryFile() {}

    /** Notes why a file cannot be a library of this process; returns whether it found something. */
    static boolean refuses(TriedPlaces.Place place, File file) {
        if (!file.exists()) {
            place.failed("there is no such file", "文件不存在");
            return true;
        }
        if (!file.isFile()) {
            String[] kind = kind(file.toPath());
            place.failed("is no regular file, but " + kind[0], "不是普通文件，而是" + kind[1]);
            return true;
        }
        // Under Wine a program for Windows sees Wine's own there.
        ByteBuffer self = System.getProperty("os.name").startsWith("Linux") ? header(SELF) : null;
        ByteBuffer header = self == null ? null : header(file);
        return header != null && refuses(place, header, self, file.length());
    }

    private static boolean refuses(TriedPlaces.Place place, ByteBuffer header, ByteBuffer self, long length) {
        if (header.limit() < 4 || magic(header) != magic(self)) {
            place.failed("is no ELF file", "不是 ELF 文件");
            return true;
        }
        if (header.limit() == HEADER && header.getShort(MACHINE) != self.getShort(MACHINE)) {
            String machine = machine(header);
            place.failed("is for " + machine + ", this process is " + machine(self),
                    "用于 " + machine + "，本进程是 " + machine(self));
            return true;
        }
        // The table of sections is the last of a file.
        if (header.limit() < HEADER || header.get(CLASS) == 2 && end(header) > length) {
            place.failed("is cut off: copy it again", "不完整：请重新复制");
            return true;
        }
        return false;
    }

    private static long end(ByteBuffer header) {
        return header.getLong(SECTIONS)
                + (header.getShort(SECTION_SIZE) & 0xffffL) * (header.getShort(SECTION_COUNT) & 0xffff);
    }

    private static int magic(ByteBuffer header) {
        return header.duplicate().getInt(0);
    }

    /** Returns the beginning of a file, which may be shorter than a header; null where it cannot be read. */
    private static ByteBuffer header(File file) {
        byte[] bytes = new byte[HEADER];
        int read = 0;
        try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
            for (int got = 0; got >= 0 && read < HEADER; got = in.read(bytes, read, HEADER - read)) {
                read += got;
            }
        } catch (IOException unreadable) {
            // The loader says why.
            return null;
        }
        boolean big = bytes[5] == 2;
        ByteBuffer header = ByteBuffer.wrap(bytes).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        header.limit(read);
        return header;
    }

    private static String machine(ByteBuffer header) {
        int number = header.getShort(MACHINE) & 0xffff;
        switch (number) {
            case 3:
                return "i386";
            case 21:
                return "ppc64";
            case 22:
                return "s390x";
            case 40:
                return "arm";
            case 62:
                return "x86_64";
            case 183:
                return "aarch64";
            case 243:
                return "riscv64";
            case 258:
                return "loongarch64";
            default:
                return "ELF machine " + number;
        }
    }

    /** Says what lies there, in English and in Chinese. */
    private static String[] kind(Path file) {
        if (Files.isDirectory(file)) {
            return new String[] {"a folder", "目录"};
        }
        try {
            int mode = (Integer) Files.getAttribute(file, "unix:mode") & 0170000;
            if (mode == 0010000) {
                return new String[] {"a FIFO", " FIFO"};
            }
            if (mode == 0020000 || mode == 0060000) {
                return new String[] {"a device", "设备"};
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            // Another system has no such words.
        }
        return new String[] {"a socket, or the like", "套接字等"};
    }
}
