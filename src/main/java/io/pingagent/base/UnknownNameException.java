package io.pingagent.base;

/** Somebody typed a name that is known nowhere; the message is one line with the remedy. Exit status 64. */
public final class UnknownNameException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnknownNameException(String message, Throwable cause) {
        super(message, cause);
    }
}
