package io.pingagent.keyfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

/** Reads files of secrets and certificates. A UTF-8 mark, as Windows writes it, is left out. Stateless, any thread. */
public final class KeyFiles {

    /** Many times what the longest chain of certificates takes. */
    static final int MAX_BYTES = 1 << 20;

    private static final int MAX_PASSWORD_BYTES = 4096;
    private static final byte[] UTF8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private KeyFiles() {}

    /**
     * The one line of a password file, without the white space around it.
     *
     * @throws KeyFileException if other users may read the file, or it holds more than 4 KiB, no UTF-8, or not one line
     */
    public static String password(Path file) throws KeyFileException {
        byte[] bytes = secret(file, MAX_PASSWORD_BYTES);
        String password;
        try {
            password = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .strip();
        } catch (CharacterCodingException e) {
            throw new KeyFileException(quoted(file) + " is not UTF-8", "save it as UTF-8", e);
        }
        if (password.isEmpty() || password.lines().count() > 1) {
            throw new KeyFileException(
                    quoted(file) + " has " + password.lines().count() + " lines", "write the password on one line");
        }
        return password;
    }

    /**
     * What is in a file that only its owner and group may read.
     *
     * @throws KeyFileException if others may read it, or it cannot be read, or is larger than 1 MiB
     */
    public static byte[] secret(Path file) throws KeyFileException {
        return secret(file, MAX_BYTES);
    }

    private static byte[] secret(Path file, int maxBytes) throws KeyFileException {
        requirePrivate(file);
        return read(file, maxBytes);
    }

    /** What is in a file that everybody may read. */
    static byte[] open(Path file) throws KeyFileException {
        return read(file, MAX_BYTES);
    }

    /**
     * Refuses a file of a secret that users other than its owner and group may read or change. What is no file, such as the
     * pipe of a shell's {@code <(command)}, is taken.
     *
     * @throws KeyFileException if they may, or the file is not there
     */
    public static void requirePrivate(Path file) throws KeyFileException {
        PosixFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, PosixFileAttributes.class);
        } catch (UnsupportedOperationException e) {
            return;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (!attributes.isRegularFile()) {
            return;
        }
        Set<PosixFilePermission> rights = attributes.permissions();
        String may = rights.contains(PosixFilePermission.OTHERS_READ)
                ? "read"
                : rights.contains(PosixFilePermission.OTHERS_WRITE) ? "change" : "";
        if (!may.isEmpty()) {
            throw new KeyFileException(
                    "every user of this machine may " + may + " " + quoted(file),
                    "chmod o-rwx " + file + mounted(file));
        }
    }

    /** What a container mounts cannot be changed inside. */
    private static String mounted(Path file) {
        try {
            boolean fixed = file.startsWith("/run/secrets")
                    || file.startsWith("/var/run/secrets")
                    || Files.getFileStore(file).isReadOnly();
            return fixed ? ", or mount it with mode 0440 (Kubernetes: defaultMode, Docker: mode)" : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static byte[] read(Path file, int maxBytes) throws KeyFileException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            // One byte more than allowed at most: a device has the size 0 and no end.
            bytes = in.readNBytes(maxBytes + 1);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (bytes.length > maxBytes) {
            throw new KeyFileException(quoted(file) + " is larger than " + maxBytes + " bytes", "name the right file");
        }
        boolean marked = bytes.length >= UTF8_MARK.length
                && Arrays.equals(bytes, 0, UTF8_MARK.length, UTF8_MARK, 0, UTF8_MARK.length);
        return marked ? Arrays.copyOfRange(bytes, UTF8_MARK.length, bytes.length) : bytes;
    }

    private static KeyFileException unreadable(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new KeyFileException(quoted(file) + " does not exist", "create it, or name another", e);
        }
        if (e instanceof AccessDeniedException) {
            return new KeyFileException(
                    "this user may not read " + quoted(file), "let the user or its group read it, not everybody", e);
        }
        return new KeyFileException(
                quoted(file) + " cannot be read: " + e.getMessage(), "repair the file, or name another", e);
    }

    static String quoted(Path file) {
        return "'" + file + "'";
    }
}
