package io.pingagent.icmp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Builds packets as the network would hand them over, right unless asked otherwise. */
final class TestPackets {

    static final int V6_HEADER_BYTES = 40;

    private TestPackets() {}

    /** An echo request's ICMP part. */
    static byte[] request(EchoCodec codec, int identifier, int cookie, int sequence, long wall, long monotonic) {
        ByteBuffer packet = ByteBuffer.allocate(codec.packetBytes());
        codec.prepare(packet, 0);
        codec.encode(packet, 0, identifier, cookie, sequence, wall, monotonic);
        return packet.array();
    }

    /** The ICMP part of the reply to a request's ICMP part. */
    static byte[] reply(boolean v6, byte[] request) {
        byte[] reply = request.clone();
        reply[0] = (byte) (v6 ? EchoCodec.V6_REPLY : EchoCodec.V4_REPLY);
        return v6 ? reply : withChecksum(reply);
    }

    /** A copy whose ICMP checksum is right. */
    static byte[] withChecksum(byte[] icmp) {
        byte[] result = icmp.clone();
        result[2] = 0;
        result[3] = 0;
        int sum = 0;
        for (int i = 0; i < result.length; i++) {
            sum += (result[i] & 0xff) << ((i & 1) == 0 ? 8 : 0);
        }
        while (sum > 0xffff) {
            sum = (sum >>> 16) + (sum & 0xffff);
        }
        result[2] = (byte) (~sum >>> 8);
        result[3] = (byte) ~sum;
        return result;
    }

    /** @param headerBytes 20 to 60; what is above 20 is filled with no-operation options */
    static byte[] inV4(int headerBytes, long source, long destination, byte[] icmp) {
        ByteBuffer packet = ByteBuffer.allocate(headerBytes + icmp.length);
        packet.put((byte) (0x40 | headerBytes / 4)).put((byte) 0).putShort((short) packet.capacity());
        packet.putShort((short) 0x1234).putShort((short) 0x4000);
        packet.put((byte) 57).put((byte) 1).putShort((short) 0);
        packet.putInt((int) source).putInt((int) destination);
        while (packet.position() < headerBytes) {
            packet.put((byte) 1);
        }
        return packet.put(icmp).array();
    }

    /** @param extensions extension headers that lead to ICMPv6, the first one's number in {@code nextHeader} */
    static byte[] inV6(int nextHeader, byte[] extensions, long high, long low, byte[] icmp) {
        ByteBuffer packet = ByteBuffer.allocate(V6_HEADER_BYTES + extensions.length + icmp.length);
        packet.putInt(0x60000000).putShort((short) (extensions.length + icmp.length));
        packet.put((byte) nextHeader).put((byte) 57);
        packet.putLong(0xfd00_0000_0000_0000L).putLong(0x99);
        packet.putLong(high).putLong(low);
        return packet.put(extensions).put(icmp).array();
    }

    static byte[] inV6(long high, long low, byte[] icmp) {
        return inV6(58, new byte[0], high, low, icmp);
    }

    /** An ICMP error's ICMP part, without extension. */
    static byte[] error(boolean v6, int type, int code, byte[] quote) {
        return error(v6, type, code, 0, quote);
    }

    /** @param quoteWords the length field of RFC 4884 */
    static byte[] error(boolean v6, int type, int code, int quoteWords, byte[] quoteAndExtension) {
        byte[] icmp = new byte[8 + quoteAndExtension.length];
        icmp[0] = (byte) type;
        icmp[1] = (byte) code;
        icmp[v6 ? 4 : 5] = (byte) quoteWords;
        System.arraycopy(quoteAndExtension, 0, icmp, 8, quoteAndExtension.length);
        return v6 ? icmp : withChecksum(icmp);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }
}
