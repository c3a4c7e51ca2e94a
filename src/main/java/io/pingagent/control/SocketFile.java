package io.pingagent.control;

import io.pingagent.base.OwnedBy;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A listening Unix socket and its file, see unix(7). Everybody may connect (mode 0666). A file of an agent that is gone is
 * replaced, one at which somebody listens is not.
 */
@OwnedBy("caller")
final class SocketFile implements AutoCloseable {

    /** Of {@code sun_path}, with its final zero. */
    private static final int MOST_PATH_BYTES = 107;

    private static final int BACKLOG = 128;

    private final ServerSocketChannel channel;
    private final Path path;
    private final @Nullable Object fileKey;

    private SocketFile(ServerSocketChannel channel, Path path, @Nullable Object fileKey) {
        this.channel = channel;
        this.path = path;
        this.fileKey = fileKey;
    }

    /** @throws ControlSocketException if it cannot be made; nothing is left behind then */
    static SocketFile listen(Path path) throws ControlSocketException {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MOST_PATH_BYTES) {
            throw refused(
                    "the path '" + path + "' has " + length + " bytes, and a socket's has at most " + MOST_PATH_BYTES,
                    "set agent.socket to a shorter one",
                    null);
        }
        Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent());
        if (!Files.isDirectory(directory)) {
            throw new ControlSocketException(
                    "the directory " + directory + " does not exist",
                    "make it for the agent's user, or set agent.socket to another path, or to none",
                    true,
                    null);
        }
        requireFree(path);
        // Made under another name, so that nobody meets it before its mode is set, and nothing is ever in its place.
        Path made = directory.resolve("." + ProcessHandle.current().pid() + ".new");
        ServerSocketChannel channel = null;
        try {
            Files.deleteIfExists(made);
            channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(made), BACKLOG);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-rw-rw-"));
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new SocketFile(channel, path, fileKey(path));
        } catch (IOException e) {
            closeQuietly(channel, made);
            throw new ControlSocketException(
                    path + " cannot be made: " + reason(e),
                    "let the agent's user write in " + directory + ", or set agent.socket to another path",
                    !(e instanceof FileSystemException) || e instanceof AccessDeniedException,
                    e);
        }
    }

    private static void requireFree(Path path) throws ControlSocketException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw refused(path + " is no socket", "remove it, or set agent.socket to another path", null);
            }
            if (SocketPaths.isListening(path)) {
                throw refused(
                        "another process listens at " + path, "stop it, or set agent.socket to another path", null);
            }
        } catch (IOException e) {
            throw refused(path + " cannot be looked at: " + reason(e), "correct its rights or remove it", e);
        }
    }

    private static ControlSocketException refused(String what, String remedy, @Nullable Throwable cause) {
        return new ControlSocketException(what, remedy, false, cause);
    }

    /** The message of Java's file exceptions is often the mere path. */
    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    private static @Nullable Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static void closeQuietly(@Nullable ServerSocketChannel channel, Path made) {
        try {
            if (channel != null) {
                channel.close();
            }
            Files.deleteIfExists(made);
        } catch (IOException e) {
            // What could not be made is gone, or the directory is not ours to change.
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Whether clients still find it: somebody may have removed or replaced the file. */
    boolean isInPlace() {
        try {
            return Objects.equals(fileKey, fileKey(path));
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes the file unless it is another's by now. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(fileKey, fileKey(path))) {
            Files.deleteIfExists(path);
        }
    }
}
