package io.pingagent.app.demo;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.ServiceUnreachableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The demo's own directory, which no other user can read. While its demo lives, a lock is held on one of its files. So
 * a later demo recognises what a killed one left behind.
 */
@OwnedBy("caller")
final class DemoDirectory implements AutoCloseable {

    private static final String PREFIX = "ping-agent-demo-";
    /** Names another place for it. */
    static final String OPTION = "PING_AGENT_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY";

    private static final String LOCK = "lock";
    private static final String LOCK_IN_THE_MAKING = "lock.new";

    private final Path path;
    private final FileChannel lock;

    private DemoDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes one, after removing those that dead demos of the same user left.
     *
     * @throws ServiceUnreachableException if it cannot be made
     */
    static DemoDirectory create() {
        return createIn(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    }

    static DemoDirectory createIn(Path parent) {
        try {
            removeLeftovers(parent);
            // Mode 0700.
            Path path = Files.createTempDirectory(parent, PREFIX);
            FileChannel lock = FileChannel.open(
                    path.resolve(LOCK_IN_THE_MAKING), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            // A lock file without its lock is that of a dead demo, at every moment.
            Files.move(path.resolve(LOCK_IN_THE_MAKING), path.resolve(LOCK));
            return new DemoDirectory(path, lock);
        } catch (IOException e) {
            throw unusable("cannot create a directory for the demo in " + parent, e);
        }
    }

    private static ServiceUnreachableException unusable(String what, IOException e) {
        String reason = String.valueOf(e.getMessage());
        if (e instanceof AccessDeniedException) {
            reason = "permission denied";
        } else if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            reason = "there is no such directory";
        } else if (e instanceof FileSystemException failure && failure.getReason() != null) {
            // The message names the file once more.
            reason = failure.getReason();
        }
        return new ServiceUnreachableException(what + ": " + reason + "; name another directory with " + OPTION, e);
    }

    Path path() {
        return path;
    }

    /** Writes a file that only this user can read. */
    Path write(String name, String content) {
        Path file = path.resolve(name);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw unusable("cannot write " + file, e);
        }
    }

    /** Lets others pass through, not look in: a program in it can then be run by another user. */
    void letOthersPass() {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw unusable("cannot change the mode of " + path, e);
        }
    }

    /** Removes it; may be called again. */
    @Override
    public void close() {
        try {
            delete(path);
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the demo's directory " + path, e);
        }
    }

    private static void removeLeftovers(Path parent) throws IOException {
        List<Path> candidates;
        try (Stream<Path> files = Files.list(parent)) {
            candidates = files.filter(DemoDirectory::isOurs).toList();
        }
        for (Path candidate : candidates) {
            if (isDead(candidate)) {
                delete(candidate);
            }
        }
    }

    /** In a directory for everybody, others may put anything under such a name. */
    private static boolean isOurs(Path candidate) {
        try {
            return String.valueOf(candidate.getFileName()).startsWith(PREFIX)
                    && Files.isDirectory(candidate, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(candidate, LinkOption.NOFOLLOW_LINKS)
                            .equals(Files.getOwner(Path.of("/proc/self")));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isDead(Path directory) {
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        } catch (IOException | RuntimeException e) {
            // Not locked yet, gone meanwhile, or held by another demo of this JVM.
            return false;
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException | UncheckedIOException e) {
            if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("something else writes to " + directory, e);
            }
        }
    }
}
