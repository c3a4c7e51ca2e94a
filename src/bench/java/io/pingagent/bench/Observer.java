package io.pingagent.bench;

import io.pingagent.sys.IncomingMessages;
import io.pingagent.sys.NativeCallException;
import io.pingagent.sys.RawSocket;
import io.pingagent.sys.SocketConstants;
import io.pingagent.sys.SocketFilter;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the wire from outside: a process of its own with a packet socket, which notes the kernel's stamps of echo
 * requests and replies as they arrive. A socket filter takes a sample of the addresses, so that the observed is hardly
 * disturbed.
 *
 * <p>The loopback device is a wire without length: a request arrives in the same function call of the driver that
 * transmits it, and the stamp of its arrival is taken before anybody is shown it. So nothing that the observer does lies
 * between the sender's clock and the observer's stamp. That is not so where packets that leave are looked at: each is copied,
 * stamped, filtered and queued for the observer, half a microsecond or more, before the driver gets it. This is done only on
 * request, by a socket of its own, to see between which two moments a request was transmitted.
 *
 * <p>Arguments: {@code mask=} (addresses are taken whose bits in it are all 0), {@code replies=1} or 0 for requests only,
 * {@code departures=1} or 0, {@code file=}. Prints {@code READY}, and ends when its standard input does. The file has one
 * note after the other: kind (8 a request that arrived, 0 a reply that did, 9 a request about to leave), address of the
 * probed, identifier, sequence, Unix nanoseconds.
 */
final class Observer {

    static final int REPLY = 0;
    static final int REQUEST = 8;
    static final int DEPARTING = 9;

    private static final int AF_PACKET = 17;
    /** ETH_P_IP in network order. A socket with this protocol is shown what arrives and has no part in what leaves. */
    private static final int ARRIVING_IPV4 = 0x0008;
    /** ETH_P_ALL in network order; with any other protocol, packets that leave are not shown. */
    private static final int ALL_PROTOCOLS = 0x0300;

    private static final int LINK_HEADER = 14;
    private static final int ETHERTYPE = 12;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int IP_PROTOCOL = LINK_HEADER + 9;
    private static final int IP_SOURCE = LINK_HEADER + 12;
    private static final int IP_DESTINATION = LINK_HEADER + 16;
    /** The requests of all programs, and the kernel's replies, carry no IP options. */
    private static final int ICMP = LINK_HEADER + 20;

    private static final int IPPROTO_ICMP = 1;
    /** What no byte is equal to. */
    private static final int NO_TYPE = 256;

    /** BPF: A = packet's direction. */
    private static final int LOAD_WORD = 0x20;

    private static final int PACKET_TYPE = 0xffff_f000 + 4;
    private static final int PACKET_OUTGOING = 4;
    /** BPF: skip jt instructions if A &amp; k, else jf. */
    private static final int JUMP_IF_SET = 0x45;

    private static final int BATCH = 256;
    private static final int SNAP_BYTES = 96;
    private static final int BUFFER_BYTES = 256 << 20;
    private static final long NAP_NANOS = 5_000_000L;

    private Observer() {}

    public static void main(String[] words) throws IOException, NativeCallException {
        Child arguments = new Child(words);
        int mask = arguments.number("mask");
        IncomingMessages messages = new IncomingMessages(false, BATCH, SNAP_BYTES);
        try (RawSocket arriving = RawSocket.open(AF_PACKET, ARRIVING_IPV4);
                RawSocket leaving =
                        arguments.number("departures") == 1 ? RawSocket.open(AF_PACKET, ALL_PROTOCOLS) : null;
                DataOutputStream out = new DataOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(Path.of(arguments.text("file"))), 1 << 20))) {
            prepare(arriving, arrivals(mask, arguments.number("replies") == 1), messages);
            if (leaving != null) {
                prepare(leaving, departures(mask), messages);
            }
            System.out.println("READY");
            boolean last = false;
            while (true) {
                last |= System.in.available() > 0;
                int read = leaving == null ? 0 : drain(leaving, messages, true, out);
                read += drain(arriving, messages, false, out);
                if (last && read == 0) {
                    break;
                }
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
        System.out.println("DONE");
    }

    private static void prepare(RawSocket socket, SocketFilter filter, IncomingMessages messages)
            throws NativeCallException {
        socket.attach(filter);
        socket.setOption("SO_RCVBUFFORCE", SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUFFORCE, BUFFER_BYTES);
        socket.setOption("SO_TIMESTAMPNS", SocketConstants.SOL_SOCKET, SocketConstants.SO_TIMESTAMPNS, 1);
        int stale = socket.receive(messages);
        while (stale > 0) {
            messages.rearm(stale);
            stale = socket.receive(messages);
        }
    }

    /** Nobody is woken by a packet: what waits is read every few milliseconds. */
    private static int drain(RawSocket socket, IncomingMessages messages, boolean leaving, DataOutputStream out)
            throws IOException {
        int sum = 0;
        int count = socket.receive(messages);
        while (count > 0) {
            for (int i = 0; i < count; i++) {
                note(messages, i, leaving, out);
            }
            messages.rearm(count);
            sum += count;
            count = socket.receive(messages);
        }
        return sum;
    }

    private static void note(IncomingMessages messages, int index, boolean leaving, DataOutputStream out)
            throws IOException {
        ByteBuffer packets = messages.packets();
        int at = messages.packetOffset(index);
        if (messages.length(index) < ICMP + 8) {
            return;
        }
        messages.readControl(index);
        int type = packets.get(at + ICMP) & 0xff;
        out.writeByte(leaving ? DEPARTING : type);
        out.writeInt(packets.getInt(at + (type == REQUEST ? IP_DESTINATION : IP_SOURCE)));
        out.writeShort(packets.getShort(at + ICMP + 4));
        out.writeShort(packets.getShort(at + ICMP + 6));
        out.writeLong(messages.stampNanos());
    }

    private static SocketFilter arrivals(int mask, boolean replies) {
        return new SocketFilter(20)
                .add(SocketFilter.LOAD_BYTE, IP_PROTOCOL)
                .add(SocketFilter.JUMP_IF_EQUAL, IPPROTO_ICMP, 0, 8)
                .add(SocketFilter.LOAD_BYTE, ICMP)
                .add(SocketFilter.JUMP_IF_EQUAL, REQUEST, 0, 2)
                .add(LOAD_WORD, IP_DESTINATION)
                .add(JUMP_IF_SET, mask, 4, 3)
                .add(SocketFilter.JUMP_IF_EQUAL, replies ? REPLY : NO_TYPE, 0, 3)
                .add(LOAD_WORD, IP_SOURCE)
                .add(JUMP_IF_SET, mask, 1, 0)
                .add(SocketFilter.RETURN, SNAP_BYTES)
                .add(SocketFilter.RETURN, 0);
    }

    /** This socket is shown each packet twice on loopback, as it leaves and as it arrives. */
    private static SocketFilter departures(int mask) {
        return new SocketFilter(20)
                .add(LOAD_WORD, PACKET_TYPE)
                .add(SocketFilter.JUMP_IF_EQUAL, PACKET_OUTGOING, 0, 9)
                .add(SocketFilter.LOAD_SHORT, ETHERTYPE)
                .add(SocketFilter.JUMP_IF_EQUAL, ETHERTYPE_IPV4, 0, 7)
                .add(SocketFilter.LOAD_BYTE, IP_PROTOCOL)
                .add(SocketFilter.JUMP_IF_EQUAL, IPPROTO_ICMP, 0, 5)
                .add(SocketFilter.LOAD_BYTE, ICMP)
                .add(SocketFilter.JUMP_IF_EQUAL, REQUEST, 0, 3)
                .add(LOAD_WORD, IP_DESTINATION)
                .add(JUMP_IF_SET, mask, 1, 0)
                .add(SocketFilter.RETURN, SNAP_BYTES)
                .add(SocketFilter.RETURN, 0);
    }
}
