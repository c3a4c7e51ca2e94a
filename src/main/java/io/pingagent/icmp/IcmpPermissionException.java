package io.pingagent.icmp;

/** A right is missing; the message names the capability, the configuration key if one is the cause, and the remedy. */
public final class IcmpPermissionException extends IcmpSocketException {

    private static final long serialVersionUID = 1L;

    public IcmpPermissionException(String message, int errno) {
        super(message, errno);
    }
}
