package io.pingagent.sys;

/** A system call failed. */
public final class NativeCallException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    NativeCallException(String call, int errno) {
        this.call = call;
        this.errno = errno;
    }

    /** Like {@code bind failed: EADDRNOTAVAIL, cannot assign requested address (errno 99)}. */
    @Override
    public String getMessage() {
        return call + " failed: " + Errno.describe(errno);
    }

    /** Name of the function, with the option where that matters. */
    public String call() {
        return call;
    }

    /** Positive. */
    public int errno() {
        return errno;
    }
}
