package io.pingagent.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Opens the files that commands read lists from. */
final class Inputs {

    private Inputs() {}

    /** @param file a path, or {@code -} for standard input; undecodable bytes become replacement characters */
    static BufferedReader open(String file, Terminal terminal) throws IOException {
        InputStream bytes;
        try {
            bytes = file.equals("-") ? terminal.in() : Files.newInputStream(Path.of(file));
        } catch (InvalidPathException e) {
            throw new CommandFailure(ExitStatus.USAGE, "'" + file + "' is not a file name", e);
        }
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8), 1 << 16);
    }

    static CommandFailure unreadable(String file, IOException e) {
        String why = e instanceof NoSuchFileException
                ? "there is no such file"
                : e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
        int status = e instanceof AccessDeniedException ? ExitStatus.NOT_PERMITTED : ExitStatus.USAGE;
        return new CommandFailure(status, "cannot read '" + file + "': " + why, e);
    }
}
