package com.wosigndoc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

/**
 * Remembers pushes as empty files in a folder: {@code KEY.claimed} while a push is processed,
 * {@code KEY.done} afterwards. For sites without a database; all processes share the folder.
 */
public final class FileDeliveryStore implements DeliveryStore {
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
    public Claim claim(String key) throws IOException {
        Path claimed = file(key, ".claimed");
        if (Files.exists(file(key, ".done"))) {
            return Claim.DONE;
        }
        try {
            Files.createFile(claimed);
        } catch (FileAlreadyExistsException taken) {
            if (!expired(claimed) || !takeOver(claimed)) {
                return Claim.BUSY;
            }
        }
        // Another may have finished between the two looks.
        if (Files.exists(file(key, ".done"))) {
            Files.deleteIfExists(claimed);
            return Claim.DONE;
        }
        return Claim.NEW;
    }

    @Override
    public void done(String key) throws IOException {
        Files.move(file(key, ".claimed"), file(key, ".done"), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    @Override
    public void release(String key) throws IOException {
        Files.deleteIfExists(file(key, ".claimed"));
    }

    private boolean expired(Path claimed) throws IOException {
        try {
            FileTime since = Files.getLastModifiedTime(claimed);
            return System.currentTimeMillis() - since.toMillis() >= expiry.toMillis();
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    // Renaming the stale claim away succeeds for one process only.
    private static boolean takeOver(Path claimed) throws IOException {
        Path stale = Files.createTempFile(claimed.getParent(), "stale", ".tmp");
        try {
            Files.move(claimed, stale, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.createFile(claimed);
            return true;
        } catch (NoSuchFileException | FileAlreadyExistsException faster) {
            return false;
        } finally {
            Files.deleteIfExists(stale);
        }
    }

    // Keys hold what a network sent: only harmless characters become part of a name.
    private Path file(String key, String suffix) {
        StringBuilder name = new StringBuilder();
        for (char c : key.toCharArray()) {
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || c == '-');
            name.append(plain ? String.valueOf(c) : "_" + Integer.toHexString(c));
        }
        return folder.resolve(name + suffix);
    }
}
