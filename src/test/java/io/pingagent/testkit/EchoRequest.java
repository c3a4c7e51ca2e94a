package io.pingagent.testkit;

/** An echo request as it came off the device; one object reads them all. One thread. */
final class EchoRequest {

    /** What {@link #read} found. */
    enum Found {
        ECHO_REQUEST,
        /** A right packet of another kind: other protocols, fragments, neighbour discovery, errors. */
        SOMETHING_ELSE,
        /** An echo request whose checksum is wrong; a real host drops it. */
        BAD_CHECKSUM
    }

    static final int V4_HEADER = 20;
    static final int V6_HEADER = 40;
    static final int ICMP_HEADER = 8;
    static final int PROTOCOL_ICMP = 1;
    static final int PROTOCOL_ICMPV6 = 58;
    private static final int V4_ECHO_REQUEST = 8;
    private static final int V6_ECHO_REQUEST = 128;

    byte[] packet = new byte[0];
    boolean isV6;
    /** Where ICMP begins. */
    int icmpStart;
    /** ICMP header and payload. */
    int icmpLength;

    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int hopLimit;
    int trafficClass;
    boolean dontFragment;
    int identifier;
    int sequence;

    Found read(byte[] packet, int length) {
        this.packet = packet;
        if (length < V4_HEADER + ICMP_HEADER) {
            return Found.SOMETHING_ELSE;
        }
        return switch (packet[0] >>> 4 & 0xf) {
            case 4 -> readV4(length);
            case 6 -> readV6(length);
            default -> Found.SOMETHING_ELSE;
        };
    }

    private Found readV4(int length) {
        icmpStart = (packet[0] & 0xf) * 4;
        int totalLength = u16(2);
        int fragment = u16(6);
        icmpLength = totalLength - icmpStart;
        if (packet[9] != PROTOCOL_ICMP
                || totalLength > length
                || icmpLength < ICMP_HEADER
                || (fragment & 0x3fff) != 0
                || (packet[icmpStart] & 0xff) != V4_ECHO_REQUEST) {
            return Found.SOMETHING_ELSE;
        }
        isV6 = false;
        dontFragment = (fragment & 0x4000) != 0;
        trafficClass = packet[1] & 0xff;
        hopLimit = packet[8] & 0xff;
        sourceHigh = 0;
        sourceLow = u32(12);
        destinationHigh = 0;
        destinationLow = u32(16);
        readEcho();
        return Checksum.finish(Checksum.add(0, packet, icmpStart, icmpLength)) == 0
                ? Found.ECHO_REQUEST
                : Found.BAD_CHECKSUM;
    }

    private Found readV6(int length) {
        icmpStart = V6_HEADER;
        icmpLength = u16(4);
        if (packet[6] != PROTOCOL_ICMPV6
                || V6_HEADER + icmpLength > length
                || icmpLength < ICMP_HEADER
                || (packet[icmpStart] & 0xff) != V6_ECHO_REQUEST) {
            return Found.SOMETHING_ELSE;
        }
        isV6 = true;
        // No router fragments IPv6.
        dontFragment = true;
        trafficClass = u16(0) >>> 4 & 0xff;
        hopLimit = packet[7] & 0xff;
        sourceHigh = u32(8) << 32 | u32(12);
        sourceLow = u32(16) << 32 | u32(20);
        destinationHigh = u32(24) << 32 | u32(28);
        destinationLow = u32(32) << 32 | u32(36);
        readEcho();
        long pseudoHeader = Checksum.add(icmpLength + (long) PROTOCOL_ICMPV6, packet, 8, 32);
        return Checksum.finish(Checksum.add(pseudoHeader, packet, icmpStart, icmpLength)) == 0
                ? Found.ECHO_REQUEST
                : Found.BAD_CHECKSUM;
    }

    private void readEcho() {
        identifier = u16(icmpStart + 4);
        sequence = u16(icmpStart + 6);
    }

    private int u16(int at) {
        return (packet[at] & 0xff) << 8 | packet[at + 1] & 0xff;
    }

    private long u32(int at) {
        return (long) u16(at) << 16 | u16(at + 2);
    }
}
