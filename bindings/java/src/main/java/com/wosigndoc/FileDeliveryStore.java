package com.wosigndoc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

/**
 * Remembers pushes as small files in a folder: {@code HASH.claimed} while a push is processed,
 * {@code HASH.done} afterwards, with the SHA-256 of the push's key. For sites without a database; all
 * processes share the folder.
 */
public final class FileDeliveryStore implements DeliveryStore {
    // Interned, and so one for the whole virtual machine: an application server has this class once for each
    // application, and a file that its machine has locked already it does not lock again.
    private static final Object MONITOR = "com.wosigndoc.FileDeliveryStore".intern();

    private final Path folder;
    private final Duration expiry;

    /**
     * A store whose claims expire after ten minutes.
     *
     * @param folder where the files lie; it is made if need be
     * @throws IOException when it cannot be made
     */
    public FileDeliveryStore(Path folder) throws IOException {
        this(folder, Duration.ofMinutes(10));
    }

    /**
     * A store.
     *
     * @param folder where the files lie; it is made if need be
     * @param expiry after which time a claim of a process that died can be claimed again; longer than the
     *     site's function ever takes
     * @throws IOException when the folder cannot be made
     */
    public FileDeliveryStore(Path folder, Duration expiry) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.expiry = expiry;
    }

    @Override
    public Claim claim(String key, String owner) throws IOException {
        return locked(() -> {
            if (Files.exists(file(key, ".done"))) {
                return Claim.DONE;
            }
            Path claimed = file(key, ".claimed");
            if (Files.exists(claimed) && !expired(claimed)) {
                return Claim.BUSY;
            }
            Files.deleteIfExists(claimed);
            Files.write(claimed, owner.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
            return Claim.NEW;
        });
    }

    @Override
    public void done(String key) throws IOException {
        locked(() -> {
            // Where another took over and finished first, there is nothing left to note.
            if (Files.exists(file(key, ".done"))) {
                return null;
            }
            Files.move(file(key, ".claimed"), file(key, ".done"), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
            return null;
        });
    }

    @Override
    public void release(String key, String owner) throws IOException {
        locked(() -> {
            Path claimed = file(key, ".claimed");
            if (Files.exists(claimed) && owner.equals(new String(Files.readAllBytes(claimed), StandardCharsets.UTF_8))) {
                Files.delete(claimed);
            }
            return null;
        });
    }

    private boolean expired(Path claimed) throws IOException {
        FileTime since = Files.getLastModifiedTime(claimed);
        return System.currentTimeMillis() - since.toMillis() >= expiry.toMillis();
    }

    // One step at a time: among this machine's threads by the monitor, among its processes by the file's lock.
    private <T> T locked(Step<T> step) throws IOException {
        synchronized (MONITOR) {
            try (FileChannel lock = FileChannel.open(
                            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = lock.lock()) {
                if (!held.isValid()) {
                    throw new IOException("the lock of the delivery store was lost");
                }
                return step.run();
            }
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    // Keys hold what a network sent: of any length and any characters, which no name of a file may have.
    private Path file(String key, String suffix) {
        return folder.resolve(Digest.sha256(key) + suffix);
    }
}
