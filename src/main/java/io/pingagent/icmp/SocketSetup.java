package io.pingagent.icmp;

import io.pingagent.sys.Errno;
import io.pingagent.sys.IncomingMessages;
import io.pingagent.sys.NativeCallException;
import io.pingagent.sys.RawSocket;
import io.pingagent.sys.SocketConstants;

/**
 * Opens raw sockets and sets their options: one socket that receives, and any number that only send. The error messages
 * say what to do.
 */
final class SocketSetup {

    static final String RAW_REMEDY = "needs CAP_NET_RAW: run as root, give the systemd unit"
            + " AmbientCapabilities=CAP_NET_RAW, or start it with setpriv --ambient-caps";
    private static final String MARK_REMEDY =
            "needs CAP_NET_ADMIN (CAP_NET_RAW does from Linux 5.17 on): run as root or give the systemd unit"
                    + " AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN";

    /**
     * @param receiveBufferBytes the receive buffer as read back
     * @param stampsTransmits whether the kernel can say when it transmitted a packet
     */
    record Granted(int receiveBufferBytes, boolean stampsTransmits) {}

    private static final int V4_HEADER_BYTES = 20;
    /**
     * Linux takes no path MTU below this for true ({@code net.ipv4.route.min_pmtu}). Nobody has to fragment a packet
     * that is no longer, so it carries DF, as those of ping do. Then it needs no identification (RFC 6864, section
     * 4.1). The kernel would look that up for each packet in a table that does not fit into the cache.
     */
    private static final int MIN_PATH_MTU_BYTES = 552;

    /** Room for some 10,000 small packets that wait for neighbours or in the queue of a slow interface. */
    private static final int SEND_BUFFER_BYTES = 8 << 20;
    /** Room for the transmit stamps of a long nap at the rate up to which each probe is stamped. */
    private static final int STAMP_BUFFER_BYTES = 1 << 20;

    private final boolean v6;
    private final IcmpOptions options;
    private final DeviceBinding binding;

    /** @param binding renews the binding of every socket that is made ready here */
    SocketSetup(boolean v6, IcmpOptions options, DeviceBinding binding) {
        this.v6 = v6;
        this.options = options;
        this.binding = binding;
    }

    /** A bare socket for receiving. */
    RawSocket open() {
        return open(v6 ? SocketConstants.IPPROTO_ICMPV6 : SocketConstants.IPPROTO_ICMP);
    }

    /** A bare socket for sending. */
    RawSocket openBareSender() {
        return sendsWholePackets() ? open(SocketConstants.IPPROTO_RAW) : open();
    }

    /**
     * Whether requests go out with an IPv4 header of our own. A socket for whole packets receives nothing, so incoming
     * packets cost nothing. ICMP errors do not make its next call fail, so it can have IP_RECVERR. Without that the
     * kernel hides that a queue on the way out was full. It cannot fragment.
     */
    boolean sendsWholePackets() {
        return !v6 && forbidsFragments();
    }

    private boolean forbidsFragments() {
        boolean isSmall =
                !v6 && V4_HEADER_BYTES + EchoCodec.HEADER_BYTES + options.payloadBytes() <= MIN_PATH_MTU_BYTES;
        return options.marking().dontFragment() || isSmall;
    }

    private RawSocket open(int protocol) {
        try {
            return RawSocket.open(v6 ? SocketConstants.AF_INET6 : SocketConstants.AF_INET, protocol);
        } catch (NativeCallException e) {
            String what = v6 ? "a raw ICMPv6 socket" : "a raw ICMP socket";
            if (isPermission(e)) {
                throw new IcmpPermissionException(
                        what + " " + RAW_REMEDY + " (socket: " + Errno.describe(e.errno()) + ")", e.errno());
            }
            if (v6 && (e.errno() == Errno.EAFNOSUPPORT || e.errno() == Errno.EPROTONOSUPPORT)) {
                throw new IcmpSocketException(
                        "cannot open " + what + ": this kernel runs without IPv6 (socket: " + Errno.describe(e.errno())
                                + ")",
                        e.errno());
            }
            throw new IcmpSocketException("cannot open " + what + ": " + e.getMessage(), e.errno());
        }
    }

    /**
     * Sets every option and ends with an empty queue behind the filters.
     *
     * @return what the kernel granted
     */
    Granted configure(RawSocket socket, int identifier) {
        try {
            // Nothing gets in until everything is set, so nothing unfiltered can be left in the queue.
            socket.attach(EchoFilters.dropAll());
            setTypes(socket, EchoFilters.typesV4(), EchoFilters.typesV6());
            binding.bind(socket);
            int receiveBufferBytes = setReceiveBuffer(socket, options.buffers().receiveBytes());
            boolean stampsTransmits = setStamps(socket);
            if (v6) {
                socket.setOption(
                        "IPV6_RECVHOPLIMIT", SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_RECVHOPLIMIT, 1);
            }
            countDrops(socket);
            drain(socket);
            socket.attach(EchoFilters.repliesTo(v6, identifier, identifier));
            return new Granted(receiveBufferBytes, stampsTransmits);
        } catch (NativeCallException e) {
            throw refused(e);
        }
    }

    /** A socket that only sends, ready for use. */
    RawSocket openSender() {
        RawSocket socket = openBareSender();
        boolean done = false;
        try {
            configureSender(socket);
            done = true;
            return socket;
        } catch (NativeCallException e) {
            throw refused(e);
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    private void configureSender(RawSocket socket) throws NativeCallException {
        if (!sendsWholePackets()) {
            // Before anything comes in. The types are looked at before the kernel copies a packet, the filter after
            // that.
            socket.attach(EchoFilters.dropAll());
            setTypes(socket, EchoFilters.noTypesV4(), EchoFilters.noTypesV6());
        }
        binding.bind(socket);
        setMark(socket);
        setPacketOptions(socket);
        socket.requestSendBuffer(SEND_BUFFER_BYTES);
        setReceiveBuffer(socket, STAMP_BUFFER_BYTES);
        if (!v6) {
            socket.setOption("IP_RECVERR", SocketConstants.IPPROTO_IP, SocketConstants.IP_RECVERR, 1);
        }
        reportStamps(socket);
    }

    private static IcmpSocketException refused(NativeCallException e) {
        return isPermission(e)
                ? new IcmpPermissionException(e.getMessage() + "; " + RAW_REMEDY, e.errno())
                : new IcmpSocketException(e.getMessage(), e.errno());
    }

    private void setTypes(RawSocket socket, int typesV4, byte[] typesV6) throws NativeCallException {
        if (v6) {
            socket.setOption("ICMP6_FILTER", SocketConstants.IPPROTO_ICMPV6, SocketConstants.ICMPV6_FILTER, typesV6);
        } else {
            socket.setOption("ICMP_FILTER", SocketConstants.SOL_RAW, SocketConstants.ICMP_FILTER, typesV4);
        }
    }

    private void setMark(RawSocket socket) {
        if (options.marking().mark() == 0) {
            return;
        }
        try {
            socket.setOption(
                    "SO_MARK",
                    SocketConstants.SOL_SOCKET,
                    SocketConstants.SO_MARK,
                    options.marking().mark());
        } catch (NativeCallException e) {
            String key =
                    "probe.mark " + Integer.toUnsignedString(options.marking().mark());
            if (isPermission(e)) {
                throw new IcmpPermissionException(key + " " + MARK_REMEDY + " (" + e.getMessage() + ")", e.errno());
            }
            throw new IcmpSocketException(key + ": " + e.getMessage(), e.errno());
        }
    }

    private void setPacketOptions(RawSocket socket) throws NativeCallException {
        int discovery = forbidsFragments() ? SocketConstants.PMTUDISC_DO : SocketConstants.PMTUDISC_DONT;
        // The two low bits of TOS and traffic class belong to ECN.
        int trafficClass = options.marking().dscp() << 2;
        if (v6) {
            int level = SocketConstants.IPPROTO_IPV6;
            socket.setOption("IPV6_MTU_DISCOVER", level, SocketConstants.IPV6_MTU_DISCOVER, discovery);
            socket.setOption(
                    "IPV6_DONTFRAG",
                    level,
                    SocketConstants.IPV6_DONTFRAG,
                    options.marking().dontFragment() ? 1 : 0);
            if (trafficClass != 0) {
                socket.setOption("IPV6_TCLASS", level, SocketConstants.IPV6_TCLASS, trafficClass);
            }
            if (options.marking().ttl() != 0) {
                socket.setOption(
                        "IPV6_UNICAST_HOPS",
                        level,
                        SocketConstants.IPV6_UNICAST_HOPS,
                        options.marking().ttl());
            }
        } else {
            int level = SocketConstants.IPPROTO_IP;
            socket.setOption("IP_MTU_DISCOVER", level, SocketConstants.IP_MTU_DISCOVER, discovery);
            if (trafficClass != 0) {
                socket.setOption("IP_TOS", level, SocketConstants.IP_TOS, trafficClass);
            }
            if (options.marking().ttl() != 0) {
                socket.setOption(
                        "IP_TTL",
                        level,
                        SocketConstants.IP_TTL,
                        options.marking().ttl());
            }
        }
    }

    private static int setReceiveBuffer(RawSocket socket, int bytes) throws NativeCallException {
        // The kernel doubles what it is asked for and reads back the double, all of which counts.
        int half = bytes / 2;
        int level = SocketConstants.SOL_SOCKET;
        try {
            socket.setOption("SO_RCVBUFFORCE", level, SocketConstants.SO_RCVBUFFORCE, half);
        } catch (NativeCallException needsNetAdmin) {
            socket.setOption("SO_RCVBUF", level, SocketConstants.SO_RCVBUF, half);
        }
        return socket.option("SO_RCVBUF", level, SocketConstants.SO_RCVBUF);
    }

    /** Receive stamps in any case. Returns whether packets sent can be stamped, too. */
    private static boolean setStamps(RawSocket socket) throws NativeCallException {
        int level = SocketConstants.SOL_SOCKET;
        try {
            // In place of SO_TIMESTAMPNS: with both, each packet would bring its stamp twice.
            socket.setOption(
                    "SO_TIMESTAMPING",
                    level,
                    SocketConstants.SO_TIMESTAMPING,
                    SocketConstants.TIMESTAMP_REPORT | SocketConstants.TIMESTAMP_RECEIVED);
            return true;
        } catch (NativeCallException refused) {
            socket.setOption("SO_TIMESTAMPNS", level, SocketConstants.SO_TIMESTAMPNS, 1);
            return false;
        }
    }

    /** Stamps of packets whose control message asks for one; without this option there are none. */
    private static void reportStamps(RawSocket socket) throws NativeCallException {
        try {
            socket.setOption(
                    "SO_TIMESTAMPING",
                    SocketConstants.SOL_SOCKET,
                    SocketConstants.SO_TIMESTAMPING,
                    SocketConstants.TIMESTAMP_REPORT);
        } catch (NativeCallException refused) {
            // The receiving socket was refused it as well, so nobody asks for stamps.
            if (isPermission(refused)) {
                throw refused;
            }
        }
    }

    private static void countDrops(RawSocket socket) throws NativeCallException {
        try {
            socket.setOption("SO_RXQ_OVFL", SocketConstants.SOL_SOCKET, SocketConstants.SO_RXQ_OVFL, 1);
        } catch (NativeCallException e) {
            if (e.errno() != Errno.ENOPROTOOPT) {
                throw e;
            }
        }
    }

    /** Discards what came before the first filter. */
    private void drain(RawSocket socket) {
        IncomingMessages discarded = new IncomingMessages(v6, 64, 64);
        int count = socket.receive(discarded);
        while (count > 0) {
            discarded.rearm(count);
            count = socket.receive(discarded);
        }
    }

    static boolean isPermission(NativeCallException e) {
        return e.errno() == Errno.EPERM || e.errno() == Errno.EACCES;
    }
}
