package io.pingagent.cli.shell;

import io.pingagent.base.ExitStatus;
import io.pingagent.model.FileNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/** Opens the files that commands read lists from. */
public final class Inputs {

    private Inputs() {}

    /** @param file a path, or {@code -} for standard input; undecodable bytes become replacement characters */
    public static BufferedReader open(String file, Terminal terminal) throws IOException {
        InputStream bytes;
        try {
            bytes = file.equals("-") ? terminal.in() : Files.newInputStream(FileNames.path(file));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.USAGE, e.getMessage() + "; " + FileNames.REMEDY, e);
        }
        return new BufferedReader(new ListReader(new InputStreamReader(bytes, StandardCharsets.UTF_8)), 1 << 16);
    }

    public static CommandFailure unreadable(String file, IOException e) {
        String why = e instanceof NoSuchFileException
                ? "there is no such file"
                : e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
        int status = e instanceof AccessDeniedException ? ExitStatus.NOT_PERMITTED : ExitStatus.USAGE;
        return new CommandFailure(status, "cannot read '" + file + "': " + why, e);
    }
}
