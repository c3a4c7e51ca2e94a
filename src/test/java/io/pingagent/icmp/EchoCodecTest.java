package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies: what is written comes back, and nothing else does. */
class EchoCodecTest {

    private static final int IDENTIFIER = 0xbeef;
    private static final int PREVIOUS = 0x1234;
    private static final int TARGET = 1_234_567;
    private static final int SEQUENCE = 0x7654_fedc;
    private static final long WALL = 1_900_000_000_123_456_789L;
    private static final long MONOTONIC = -5_000_000_000L;
    private static final long STAMP = WALL + 11_204_000;
    private static final long SOURCE = 0xc0000201L;
    private static final EchoKey KEY = EchoKey.of(3, 4);

    private final EchoIdentifiers identifiers = new EchoIdentifiers(PREVIOUS);

    EchoCodecTest() {
        identifiers.change(IDENTIFIER);
    }

    private RecordingHandler decode(boolean v6, int payloadBytes, byte[] packet) {
        return decode(v6, payloadBytes, packet, packet.length);
    }

    /** Right at the end of a buffer, so that reading too far throws. */
    private RecordingHandler decode(boolean v6, int payloadBytes, byte[] packet, int length) {
        PacketDecoder decoder = new PacketDecoder(v6, new EchoCodec(v6, payloadBytes, KEY), identifiers);
        RecordingHandler handler = new RecordingHandler();
        ByteBuffer buffer = ByteBuffer.allocate(7 + length);
        buffer.put(7, packet, 0, length);
        if (v6) {
            decoder.decodeV6(buffer, 7, length, STAMP, 9, SOURCE, 61, handler);
        } else {
            decoder.decodeV4(buffer, 7, length, STAMP, handler);
        }
        assertEquals(1, handler.calls());
        return handler;
    }

    private static byte[] request(boolean v6, int payloadBytes, int identifier) {
        return TestPackets.request(new EchoCodec(v6, payloadBytes, KEY), identifier, TARGET, SEQUENCE, WALL, MONOTONIC);
    }

    private static byte[] icmpReply(boolean v6, int payloadBytes) {
        return TestPackets.reply(v6, request(v6, payloadBytes, IDENTIFIER));
    }

    private static byte[] v4(byte[] icmp) {
        return TestPackets.inV4(20, SOURCE, 0x0a000001, icmp);
    }

    private static void assertRefused(RecordingHandler handler, Rejection reason) {
        assertEquals(List.of(reason), handler.refusals);
    }

    @Test
    void requestHasTheAgreedLayout() {
        ByteBuffer request = ByteBuffer.wrap(request(false, 56, IDENTIFIER));
        assertEquals(64, request.capacity());
        assertEquals(0x0800, request.getShort(0));
        assertEquals((short) IDENTIFIER, request.getShort(4));
        assertEquals((short) SEQUENCE, request.getShort(6));
        assertEquals(WALL, request.getLong(8));
        assertEquals(MONOTONIC, request.getLong(16));
        assertEquals(TARGET, request.getInt(24));
        assertEquals(SEQUENCE, request.getInt(28));
        assertEquals(SipHash.hash(3, 4, request, 8, 24), request.getLong(32));
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 56, 1473, 65_507})
    void requestChecksumIsRightForEveryPayloadSize(int payloadBytes) {
        byte[] request = request(false, payloadBytes, IDENTIFIER);
        assertArrayEquals(TestPackets.withChecksum(request), request);
    }

    @Test
    void requestChecksumIsRightForAnyValues() {
        Random random = new Random(2);
        EchoCodec codec = new EchoCodec(false, 47, KEY);
        for (int i = 0; i < 20_000; i++) {
            byte[] request = TestPackets.request(
                    codec,
                    random.nextInt(0x10000),
                    random.nextInt(),
                    random.nextInt(),
                    random.nextLong(),
                    random.nextLong());
            assertArrayEquals(TestPackets.withChecksum(request), request);
        }
    }

    @Test
    void requestV6LeavesTheChecksumToTheKernel() {
        ByteBuffer request = ByteBuffer.wrap(request(true, 56, IDENTIFIER));
        assertEquals(0x8000_0000, request.getInt(0));
    }

    @Test
    void samePlaceIsUsedAgain() {
        EchoCodec codec = new EchoCodec(false, 56, KEY);
        ByteBuffer place = ByteBuffer.allocate(codec.packetBytes());
        codec.prepare(place, 0);
        codec.encode(place, 0, 1, 2, 3, 4, 5);
        codec.encode(place, 0, IDENTIFIER, TARGET, SEQUENCE, WALL, MONOTONIC);
        assertArrayEquals(request(false, 56, IDENTIFIER), place.array());
    }

    @Test
    void goodReplies() {
        RecordingHandler.Reply v4 =
                decode(false, 56, v4(icmpReply(false, 56))).replies.get(0);
        assertEquals(new RecordingHandler.Reply(TARGET, SEQUENCE, WALL, MONOTONIC, STAMP, 0, SOURCE, 57), v4);
        RecordingHandler.Reply v6 =
                decode(true, 56, icmpReply(true, 56)).replies.get(0);
        assertEquals(new RecordingHandler.Reply(TARGET, SEQUENCE, WALL, MONOTONIC, STAMP, 9, SOURCE, 61), v6);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60})
    void ipOptionsInTheReplyAreSkipped(int headerBytes) {
        byte[] packet = TestPackets.inV4(headerBytes, SOURCE, 1, icmpReply(false, 56));
        assertEquals(1, decode(false, 56, packet).replies.size());
    }

    @Test
    void replyToThePreviousIdentifier() {
        byte[] reply = TestPackets.reply(false, request(false, 56, PREVIOUS));
        assertEquals(1, decode(false, 56, v4(reply)).replies.size());
    }

    @Test
    void anyIcmpByteCorruptedV4() {
        for (int payloadBytes : new int[] {32, 33, 56}) {
            byte[] reply = icmpReply(false, payloadBytes);
            for (int at = 0; at < reply.length; at++) {
                for (int flip = 1; flip < 256; flip++) {
                    byte[] corrupted = reply.clone();
                    corrupted[at] ^= (byte) flip;
                    RecordingHandler handler = decode(false, payloadBytes, v4(corrupted));
                    assertEquals(1, handler.refusals.size(), "byte " + at + " ^ " + flip);
                }
            }
        }
    }

    /** As by a middlebox that puts the checksum right, or on IPv6 as seen past the kernel's check. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyIcmpByteAlteredWithARightChecksum(boolean v6) {
        byte[] reply = icmpReply(v6, 45);
        for (int at = 0; at < reply.length; at++) {
            if (at == EchoCodec.CHECKSUM || at == EchoCodec.CHECKSUM + 1) {
                continue;
            }
            for (int flip = 1; flip < 256; flip++) {
                byte[] altered = reply.clone();
                altered[at] ^= (byte) flip;
                RecordingHandler handler =
                        v6 ? decode(true, 45, altered) : decode(false, 45, v4(TestPackets.withChecksum(altered)));
                assertEquals(1, handler.refusals.size(), "byte " + at + " ^ " + flip);
            }
        }
    }

    /** The kernel has checked the IP header; here it only must not lead astray. */
    @Test
    void anyIpHeaderByteCorrupted() {
        byte[] packet = v4(icmpReply(false, 56));
        Set<Rejection> seen = EnumSet.noneOf(Rejection.class);
        for (int at = 0; at < 20; at++) {
            for (int flip = 1; flip < 256; flip++) {
                byte[] corrupted = packet.clone();
                corrupted[at] ^= (byte) flip;
                RecordingHandler handler = decode(false, 56, corrupted);
                seen.addAll(handler.refusals);
                boolean structural = at == 0 || at == 2 || at == 3 || at == 9;
                assertTrue(!structural || handler.replies.isEmpty(), "byte " + at + " ^ " + flip);
            }
        }
        assertTrue(
                seen.containsAll(Set.of(Rejection.MALFORMED, Rejection.TRUNCATED, Rejection.LENGTH)), seen::toString);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutAtEveryLength(boolean v6) {
        byte[] icmp = icmpReply(v6, 56);
        byte[] packet = v6 ? icmp : v4(icmp);
        for (int length = 0; length < packet.length; length++) {
            RecordingHandler handler = decode(v6, 56, packet, length);
            Rejection reason = v6 && length >= 8 ? Rejection.LENGTH : Rejection.TRUNCATED;
            assertRefused(handler, reason);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shortenedOrLengthenedWithRightLengthsAndChecksum(boolean v6) {
        byte[] icmp = icmpReply(v6, 56);
        for (int length = 8; length < icmp.length + 40; length++) {
            byte[] other = TestPackets.cut(icmp, length);
            RecordingHandler handler =
                    v6 ? decode(true, 56, other) : decode(false, 56, v4(TestPackets.withChecksum(other)));
            if (length == icmp.length) {
                assertEquals(1, handler.replies.size());
            } else {
                assertRefused(handler, Rejection.LENGTH);
            }
        }
    }

    @Test
    void trailingBytesBehindTheIpLength() {
        byte[] packet = v4(icmpReply(false, 56));
        assertRefused(decode(false, 56, Arrays.copyOf(packet, packet.length + 1)), Rejection.LENGTH);
    }

    @Test
    void foreignIdentifier() {
        byte[] reply = TestPackets.reply(false, request(false, 56, IDENTIFIER + 1));
        assertRefused(decode(false, 56, v4(reply)), Rejection.IDENTIFIER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tagOfAnotherKey(boolean v6) {
        EchoCodec stranger = new EchoCodec(v6, 56, EchoKey.of(4, 3));
        byte[] reply =
                TestPackets.reply(v6, TestPackets.request(stranger, IDENTIFIER, TARGET, SEQUENCE, WALL, MONOTONIC));
        assertRefused(decode(v6, 56, v6 ? reply : v4(reply)), Rejection.TAG);
    }

    @Test
    void paddingAlteredWithTheChecksumMadeRightAgain() {
        byte[] reply = icmpReply(false, 56);
        for (int at = EchoCodec.PADDING; at < reply.length; at++) {
            byte[] altered = reply.clone();
            altered[at]++;
            assertRefused(decode(false, 56, v4(TestPackets.withChecksum(altered))), Rejection.PADDING);
        }
    }

    /** The sum of RFC 1071 does not see two words change places. */
    @Test
    void paddingWordsSwapped() {
        byte[] reply = icmpReply(false, 56);
        byte[] swapped = reply.clone();
        System.arraycopy(reply, 40, swapped, 42, 2);
        System.arraycopy(reply, 42, swapped, 40, 2);
        assertRefused(decode(false, 56, v4(swapped)), Rejection.PADDING);
    }

    @Test
    void sequenceInTheHeaderAltered() {
        byte[] reply = icmpReply(false, 56);
        reply[EchoCodec.SEQUENCE]++;
        assertRefused(decode(false, 56, v4(TestPackets.withChecksum(reply))), Rejection.SEQUENCE);
    }

    @Test
    void ourOwnRequestComingBackIsNoReply() {
        assertRefused(decode(false, 56, v4(request(false, 56, IDENTIFIER))), Rejection.UNWANTED_TYPE);
        assertRefused(decode(true, 56, request(true, 56, IDENTIFIER)), Rejection.UNWANTED_TYPE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void garbageNeverThrowsAndOnlyTheUnalteredPayloadPasses(boolean v6) {
        Random random = new Random(3);
        byte[] good = v6 ? icmpReply(true, 56) : v4(icmpReply(false, 56));
        byte[] quoting = ErrorDecoderTest.errorPacket(v6, KEY, IDENTIFIER);
        for (int i = 0; i < 200_000; i++) {
            byte[] packet;
            switch (i % 4) {
                case 0 -> {
                    packet = new byte[random.nextInt(200)];
                    random.nextBytes(packet);
                }
                case 1 -> packet = mutate(random, Arrays.copyOf(good, random.nextInt(good.length + 8)));
                case 2 -> packet = mutate(random, Arrays.copyOf(quoting, random.nextInt(quoting.length + 8)));
                default -> {
                    packet = mutate(random, quoting.clone());
                    if (!v6) {
                        // Past the checksum, into the quote.
                        byte[] icmp = TestPackets.withChecksum(Arrays.copyOfRange(packet, 20, packet.length));
                        packet = v4(icmp);
                    }
                }
            }
            if (!decode(v6, 56, packet).replies.isEmpty()) {
                assertArrayEquals(checkedPart(v6, good), checkedPart(v6, packet));
            }
        }
    }

    /** What the codec vouches for: the ICMP part, on IPv6 without the checksum, which is the kernel's affair. */
    private static byte[] checkedPart(boolean v6, byte[] packet) {
        byte[] part = packet.clone();
        if (v6) {
            part[EchoCodec.CHECKSUM] = 0;
            part[EchoCodec.CHECKSUM + 1] = 0;
            return part;
        }
        return Arrays.copyOfRange(part, (part[0] & 0xf) * 4, part.length);
    }

    private static byte[] mutate(Random random, byte[] packet) {
        for (int count = random.nextInt(5); packet.length > 0 && count > 0; count--) {
            packet[random.nextInt(packet.length)] ^= (byte) (1 + random.nextInt(255));
        }
        return packet;
    }

    @Test
    void identifiersKeepTheLastTwo() {
        EchoIdentifiers last = new EchoIdentifiers(0xffff);
        assertTrue(last.accepts(0xffff));
        assertFalse(last.accepts(0));
        last.change(1);
        assertTrue(last.accepts(1) && last.accepts(0xffff));
        last.change(2);
        assertTrue(last.accepts(2) && last.accepts(1));
        assertFalse(last.accepts(0xffff));
        assertEquals(2, last.current());
    }

    private RecordingHandler decodeTransmitted(boolean v6, byte[] packet, long stampNanos) {
        PacketDecoder decoder = new PacketDecoder(v6, new EchoCodec(v6, 56, KEY), identifiers);
        RecordingHandler handler = new RecordingHandler();
        ByteBuffer buffer = ByteBuffer.allocate(7 + packet.length);
        buffer.put(7, packet);
        decoder.decodeTransmitted(buffer, 7, packet.length, stampNanos, false, handler);
        assertEquals(0, handler.calls());
        return handler;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void transmittedRequestIsKnownBehindHeadersOfAnyLength(boolean v6) {
        byte[] request = request(v6, 56, IDENTIFIER);
        for (int headerBytes : new int[] {0, 20, 34, 54, 100}) {
            byte[] packet = new byte[headerBytes + request.length];
            System.arraycopy(request, 0, packet, headerBytes, request.length);
            assertEquals(
                    List.of(new RecordingHandler.Transmitted(TARGET, SEQUENCE, WALL, STAMP)),
                    decodeTransmitted(v6, packet, STAMP).transmitted);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whateverElseStandsInTheErrorQueueIsPassedOver(boolean v6) {
        byte[] request = request(v6, 56, IDENTIFIER);
        assertEquals(List.of(), decodeTransmitted(v6, request, 0).transmitted);
        assertEquals(List.of(), decodeTransmitted(v6, icmpReply(v6, 56), STAMP).transmitted);
        for (int length = 0; length < request.length; length++) {
            assertEquals(List.of(), decodeTransmitted(v6, Arrays.copyOf(request, length), STAMP).transmitted);
        }
        for (int at :
                new int[] {EchoCodec.TYPE, EchoCodec.SEQUENCE, EchoCodec.WALL_NANOS, EchoCodec.COOKIE, EchoCodec.TAG}) {
            byte[] altered = request.clone();
            altered[at] ^= 1;
            assertEquals(List.of(), decodeTransmitted(v6, altered, STAMP).transmitted);
        }
    }
}
