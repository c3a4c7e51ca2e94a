package io.pingagent.cli.shell;

/** A key that a live view understands. */
public enum Key {
    /** Arrow up or {@code k}. */
    UP,
    /** Arrow down or {@code j}. */
    DOWN,
    ENTER,
    ESCAPE,
    /** {@code q}. */
    QUIT,
    /** Ctrl-C, where the terminal sends it as a key, or Ctrl-D. */
    LEAVE,
    /** Ctrl-Z. */
    SUSPEND
}
