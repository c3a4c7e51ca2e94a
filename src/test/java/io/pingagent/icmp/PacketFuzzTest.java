package io.pingagent.icmp;

import static io.pingagent.testkit.FuzzChecks.check;

import io.pingagent.testkit.FuzzSeeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any packet is a reply with the right tag, an error about a request of ours, a transmitted request, or refused; nothing
 * outside the packet is read, and nothing outside it has a say.
 *
 * <p>The first byte of an input picks what is done with the rest: bit 0 IPv6, bit 1 a stamp of the error queue instead of a
 * received packet, bit 2 the ICMP checksum is made right (IPv4), bit 3 bytes are taken as changes to a right packet, bits 4
 * and 5 which right packet.
 */
class PacketFuzzTest {

    private static final EchoKey KEY = EchoKey.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    private static final int IDENTIFIER = 0x1234;
    private static final int PAYLOAD_BYTES = 56;
    private static final int TARGET = 0x00c0ffee;
    private static final int SEQUENCE = 0x0102_0304;
    private static final long WALL_NANOS = 1_800_000_000_123_456_789L;
    private static final long MONOTONIC_NANOS = 987_654_321L;
    private static final long STAMP_NANOS = WALL_NANOS + 1_000;
    private static final long PEER = 0xc000_0201L;

    /** Before and behind the packet. */
    private static final int SURROUNDINGS = 200;

    @ParameterizedTest
    @MethodSource("seeds")
    void anyPacketIsRightOrRefused(byte[] input) {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(PacketFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        int mode = input.length == 0 ? 0 : input[0];
        boolean v6 = (mode & 1) != 0;
        boolean stamp = (mode & 2) != 0;
        byte[] rest = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
        EchoCodec codec = new EchoCodec(v6, PAYLOAD_BYTES, KEY);
        byte[] packet = (mode & 8) != 0 ? changed(rightPacket(codec, v6, mode >>> 4 & 3), rest) : rest;
        if ((mode & 4) != 0 && !v6) {
            makeChecksumRight(packet);
        }
        RecordingHandler handler = decode(v6, stamp, codec, packet, 0);
        RecordingHandler elsewhere = decode(v6, stamp, codec, packet, 0xff);
        check(handler.replies.equals(elsewhere.replies), "the surroundings make a reply");
        check(handler.errors.equals(elsewhere.errors), "the surroundings make an error");
        check(handler.refusals.equals(elsewhere.refusals), "the surroundings make a refusal");
        check(handler.transmitted.equals(elsewhere.transmitted), "the surroundings make a stamp");
        if (stamp) {
            check(handler.calls() == 0 && handler.transmitted.size() <= 1, "a stamp is a stamp or nothing");
            handler.transmitted.forEach(sent -> expectTransmitted(v6, codec, packet, sent));
            return;
        }
        check(handler.calls() == 1 && handler.transmitted.isEmpty(), handler.calls() + " calls for one packet");
        handler.replies.forEach(reply -> expectReply(v6, codec, packet, reply));
        handler.errors.forEach(error -> expectError(codec, packet, error));
    }

    /** One of four: the reply, an error with the whole quote, one with options, an extension and a cut quote. */
    private static byte[] rightPacket(EchoCodec codec, boolean v6, int which) {
        byte[] request = TestPackets.request(codec, IDENTIFIER, TARGET, SEQUENCE, WALL_NANOS, MONOTONIC_NANOS);
        byte[] icmp;
        if (which == 0) {
            icmp = TestPackets.reply(v6, request);
        } else if (v6) {
            byte[] options = {58, 0, 1, 4, 0, 0, 0, 0};
            byte[] quote = which == 1
                    ? TestPackets.inV6(1, 2, request)
                    : which == 2
                            ? TestPackets.inV6(60, options, 1, 2, request)
                            : Arrays.copyOf(TestPackets.inV6(1, 2, request), 48);
            icmp = TestPackets.error(true, 1, 3, which == 2 ? 16 : 0, which == 2 ? Arrays.copyOf(quote, 140) : quote);
        } else {
            byte[] quote = TestPackets.inV4(which == 2 ? 60 : 20, PEER, PEER, request);
            icmp = TestPackets.error(
                    false, 3, 1, which == 2 ? 32 : 0, which == 1 ? quote : Arrays.copyOf(quote, which == 2 ? 140 : 28));
        }
        return v6 ? icmp : TestPackets.inV4(which == 3 ? 24 : 20, PEER, PEER, icmp);
    }

    /** Pairs of place and value to be xored; a last single byte cuts or lengthens. */
    private static byte[] changed(byte[] packet, byte[] changes) {
        byte[] result = packet.clone();
        for (int i = 0; i + 1 < changes.length; i += 2) {
            result[(changes[i] & 0xff) % result.length] ^= changes[i + 1];
        }
        return changes.length % 2 == 0
                ? result
                : Arrays.copyOf(result, Math.max(0, result.length + changes[changes.length - 1]));
    }

    private static void makeChecksumRight(byte[] packet) {
        int header = packet.length == 0 ? 0 : (packet[0] & 0xf) * 4;
        if (packet.length >= header + 4) {
            byte[] icmp = TestPackets.withChecksum(Arrays.copyOfRange(packet, header, packet.length));
            System.arraycopy(icmp, 0, packet, header, icmp.length);
        }
    }

    private static RecordingHandler decode(boolean v6, boolean stamp, EchoCodec codec, byte[] packet, int around) {
        byte[] all = new byte[SURROUNDINGS + packet.length + (around == 0 ? 0 : SURROUNDINGS)];
        Arrays.fill(all, (byte) around);
        System.arraycopy(packet, 0, all, SURROUNDINGS, packet.length);
        ByteBuffer packets = ByteBuffer.wrap(all);
        RecordingHandler handler = new RecordingHandler();
        PacketDecoder decoder = new PacketDecoder(v6, codec, new EchoIdentifiers(IDENTIFIER));
        if (stamp) {
            decoder.decodeTransmitted(packets, SURROUNDINGS, packet.length, STAMP_NANOS, false, handler);
        } else if (v6) {
            decoder.decodeV6(packets, SURROUNDINGS, packet.length, STAMP_NANOS, 1, 2, 64, handler);
        } else {
            decoder.decodeV4(packets, SURROUNDINGS, packet.length, STAMP_NANOS, handler);
        }
        return handler;
    }

    /** The packet is, but for its checksum, the reply to the request that this process makes of these values. */
    private static void expectReply(boolean v6, EchoCodec codec, byte[] packet, RecordingHandler.Reply reply) {
        byte[] right = TestPackets.reply(
                v6,
                TestPackets.request(
                        codec,
                        IDENTIFIER,
                        reply.cookie(),
                        reply.sequence(),
                        reply.sentWallNanos(),
                        reply.sentMonotonicNanos()));
        expectSameButForChecksum(right, packet);
        check(reply.receivedWallNanos() == STAMP_NANOS, "stamp");
        check(v6 ? reply.sourceHigh() == 1 && reply.sourceLow() == 2 : reply.sourceHigh() == 0, "source");
    }

    private static void expectTransmitted(
            boolean v6, EchoCodec codec, byte[] packet, RecordingHandler.Transmitted sent) {
        int at = packet.length - codec.packetBytes();
        ByteBuffer bytes = ByteBuffer.wrap(packet);
        check(codec.tagIsRight(bytes, at), "a stamp without our tag");
        check(sent.cookie() == bytes.getInt(at + EchoCodec.COOKIE), "cookie");
        check(packet[at] == (byte) (v6 ? EchoCodec.V6_REQUEST : EchoCodec.V4_REQUEST), "type");
    }

    /** Who names a target has quoted our tag; without it no more than 16 bits of the sequence are known. */
    private static void expectError(EchoCodec codec, byte[] packet, RecordingHandler.Failure error) {
        if (error.cookie() == -1) {
            check(error.sequence() >>> 16 == 0, "a full sequence without a tag");
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(packet);
        for (int at = 8; at + EchoCodec.PADDING <= packet.length; at++) {
            if (bytes.getInt(at + EchoCodec.COOKIE) == error.cookie() && codec.tagIsRight(bytes, at)) {
                return;
            }
        }
        throw new AssertionError("an error that names a target without our tag");
    }

    private static void expectSameButForChecksum(byte[] icmp, byte[] packet) {
        int start = packet.length - icmp.length;
        check(start >= 0, "a reply that is too short");
        for (int i = 0; i < icmp.length; i++) {
            check(i == 2 || i == 3 || icmp[i] == packet[start + i], "a reply with a wrong byte " + i);
        }
    }
}
