package io.pingagent.sys;

/** Linux errno values (the generic table, shared by x86_64 and aarch64) that sockets return. */
public final class Errno {

    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    static final int ENAMETOOLONG = 36;
    public static final int EMSGSIZE = 90;
    public static final int EPROTO = 71;
    public static final int ENOPROTOOPT = 92;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;

    private Errno() {}

    /** The name alone, like {@code ENETUNREACH}, or {@code errno 133} if it is not known here. */
    public static String name(int errno) {
        String text = describe(errno);
        int comma = text.indexOf(',');
        return comma < 0 ? text : text.substring(0, comma);
    }

    /** The text alone as C's {@code strerror} has it, like {@code Network is unreachable}. */
    public static String text(int errno) {
        String text = describe(errno);
        int comma = text.indexOf(", ");
        return comma < 0
                ? "Unknown error " + errno
                : Character.toUpperCase(text.charAt(comma + 2))
                        + text.substring(comma + 3, text.lastIndexOf(" (errno "));
    }

    /**
     * Name, text and number, like {@code ENETUNREACH, network is unreachable (errno 101)}. Independent of the locale.
     */
    public static String describe(int errno) {
        String text = switch (errno) {
            case EPERM -> "EPERM, operation not permitted";
            case EINTR -> "EINTR, interrupted system call";
            case ENXIO -> "ENXIO, no such device or address";
            case EBADF -> "EBADF, bad file descriptor";
            case EAGAIN -> "EAGAIN, resource temporarily unavailable";
            case ENOMEM -> "ENOMEM, out of memory";
            case EACCES -> "EACCES, permission denied";
            case 14 -> "EFAULT, bad address";
            case ENODEV -> "ENODEV, no such device";
            case EINVAL -> "EINVAL, invalid argument";
            case 23 -> "ENFILE, too many open files in the system";
            case 24 -> "EMFILE, too many open files in this process";
            case ENAMETOOLONG -> "ENAMETOOLONG, file name too long";
            case EPROTO -> "EPROTO, protocol error";
            case 88 -> "ENOTSOCK, not a socket";
            case EMSGSIZE -> "EMSGSIZE, message too long";
            case ENOPROTOOPT -> "ENOPROTOOPT, protocol not available";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT, protocol not supported";
            case EAFNOSUPPORT -> "EAFNOSUPPORT, address family not supported";
            case 98 -> "EADDRINUSE, address already in use";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL, cannot assign requested address";
            case ENETDOWN -> "ENETDOWN, network is down";
            case ENETUNREACH -> "ENETUNREACH, network is unreachable";
            case ENOBUFS -> "ENOBUFS, no buffer space available";
            case ETIMEDOUT -> "ETIMEDOUT, timed out";
            case ECONNREFUSED -> "ECONNREFUSED, connection refused";
            case EHOSTDOWN -> "EHOSTDOWN, host is down";
            case EHOSTUNREACH -> "EHOSTUNREACH, no route to host";
            default -> "";
        };
        return text.isEmpty() ? "errno " + errno : text + " (errno " + errno + ")";
    }
}
