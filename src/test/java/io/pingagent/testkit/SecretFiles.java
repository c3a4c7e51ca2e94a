package io.pingagent.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that the agent takes for secrets: nobody but their owner may read them. Any thread. */
public final class SecretFiles {

    private SecretFiles() {}

    /** Writes a file anew; gives its path. */
    public static Path write(Path file, String text) throws IOException {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Same, of bytes. */
    public static Path write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
