package io.pingagent.base;

/** Something that is needed is not there; the message is one line with the remedy. Exit status 69. */
public final class ServiceUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ServiceUnreachableException(String message) {
        super(message);
    }

    public ServiceUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
