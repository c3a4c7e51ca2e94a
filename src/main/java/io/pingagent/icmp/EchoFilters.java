package io.pingagent.icmp;

import io.pingagent.sys.SocketFilter;
import java.util.Arrays;

/**
 * What the kernel drops before it costs anything: by ICMP type ({@code ICMP_FILTER}, {@code ICMPV6_FILTER}), then
 * by identifier (socket filter). A socket filter sees an IPv4 packet from its IP header on, an ICMPv6 one from its ICMP
 * header on.
 */
final class EchoFilters {

    private static final int KEEP_ALL = -1;
    private static final int DROP = 0;

    private static final int MAX_INSTRUCTIONS = 8;

    private static final int V6_HEADER_BYTES = 40;

    private EchoFilters() {}

    /** Drops everything. */
    static SocketFilter dropAll() {
        return new SocketFilter(1).add(SocketFilter.RETURN, DROP);
    }

    /** Drops echo replies that carry neither identifier. */
    static SocketFilter repliesTo(boolean v6, int identifier, int previousIdentifier) {
        SocketFilter filter = new SocketFilter(MAX_INSTRUCTIONS);
        if (v6) {
            filter.add(SocketFilter.LOAD_BYTE, EchoCodec.TYPE)
                    .add(SocketFilter.JUMP_IF_EQUAL, EchoCodec.V6_REPLY, 0, 3)
                    .add(SocketFilter.LOAD_SHORT, EchoCodec.IDENTIFIER);
        } else {
            filter.add(SocketFilter.LOAD_HEADER_LENGTH, 0)
                    .add(SocketFilter.LOAD_BYTE_INDEXED, EchoCodec.TYPE)
                    .add(SocketFilter.JUMP_IF_EQUAL, EchoCodec.V4_REPLY, 0, 3)
                    .add(SocketFilter.LOAD_SHORT_INDEXED, EchoCodec.IDENTIFIER);
        }
        return filter.add(SocketFilter.JUMP_IF_EQUAL, identifier, 1, 0)
                .add(SocketFilter.JUMP_IF_EQUAL, previousIdentifier, 0, 1)
                .add(SocketFilter.RETURN, KEEP_ALL)
                .add(SocketFilter.RETURN, DROP);
    }

    /** Drops all but echo replies with this identifier and errors that quote it, behind a header without options. */
    static SocketFilter answersTo(boolean v6, int identifier) {
        SocketFilter filter = new SocketFilter(MAX_INSTRUCTIONS + 1);
        int quoted = EchoCodec.HEADER_BYTES + (v6 ? V6_HEADER_BYTES : V4Header.BYTES) + EchoCodec.IDENTIFIER;
        if (v6) {
            filter.add(SocketFilter.LOAD_BYTE, EchoCodec.TYPE)
                    .add(SocketFilter.JUMP_IF_EQUAL, EchoCodec.V6_REPLY, 0, 2)
                    .add(SocketFilter.LOAD_SHORT, EchoCodec.IDENTIFIER)
                    .add(SocketFilter.JUMP_IF_EQUAL, identifier, 2, 3)
                    .add(SocketFilter.LOAD_SHORT, quoted);
        } else {
            filter.add(SocketFilter.LOAD_HEADER_LENGTH, 0)
                    .add(SocketFilter.LOAD_BYTE_INDEXED, EchoCodec.TYPE)
                    .add(SocketFilter.JUMP_IF_EQUAL, EchoCodec.V4_REPLY, 0, 2)
                    .add(SocketFilter.LOAD_SHORT_INDEXED, EchoCodec.IDENTIFIER)
                    .add(SocketFilter.JUMP_IF_EQUAL, identifier, 2, 3)
                    .add(SocketFilter.LOAD_SHORT_INDEXED, quoted);
        }
        return filter.add(SocketFilter.JUMP_IF_EQUAL, identifier, 0, 1)
                .add(SocketFilter.RETURN, KEEP_ALL)
                .add(SocketFilter.RETURN, DROP);
    }

    /**
     * {@code struct icmp_filter { __u32 data; }}: a set bit drops that type. Echo reply, destination unreachable, time
     * exceeded and parameter problem pass.
     */
    static int typesV4() {
        return ~(1 << EchoCodec.V4_REPLY | 1 << 3 | 1 << 11 | 1 << 12);
    }

    /**
     * {@code struct icmp6_filter { __u32 data[8]; }}, host order: a set bit drops that type. Destination unreachable,
     * packet too big, time exceeded, parameter problem and echo reply pass.
     */
    static byte[] typesV6() {
        byte[] filter = new byte[32];
        Arrays.fill(filter, (byte) 0xff);
        for (int type : new int[] {1, 2, 3, 4, EchoCodec.V6_REPLY}) {
            // Little-endian words, so bit n of the words is bit n of the bytes.
            filter[type >>> 3] &= (byte) ~(1 << (type & 7));
        }
        return filter;
    }

    /** As {@link #typesV4}, for a socket that receives nothing. */
    static int noTypesV4() {
        return -1;
    }

    /** As {@link #typesV6}, for a socket that receives nothing. */
    static byte[] noTypesV6() {
        byte[] filter = new byte[32];
        Arrays.fill(filter, (byte) 0xff);
        return filter;
    }
}
