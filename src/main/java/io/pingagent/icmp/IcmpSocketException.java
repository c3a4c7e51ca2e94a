package io.pingagent.icmp;

import io.pingagent.sys.Errno;

/**
 * A raw socket could not be opened, set up or read; the message names the call, the errno and, where there is one, the
 * remedy.
 */
public class IcmpSocketException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    /** @param errno positive, 0 if the kernel was not the one to refuse */
    public IcmpSocketException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    static IcmpSocketException ofCall(String call, int errno) {
        return new IcmpSocketException(call + " failed: " + Errno.describe(errno), errno);
    }

    /** Positive, 0 if the kernel was not the one to refuse. */
    public final int errno() {
        return errno;
    }
}
