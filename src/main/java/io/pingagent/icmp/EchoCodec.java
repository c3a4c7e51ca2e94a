package io.pingagent.icmp;

import java.nio.ByteBuffer;

/**
 * Writes echo requests and checks that a payload is one that it wrote.
 *
 * <pre>{@code
 * struct echo {              // network byte order
 *     u8  type;              //  0
 *     u8  code;              //  1  0
 *     u16 checksum;          //  2  IPv6: filled in by the kernel
 *     u16 identifier;        //  4
 *     u16 sequence;          //  6  low 16 bits of the full one
 *     u64 wall_nanos;        //  8  Unix time of sending
 *     u64 stamp;             // 16  the caller's
 *     u32 cookie;            // 24  the caller's
 *     u32 sequence;          // 28
 *     u64 tag;               // 32  SipHash-2-4 of the 24 bytes before
 *     u8  padding[];         // 40  a fixed pattern
 * };
 * }</pre>
 *
 * Immutable, so each thread may use it on buffers of its own. All buffers are in network byte order, and their position
 * and limit do not matter.
 */
final class EchoCodec {

    static final int TYPE = 0;
    static final int CODE = 1;
    static final int CHECKSUM = 2;
    static final int IDENTIFIER = 4;
    static final int SEQUENCE = 6;
    static final int HEADER_BYTES = 8;

    static final int WALL_NANOS = 8;
    static final int STAMP = 16;
    static final int COOKIE = 24;
    static final int FULL_SEQUENCE = 28;
    static final int TAG = 32;
    static final int PADDING = 40;

    static final int V4_REQUEST = 8;
    static final int V4_REPLY = 0;
    static final int V6_REQUEST = 128;
    static final int V6_REPLY = 129;

    private static final int TAGGED_BYTES = TAG - HEADER_BYTES;

    private final boolean v6;
    private final int packetBytes;
    private final long k0;
    private final long k1;
    private final ByteBuffer padding;
    private final long paddingSum;

    EchoCodec(boolean v6, int payloadBytes, EchoKey key) {
        this.v6 = v6;
        packetBytes = HEADER_BYTES + payloadBytes;
        k0 = key.k0();
        k1 = key.k1();
        padding = ByteBuffer.allocate(packetBytes - PADDING);
        for (int i = 0; i < padding.capacity(); i++) {
            padding.put(i, (byte) (0x20 + i));
        }
        // The padding starts at a multiple of 8, so its words line up with those of the packet.
        paddingSum = InternetChecksum.sum(padding, 0, padding.capacity());
    }

    /** ICMP header and payload. */
    int packetBytes() {
        return packetBytes;
    }

    /** Writes what is the same in every request; needed once for each place that {@link #encode} writes to. */
    void prepare(ByteBuffer packets, int offset) {
        packets.put(offset + PADDING, padding, 0, padding.capacity());
    }

    /** Writes one request over a prepared place. */
    void encode(ByteBuffer packets, int offset, int identifier, int cookie, int sequence, long wallNanos, long stamp) {
        long cookieAndSequence = (long) cookie << 32 | sequence & 0xffff_ffffL;
        packets.putLong(offset + WALL_NANOS, wallNanos);
        packets.putLong(offset + STAMP, stamp);
        packets.putLong(offset + COOKIE, cookieAndSequence);
        long tag = SipHash.hash(k0, k1, packets, offset + HEADER_BYTES, TAGGED_BYTES);
        packets.putLong(offset + TAG, tag);
        long header = (long) (v6 ? V6_REQUEST : V4_REQUEST) << 56 | (long) identifier << 16 | sequence & 0xffff;
        if (!v6) {
            long sum = InternetChecksum.add(paddingSum, header);
            sum = InternetChecksum.add(sum, wallNanos);
            sum = InternetChecksum.add(sum, stamp);
            sum = InternetChecksum.add(sum, cookieAndSequence);
            sum = InternetChecksum.add(sum, tag);
            header |= (long) (~InternetChecksum.fold(sum) & 0xffff) << 32;
        }
        packets.putLong(offset, header);
    }

    /** Whether the tag at this echo packet, of at least {@link #PADDING} bytes, is ours. */
    boolean tagIsRight(ByteBuffer packets, int offset) {
        return packets.getLong(offset + TAG) == SipHash.hash(k0, k1, packets, offset + HEADER_BYTES, TAGGED_BYTES);
    }

    /** Whether the low bits of the sequence number in the ICMP header are those of the full one. */
    static boolean sequencesAgree(ByteBuffer packets, int offset) {
        return packets.getShort(offset + SEQUENCE) == (short) packets.getInt(offset + FULL_SEQUENCE);
    }

    /** Whether the padding of this echo packet, of {@link #packetBytes} bytes, is ours. */
    boolean paddingIsRight(ByteBuffer packets, int offset) {
        int length = padding.capacity();
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            if (packets.getLong(offset + PADDING + at) != padding.getLong(at)) {
                return false;
            }
        }
        for (; at < length; at++) {
            if (packets.get(offset + PADDING + at) != padding.get(at)) {
                return false;
            }
        }
        return true;
    }
}
