package io.pingagent.cli.shell;

import io.pingagent.base.ExitStatus;

/** Ends a command with one line on standard error and an exit status of {@link ExitStatus}. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    /** @param message what is wrong, where, and what to do; without the {@code ping-agent: } prefix */
    public CommandFailure(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    public CommandFailure(int exitStatus, String message, Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
    }

    public static CommandFailure usage(String message) {
        return new CommandFailure(ExitStatus.USAGE, message);
    }

    public int exitStatus() {
        return exitStatus;
    }
}
