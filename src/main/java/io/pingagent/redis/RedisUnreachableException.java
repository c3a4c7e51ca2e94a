package io.pingagent.redis;

import org.jspecify.annotations.Nullable;

/** Redis cannot be used now; the message names host, port, reason and remedy on one line. Commands exit with 69. */
public final class RedisUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RedisUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
