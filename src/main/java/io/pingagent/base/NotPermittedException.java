package io.pingagent.base;

/** The system refuses a right that is needed; the message is one line with the remedy. Exit status 77. */
public final class NotPermittedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NotPermittedException(String message) {
        super(message);
    }

    public NotPermittedException(String message, Throwable cause) {
        super(message, cause);
    }
}
