package io.pingagent.icmp;

import io.pingagent.base.OwnedBy;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes received packets apart and hands each to the handler as what it is. Never reads outside the bytes it is given,
 * never throws because of them, never allocates.
 *
 * <p>Buffers are in network byte order, and their position and limit do not matter.
 */
@OwnedBy("caller")
final class PacketDecoder {

    private static final int V4_HEADER_BYTES = 20;
    private static final int V4_TOTAL_LENGTH = 2;
    private static final int V4_FRAGMENT = 6;
    /** More-fragments flag and fragment offset: what arrives here has been put together. */
    private static final int V4_FRAGMENT_BITS = 0x3fff;

    private static final int V4_TTL = 8;
    private static final int V4_PROTOCOL = 9;
    private static final int V4_SOURCE = 12;
    private static final int PROTOCOL_ICMP = 1;

    private final boolean v6;
    private final EchoCodec codec;
    private final EchoIdentifiers identifiers;
    private final ErrorDecoder errors;

    PacketDecoder(boolean v6, EchoCodec codec, EchoIdentifiers identifiers) {
        this.v6 = v6;
        this.codec = codec;
        this.identifiers = identifiers;
        errors = new ErrorDecoder(v6, codec, identifiers);
    }

    /** @param length bytes from the IPv4 header on */
    void decodeV4(ByteBuffer packets, int offset, int length, long stampNanos, IcmpHandler handler) {
        if (length < V4_HEADER_BYTES) {
            handler.rejected(Rejection.TRUNCATED);
            return;
        }
        int versionAndLength = packets.get(offset) & 0xff;
        int headerBytes = (versionAndLength & 0xf) << 2;
        if (versionAndLength >>> 4 != 4
                || headerBytes < V4_HEADER_BYTES
                || packets.get(offset + V4_PROTOCOL) != PROTOCOL_ICMP
                || (packets.getShort(offset + V4_FRAGMENT) & V4_FRAGMENT_BITS) != 0) {
            handler.rejected(Rejection.MALFORMED);
            return;
        }
        int totalBytes = packets.getShort(offset + V4_TOTAL_LENGTH) & 0xffff;
        if (length < totalBytes || totalBytes < headerBytes + EchoCodec.HEADER_BYTES) {
            handler.rejected(Rejection.TRUNCATED);
            return;
        }
        if (length > totalBytes) {
            handler.rejected(Rejection.LENGTH);
            return;
        }
        int icmp = offset + headerBytes;
        int icmpBytes = length - headerBytes;
        if (InternetChecksum.fold(InternetChecksum.sum(packets, icmp, icmpBytes)) != InternetChecksum.RIGHT) {
            handler.rejected(Rejection.CHECKSUM);
            return;
        }
        long source = packets.getInt(offset + V4_SOURCE) & 0xffff_ffffL;
        decodeIcmp(packets, icmp, icmpBytes, stampNanos, 0, source, packets.get(offset + V4_TTL) & 0xff, handler);
    }

    /** @param length bytes from the ICMPv6 header on, whose checksum the kernel has verified */
    void decodeV6(
            ByteBuffer packets,
            int offset,
            int length,
            long stampNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit,
            IcmpHandler handler) {
        if (length < EchoCodec.HEADER_BYTES) {
            handler.rejected(Rejection.TRUNCATED);
            return;
        }
        decodeIcmp(packets, offset, length, stampNanos, sourceHigh, sourceLow, hopLimit, handler);
    }

    /**
     * A request of ours that was transmitted; anything else is passed over.
     *
     * @param length bytes from the link-layer header on: however long that and the IP header are, the request is at the
     *     end
     */
    void decodeTransmitted(
            ByteBuffer packets, int offset, int length, long stampNanos, boolean isQueueStamp, IcmpHandler handler) {
        int icmp = offset + length - codec.packetBytes();
        if (stampNanos == 0
                || icmp < offset
                || (packets.get(icmp + EchoCodec.TYPE) & 0xff) != (v6 ? EchoCodec.V6_REQUEST : EchoCodec.V4_REQUEST)
                || !codec.tagIsRight(packets, icmp)
                || !EchoCodec.sequencesAgree(packets, icmp)) {
            return;
        }
        int cookie = packets.getInt(icmp + EchoCodec.COOKIE);
        int sequence = packets.getInt(icmp + EchoCodec.FULL_SEQUENCE);
        if (isQueueStamp) {
            handler.queued(cookie, sequence);
        } else {
            handler.transmitted(cookie, sequence, packets.getLong(icmp + EchoCodec.WALL_NANOS), stampNanos);
        }
    }

    private void decodeIcmp(
            ByteBuffer packets,
            int icmp,
            int icmpBytes,
            long stampNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit,
            IcmpHandler handler) {
        int type = packets.get(icmp + EchoCodec.TYPE) & 0xff;
        if (type != (v6 ? EchoCodec.V6_REPLY : EchoCodec.V4_REPLY)) {
            errors.decode(packets, icmp, icmpBytes, sourceHigh, sourceLow, handler);
            return;
        }
        Rejection refusal = judgeReply(packets, icmp, icmpBytes);
        if (refusal != null) {
            handler.rejected(refusal);
            return;
        }
        handler.echoReply(
                packets.getInt(icmp + EchoCodec.COOKIE),
                packets.getInt(icmp + EchoCodec.FULL_SEQUENCE),
                packets.getLong(icmp + EchoCodec.WALL_NANOS),
                packets.getLong(icmp + EchoCodec.STAMP),
                stampNanos,
                sourceHigh,
                sourceLow,
                hopLimit);
    }

    /** What is wrong with an echo reply of at least a header's length, null if nothing is. */
    private @Nullable Rejection judgeReply(ByteBuffer packets, int icmp, int icmpBytes) {
        if (packets.get(icmp + EchoCodec.CODE) != 0) {
            return Rejection.MALFORMED;
        }
        if (!identifiers.accepts(packets.getShort(icmp + EchoCodec.IDENTIFIER) & 0xffff)) {
            return Rejection.IDENTIFIER;
        }
        if (icmpBytes != codec.packetBytes()) {
            return Rejection.LENGTH;
        }
        if (!codec.paddingIsRight(packets, icmp)) {
            return Rejection.PADDING;
        }
        if (!codec.tagIsRight(packets, icmp)) {
            return Rejection.TAG;
        }
        return EchoCodec.sequencesAgree(packets, icmp) ? null : Rejection.SEQUENCE;
    }
}
