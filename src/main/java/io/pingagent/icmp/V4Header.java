package io.pingagent.icmp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The IPv4 header of a request. The kernel fills in total length, checksum and source address; with DF the packet needs
 * no identification (RFC 6864, section 4.1).
 *
 * <pre>{@code
 * struct iphdr {             // network byte order
 *     u8  version_length;    //  0  0x45
 *     u8  tos;               //  1
 *     u16 total_length;      //  2  filled in by the kernel
 *     u16 identification;    //  4  0
 *     u16 fragment;          //  6  DF
 *     u8  ttl;               //  8
 *     u8  protocol;          //  9  ICMP
 *     u16 checksum;          // 10  filled in by the kernel
 *     u32 source;            // 12  filled in by the kernel while 0
 *     u32 destination;       // 16
 * };
 * }</pre>
 */
final class V4Header {

    static final int BYTES = 20;

    private static final int VERSION_LENGTH = 0;
    static final int TOS = 1;
    private static final int FRAGMENT = 6;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int DESTINATION = 16;

    private static final short DONT_FRAGMENT = 0x4000;
    private static final byte PROTOCOL_ICMP = 1;

    private static final Path DEFAULT_TTL_FILE = Path.of("/proc/sys/net/ipv4/ip_default_ttl");
    /** RFC 1700, and what Linux has when nobody changes it. */
    private static final int USUAL_TTL = 64;

    private V4Header() {}

    /** Writes what is the same in every packet. */
    static void prepare(ByteBuffer packets, int offset, IcmpOptions.Marking marking) {
        packets.put(offset + VERSION_LENGTH, (byte) 0x45);
        // The two low bits belong to ECN.
        packets.put(offset + TOS, (byte) (marking.dscp() << 2));
        packets.putShort(offset + FRAGMENT, DONT_FRAGMENT);
        packets.put(offset + TTL, (byte) (marking.ttl() == 0 ? defaultTtl() : marking.ttl()));
        packets.put(offset + PROTOCOL, PROTOCOL_ICMP);
    }

    static void destination(ByteBuffer packets, int offset, long low) {
        packets.putInt(offset + DESTINATION, (int) low);
    }

    /** In place of what {@link #prepare} wrote. */
    static void hopLimit(ByteBuffer packets, int offset, int hopLimit) {
        packets.put(offset + TTL, (byte) hopLimit);
    }

    /** The system's default, which the kernel puts into packets whose header it writes itself. */
    private static int defaultTtl() {
        try {
            int ttl = Integer.parseInt(Files.readString(DEFAULT_TTL_FILE, StandardCharsets.US_ASCII)
                    .strip());
            return ttl >= 1 && ttl <= 255 ? ttl : USUAL_TTL;
        } catch (java.io.IOException | NumberFormatException e) {
            return USUAL_TTL;
        }
    }
}
