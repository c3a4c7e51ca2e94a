package io.pingagent.icmp;

import io.pingagent.icmp.sys.Errno;

/** The errno values that sending may return, for those who do not know the system's numbers. */
public final class SendErrors {

    /** Blocked by a local firewall rule. */
    public static final int EPERM = Errno.EPERM;
    /** No socket has room, whatever the address: try again. */
    public static final int EAGAIN = Errno.EAGAIN;
    /** A queue of this machine on the way to this address is full: try again. */
    public static final int ENOBUFS = Errno.ENOBUFS;
    /** Broadcast address, or a route that prohibits it. */
    public static final int EACCES = Errno.EACCES;
    /** Larger than the interface or the path allows, with fragmentation forbidden. */
    public static final int EMSGSIZE = Errno.EMSGSIZE;
    /** No route. */
    public static final int ENETUNREACH = Errno.ENETUNREACH;
    /** No route to this host, or an unreachable route. */
    public static final int EHOSTUNREACH = Errno.EHOSTUNREACH;
    /** The interface is down. */
    public static final int ENETDOWN = Errno.ENETDOWN;
    /** The socket is closed. */
    public static final int EBADF = Errno.EBADF;

    private SendErrors() {}

    /** Whether the packet failed for want of room, so that sending it a little later is worth while. */
    public static boolean isTransient(int errno) {
        return errno == EAGAIN || errno == ENOBUFS || errno == Errno.ENOMEM || errno == Errno.EINTR;
    }

    /** Name, text and number, like {@code ENETUNREACH, network is unreachable (errno 101)}. */
    public static String describe(int errno) {
        return Errno.describe(errno);
    }
}
