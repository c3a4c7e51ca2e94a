package io.pingagent.redis;

/** Another process runs under this agent's name, or may do so; the message is one line with the remedy. */
public final class NameTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean certain;

    /** @param certain whether it is known to live; otherwise its key has not lapsed yet */
    public NameTakenException(String message, boolean certain) {
        super(message);
        this.certain = certain;
    }

    public boolean certain() {
        return certain;
    }
}
