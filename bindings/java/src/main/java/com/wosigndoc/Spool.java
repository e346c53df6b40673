package com.wosigndoc;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds documents that wait in files: each in a folder of its own that only this user can enter (on Windows, whoever
 * may enter the one above it: rights are inherited there), and that is gone when the work on it is done. What a killed
 * process left is removed when a spool is opened: a process has a lock on each of its folders, and the system ends the
 * locks of one that died.
 */
final class Spool {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String PREFIX = "wosigndoc-java-";
    private static final String LOCK = "lock";
    // The lock comes just after its folder.
    private static final Duration UNLOCKED_AFTER = Duration.ofHours(1);
    // Of this virtual machine alone, and the same in all of its class loaders: to open and close a lock's file once
    // more would end the lock.
    private static final String OWN = PREFIX + machine() + "-";

    private static Spool temporary;

    private final Path folder;

    private Spool(Path folder) {
        this.folder = folder;
    }

    /** Uses a folder, which is made where it is missing, for this user alone. */
    static Spool open(Path folder) {
        Spool spool = new Spool(folder.toAbsolutePath());
        try {
            makePrivate(spool.folder);
        } catch (IOException | UnsupportedOperationException error) {
            throw FileException.folder(folder, error);
        }
        spool.sweep(spool.check());
        return spool;
    }

    /** Uses the system's temporary folder, for what has no other. */
    static synchronized Spool temporary() {
        if (temporary == null) {
            temporary = open(Paths.get(System.getProperty("java.io.tmpdir")));
        }
        return temporary;
    }

    /** Makes sure that documents can be kept here. Returns who owns them. */
    UserPrincipal check() {
        try (Place probe = place()) {
            return Files.getOwner(probe.folder);
        } catch (IOException | UnsupportedOperationException error) {
            throw FileException.folder(folder, error);
        }
    }

    /** Makes a place for one document. */
    Place place() throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path own = Files.createTempDirectory(folder, OWN);
            FileChannel lock = FileChannel.open(
                    own.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Place place = new Place(own, lock);
            // Before it was locked, another process could take it for a dead one's.
            if (place.lock() && Files.exists(own.resolve(LOCK))) {
                return place;
            }
            place.close();
            if (attempt == 8) {
                throw new IOException(own + " cannot be locked");
            }
        }
    }

    private void sweep(UserPrincipal user) {
        try (DirectoryStream<Path> places = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path each : places) {
                if (!each.getFileName().toString().startsWith(OWN) && removeDead(each, user)) {
                    LOG.info("removed {}, which a process that was killed has left", each);
                }
            }
        } catch (IOException | RuntimeException stays) {
            LOG.warn("{} could not be searched for what killed processes left", folder, stays);
        }
    }

    private static boolean removeDead(Path place, UserPrincipal user) {
        try {
            // The system's temporary folder is everybody's: what is not this user's is not touched.
            return Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
                    && user.equals(Files.getOwner(place, LinkOption.NOFOLLOW_LINKS)) && removeDead(place);
        } catch (IOException busy) {
            // Its own process may be removing it: Windows then lets nobody open what is in it. The others can still go.
            LOG.debug("{} is left", place, busy);
            return false;
        }
    }

    private static boolean removeDead(Path place) throws IOException {
        Path file = place.resolve(LOCK);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Instant made = Files.getLastModifiedTime(place).toInstant();
            return made.isBefore(Instant.now().minus(UNLOCKED_AFTER)) && remove(place, null);
        }
        FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            return lock.tryLock() != null && remove(place, lock);
        } catch (IOException | OverlappingFileLockException alive) {
            // Also where the file system has no locks.
            return false;
        } finally {
            lock.close();
        }
    }

    /** Removes a place with all that is in it; its lock at last, so that nobody else does it meanwhile. */
    private static boolean remove(Path place, FileChannel lock) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
            for (Path each : files) {
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    remove(each, null);
                } else if (lock == null || !each.getFileName().toString().equals(LOCK)) {
                    Files.deleteIfExists(each);
                }
            }
        }
        if (lock != null) {
            // Windows deletes nothing that is open.
            lock.close();
            Files.deleteIfExists(place.resolve(LOCK));
        }
        return Files.deleteIfExists(place);
    }

    private static void makePrivate(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (folder.getParent() != null) {
            makePrivate(folder.getParent());
        }
        // Windows has no mode. A folder gets the rights of the one above it, and the temporary one is a user's own.
        FileAttribute<?>[] mode = posix(folder)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                : new FileAttribute<?>[0];
        try {
            Files.createDirectory(folder, mode);
        } catch (FileAlreadyExistsException faster) {
            if (!Files.isDirectory(folder)) {
                throw faster;
            }
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static String machine() {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        String name = runtime.getName() + " " + runtime.getStartTime();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString().replace("-", "");
    }

    /** Is where one document lies. */
    static final class Place implements AutoCloseable {
        private final Path folder;
        private final FileChannel lock;

        private Place(Path folder, FileChannel lock) {
            this.folder = folder;
            this.lock = lock;
        }

        Path file(String name) {
            return folder.resolve(name);
        }

        /**
         * Lets nobody but this user read a file, wherever it is moved by others. Returns the permissions that the
         * process gives to new files; null where there are none.
         */
        Set<PosixFilePermission> hide(Path file) throws IOException {
            if (!posix(file)) {
                return null;
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return Files.getPosixFilePermissions(folder.resolve(LOCK));
        }

        private boolean lock() {
            try {
                return lock.tryLock() != null;
            } catch (IOException none) {
                // A file system without locks: then nobody takes it for a dead one's, either.
                return true;
            }
        }

        /** Removes it, with whatever the site's function made beside the document. */
        @Override
        public void close() {
            try {
                remove(folder, lock);
            } catch (IOException | RuntimeException stays) {
                LOG.warn("a temporary folder could not be deleted: {}", folder, stays);
            } finally {
                try {
                    lock.close();
                } catch (IOException closed) {
                    LOG.debug("a lock was not closed", closed);
                }
            }
        }
    }
}
