package io.pingagent.sys;

/** Linux socket constants, from the generic headers that x86_64 and aarch64 share. */
public final class SocketConstants {

    static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    public static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    public static final int SO_RCVBUF = 8;
    public static final int SO_BINDTODEVICE = 25;
    static final int SO_ATTACH_FILTER = 26;
    static final int SO_SNDBUFFORCE = 32;
    public static final int SO_RCVBUFFORCE = 33;
    public static final int SO_TIMESTAMPNS = 35;
    public static final int SO_MARK = 36;
    public static final int SO_TIMESTAMPING = 37;
    public static final int SO_RXQ_OVFL = 40;

    static final int SO_MEMINFO = 55;

    /** Flag of SO_TIMESTAMPING: stamp packets as they are handed to the driver. */
    static final int TIMESTAMP_TRANSMITTED = 1 << 1;
    /** Flag of SO_TIMESTAMPING: stamp packets as they come from the driver. */
    public static final int TIMESTAMP_RECEIVED = 1 << 3;
    /** Flag of SO_TIMESTAMPING: stamp packets as they enter the queue of their device. */
    static final int TIMESTAMP_QUEUED = 1 << 8;
    /** Flag of SO_TIMESTAMPING: report stamps of the kernel's clock. */
    public static final int TIMESTAMP_REPORT = 1 << 4;

    public static final int IPPROTO_IP = 0;
    public static final int IP_TOS = 1;
    public static final int IP_TTL = 2;
    public static final int IP_MTU_DISCOVER = 10;
    public static final int IP_RECVERR = 11;

    /** In a struct sock_extended_err: what the error queue holds is a stamp. */
    static final int SO_EE_ORIGIN_TIMESTAMPING = 4;
    /** Kind of such a stamp: the packet has entered the queue of its device. */
    static final int SCM_TSTAMP_SCHED = 1;

    public static final int IPPROTO_ICMP = 1;

    public static final int IPPROTO_IPV6 = 41;
    public static final int IPV6_UNICAST_HOPS = 16;
    public static final int IPV6_MTU_DISCOVER = 23;
    static final int IPV6_RECVERR = 25;
    public static final int IPV6_RECVHOPLIMIT = 51;
    static final int IPV6_HOPLIMIT = 52;
    public static final int IPV6_DONTFRAG = 62;
    public static final int IPV6_RECVTCLASS = 66;
    public static final int IPV6_TCLASS = 67;

    /** Value of the two MTU_DISCOVER options: never set don't-fragment. */
    public static final int PMTUDISC_DONT = 0;
    /** Value of the two MTU_DISCOVER options: always set don't-fragment. */
    public static final int PMTUDISC_DO = 2;

    public static final int IPPROTO_ICMPV6 = 58;
    /** Sends whole IP packets and receives nothing. */
    public static final int IPPROTO_RAW = 255;

    public static final int ICMPV6_FILTER = 1;

    public static final int SOL_RAW = 255;
    public static final int ICMP_FILTER = 1;

    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;

    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_ERRQUEUE = 0x2000;
    static final int MSG_NOSIGNAL = 0x4000;

    static final int CLOCK_REALTIME = 0;
    static final int CLOCK_BOOTTIME = 7;

    private SocketConstants() {}
}
