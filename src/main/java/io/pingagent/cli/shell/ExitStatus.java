package io.pingagent.cli.shell;

/** Exit statuses of every command; scripts rely on them. {@code ping} adds fping's 1 and 2. */
public final class ExitStatus {

    public static final int DONE = 0;

    /** {@code ping} only: some addresses did not answer. */
    public static final int SOME_UNREACHABLE = 1;

    /** {@code ping} only: some names were not found. */
    public static final int NAME_NOT_FOUND = 2;

    /** What was typed is wrong: an option, a value, a name that does not exist. */
    public static final int USAGE = 64;

    /** A service that is needed is away: Redis, the disk behind standard output. */
    public static final int SERVICE_AWAY = 69;

    /** A defect of this program. */
    public static final int INTERNAL_ERROR = 70;

    public static final int NOT_PERMITTED = 77;

    /** What a file or Redis holds is wrong. */
    public static final int BAD_CONFIGURATION = 78;

    private ExitStatus() {}
}
