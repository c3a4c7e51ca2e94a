package io.pingagent.bench;

import io.pingagent.icmp.sys.IncomingMessages;
import io.pingagent.icmp.sys.NativeCallException;
import io.pingagent.icmp.sys.RawSocket;
import io.pingagent.icmp.sys.SocketConstants;
import io.pingagent.icmp.sys.SocketFilter;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the wire from outside: a process of its own with a packet socket, which notes the kernel's stamps of echo
 * requests as they leave and of echo replies as they arrive. A socket filter takes a sample of the addresses, so that the
 * observed is hardly disturbed.
 *
 * <p>Arguments: {@code mask=} (addresses are taken whose bits in it are all 0), {@code replies=1} or 0 for requests only,
 * {@code file=}. Prints {@code READY}, and ends when its standard input does. The file has one note after the other: type
 * (8 request, 0 reply), address of the probed, identifier, sequence, Unix nanoseconds.
 */
final class Observer {

    private static final int AF_PACKET = 17;
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

    private static final int REQUEST = 8;
    private static final int REPLY = 0;
    private static final int IPPROTO_ICMP = 1;

    /** BPF: A = packet's direction. */
    private static final int LOAD_WORD = 0x20;

    private static final int PACKET_TYPE = 0xffff_f000 + 4;
    private static final int PACKET_HOST = 0;
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
        boolean replies = arguments.number("replies") == 1;
        IncomingMessages messages = new IncomingMessages(false, BATCH, SNAP_BYTES);
        try (RawSocket socket = RawSocket.open(AF_PACKET, ALL_PROTOCOLS);
                DataOutputStream out = new DataOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(Path.of(arguments.text("file"))), 1 << 20))) {
            socket.attach(filter(arguments.number("mask"), replies));
            socket.setOption(
                    "SO_RCVBUFFORCE", SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUFFORCE, BUFFER_BYTES);
            socket.setOption("SO_TIMESTAMPNS", SocketConstants.SOL_SOCKET, SocketConstants.SO_TIMESTAMPNS, 1);
            int stale = socket.receive(messages);
            while (stale > 0) {
                messages.rearm(stale);
                stale = socket.receive(messages);
            }
            System.out.println("READY");
            boolean last = false;
            while (true) {
                last |= System.in.available() > 0;
                int count = socket.receive(messages);
                boolean empty = count == 0;
                while (count > 0) {
                    for (int i = 0; i < count; i++) {
                        note(messages, i, out);
                    }
                    messages.rearm(count);
                    count = socket.receive(messages);
                }
                if (last && empty) {
                    break;
                }
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
        System.out.println("DONE");
    }

    private static void note(IncomingMessages messages, int index, DataOutputStream out) throws IOException {
        ByteBuffer packets = messages.packets();
        int at = messages.packetOffset(index);
        if (messages.length(index) < ICMP + 8) {
            return;
        }
        messages.readControl(index);
        int type = packets.get(at + ICMP) & 0xff;
        out.writeByte(type);
        out.writeInt(packets.getInt(at + (type == REQUEST ? IP_DESTINATION : IP_SOURCE)));
        out.writeShort(packets.getShort(at + ICMP + 4));
        out.writeShort(packets.getShort(at + ICMP + 6));
        out.writeLong(messages.stampNanos());
    }

    /** On loopback each packet passes twice: of requests the leaving one is kept, of replies the arriving one. */
    private static SocketFilter filter(int mask, boolean replies) {
        return new SocketFilter(20)
                .add(SocketFilter.LOAD_SHORT, ETHERTYPE)
                .add(SocketFilter.JUMP_IF_EQUAL, ETHERTYPE_IPV4, 0, 14)
                .add(SocketFilter.LOAD_BYTE, IP_PROTOCOL)
                .add(SocketFilter.JUMP_IF_EQUAL, IPPROTO_ICMP, 0, 12)
                .add(SocketFilter.LOAD_BYTE, ICMP)
                .add(SocketFilter.JUMP_IF_EQUAL, REQUEST, 0, 4)
                .add(LOAD_WORD, PACKET_TYPE)
                .add(SocketFilter.JUMP_IF_EQUAL, PACKET_OUTGOING, 0, 8)
                .add(LOAD_WORD, IP_DESTINATION)
                .add(JUMP_IF_SET, mask, 6, 5)
                .add(SocketFilter.JUMP_IF_EQUAL, replies ? REPLY : 256, 0, 5)
                .add(LOAD_WORD, PACKET_TYPE)
                .add(SocketFilter.JUMP_IF_EQUAL, PACKET_HOST, 0, 3)
                .add(LOAD_WORD, IP_SOURCE)
                .add(JUMP_IF_SET, mask, 1, 0)
                .add(SocketFilter.RETURN, SNAP_BYTES)
                .add(SocketFilter.RETURN, 0);
    }
}
