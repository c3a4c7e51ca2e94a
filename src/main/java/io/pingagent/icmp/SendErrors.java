package io.pingagent.icmp;

import io.pingagent.sys.Errno;

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
    /** The interface of the address, or the one that {@code probe.interface} names, does not exist. */
    public static final int ENODEV = Errno.ENODEV;
    /** The socket is closed. */
    public static final int EBADF = Errno.EBADF;
    /** The system has no IPv6, or none of its addresses. */
    public static final int EAFNOSUPPORT = Errno.EAFNOSUPPORT;

    /** No interface has the source address, or no source address fits. */
    public static final int EADDRNOTAVAIL = Errno.EADDRNOTAVAIL;

    private SendErrors() {}

    /** Whether the kernel has no room for the packet now: it can be sent a little later. */
    public static boolean isTransient(int errno) {
        return errno == EAGAIN || errno == ENOBUFS || errno == Errno.ENOMEM || errno == Errno.EINTR;
    }

    /** What to do about it, in one sentence without a full stop. */
    public static String remedy(int errno, String address) {
        return switch (errno) {
            case EPERM ->
                "look at the firewall of this machine ('nft list ruleset'), output chain, and at prohibit routes";
            case EACCES ->
                "take " + address + " out of its group if it is a broadcast address ('ip route get " + address
                        + "'); else look at the firewall ('nft list ruleset') and prohibit routes";
            case ENETUNREACH, EHOSTUNREACH -> "look at the routes of this machine ('ip route get " + address + "')";
            case ENETDOWN, ENODEV, Errno.ENXIO -> "look at the interfaces of this machine ('ip link')";
            case EMSGSIZE -> "lower probe.size or the size of the job, or leave dont-fragment out";
            case EAFNOSUPPORT, EADDRNOTAVAIL ->
                "look at the addresses of this machine ('ip addr'), and whether IPv6 is switched off";
            default -> "look at addresses, routes and firewall of this machine ('ip route get " + address + "')";
        };
    }

    /** The name alone, like {@code ENETUNREACH}. */
    public static String name(int errno) {
        return Errno.name(errno);
    }

    /** Whether an interface or address that was deleted, and perhaps made again, answers a send like this. */
    public static boolean mayBeInterface(int errno) {
        return errno == ENODEV
                || errno == Errno.ENXIO
                || errno == Errno.EINVAL
                || errno == ENETUNREACH
                || errno == EADDRNOTAVAIL
                || errno == ENETDOWN;
    }

    /** The system's words alone, like {@code Network is unreachable}. */
    public static String text(int errno) {
        return Errno.text(errno);
    }

    /** Name, text and number, like {@code ENETUNREACH, network is unreachable (errno 101)}. */
    public static String describe(int errno) {
        return Errno.describe(errno);
    }
}
