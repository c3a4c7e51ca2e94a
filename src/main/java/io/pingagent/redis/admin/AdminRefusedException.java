package io.pingagent.redis.admin;

import org.jspecify.annotations.Nullable;

/**
 * Redis answers but will not do what was asked; the message names the server, its reason and the remedy on one line.
 */
public final class AdminRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why Redis refuses. */
    public enum Reason {
        /** The user may not do this, or the password is wrong: exit status 77. */
        NOT_PERMITTED,
        /** A key holds something else than it should: exit status 78. */
        WRONG_CONTENT
    }

    private final Reason reason;

    AdminRefusedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
