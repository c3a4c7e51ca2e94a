package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors that quote our requests in all the ways routers do. */
class ErrorDecoderTest {

    private static final int IDENTIFIER = 0xbeef;
    private static final int TARGET = 77;
    private static final int SEQUENCE = 0x0012_3456;
    private static final long ROUTER = 0x0a00_0001L;
    private static final long DESTINATION = 0xcb00_7107L;
    private static final long DESTINATION_HIGH = 0x2001_0db8_0000_0001L;
    private static final EchoKey KEY = EchoKey.of(3, 4);

    private static final RecordingHandler.Failure KNOWN_V4 =
            new RecordingHandler.Failure(IcmpError.HOST_UNREACHABLE, TARGET, SEQUENCE, 0, DESTINATION, 0, ROUTER);
    private static final RecordingHandler.Failure SHORT_V4 =
            new RecordingHandler.Failure(IcmpError.HOST_UNREACHABLE, -1, SEQUENCE & 0xffff, 0, DESTINATION, 0, ROUTER);
    private static final RecordingHandler.Failure KNOWN_V6 = new RecordingHandler.Failure(
            IcmpError.HOST_UNREACHABLE, TARGET, SEQUENCE, DESTINATION_HIGH, DESTINATION, 9, ROUTER);

    private static byte[] request(boolean v6, EchoKey key, int identifier) {
        return TestPackets.request(new EchoCodec(v6, 56, key), identifier, TARGET, SEQUENCE, 1, 2);
    }

    private static byte[] request(boolean v6) {
        return request(v6, KEY, IDENTIFIER);
    }

    private static byte[] quote(boolean v6, byte[] icmp) {
        return v6
                ? TestPackets.inV6(DESTINATION_HIGH, DESTINATION, icmp)
                : TestPackets.inV4(20, 0x0a00_0063, DESTINATION, icmp);
    }

    private static byte[] hostUnreachable(boolean v6, byte[] quote) {
        return v6 ? TestPackets.error(true, 1, 3, quote) : TestPackets.error(false, 3, 1, quote);
    }

    private static byte[] hostUnreachable(boolean v6, int quoteWords, byte[] quote) {
        return TestPackets.error(v6, v6 ? 1 : 3, v6 ? 3 : 1, quoteWords, quote);
    }

    /** A whole packet that quotes a whole request, for fuzzing. */
    static byte[] errorPacket(boolean v6, EchoKey key, int identifier) {
        byte[] icmp = hostUnreachable(v6, quote(v6, request(v6, key, identifier)));
        return v6 ? icmp : TestPackets.inV4(20, ROUTER, 0x0a00_0063, icmp);
    }

    private static RecordingHandler decode(boolean v6, byte[] icmp) {
        PacketDecoder decoder = new PacketDecoder(v6, new EchoCodec(v6, 56, KEY), new EchoIdentifiers(IDENTIFIER));
        RecordingHandler handler = new RecordingHandler();
        if (v6) {
            decoder.decodeV6(ByteBuffer.wrap(icmp), 0, icmp.length, 0, 9, ROUTER, 61, handler);
        } else {
            byte[] packet = TestPackets.inV4(20, ROUTER, 0x0a00_0063, icmp);
            decoder.decodeV4(ByteBuffer.wrap(packet), 0, packet.length, 0, handler);
        }
        assertEquals(1, handler.calls());
        assertTrue(handler.replies.isEmpty());
        return handler;
    }

    private static void assertError(RecordingHandler.Failure expected, boolean v6, byte[] icmp) {
        RecordingHandler handler = decode(v6, icmp);
        assertEquals(List.of(expected), handler.errors, () -> "refused: " + handler.refusals);
    }

    private static void assertRefused(Rejection expected, boolean v6, byte[] icmp) {
        assertEquals(List.of(expected), decode(v6, icmp).refusals);
    }

    /** Over IPv4 it is handed on as unproven; over IPv6, where routers quote all that fits, nobody may quote so little. */
    private static void assertShort(boolean v6, byte[] icmp) {
        if (v6) {
            assertRefused(Rejection.SHORT_QUOTE, true, icmp);
        } else {
            assertError(SHORT_V4, false, icmp);
        }
    }

    @Test
    void wholeQuoteNamesTheTarget() {
        assertError(KNOWN_V4, false, hostUnreachable(false, quote(false, request(false))));
        assertError(KNOWN_V6, true, hostUnreachable(true, quote(true, request(true))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void quoteCutAtEveryLength(boolean v6) {
        byte[] whole = quote(v6, request(v6));
        int header = v6 ? 40 : 20;
        for (int length = 0; length <= whole.length; length++) {
            byte[] icmp = hostUnreachable(v6, TestPackets.cut(whole, length));
            if (length < header + 8) {
                assertRefused(Rejection.MALFORMED_ERROR, v6, icmp);
            } else if (length < header + 40) {
                assertShort(v6, icmp);
            } else {
                assertError(v6 ? KNOWN_V6 : KNOWN_V4, v6, icmp);
            }
        }
    }

    @Test
    void quotedIpOptionsAreSkipped() {
        for (int headerBytes = 20; headerBytes <= 60; headerBytes += 4) {
            byte[] quote = TestPackets.inV4(headerBytes, 1, DESTINATION, request(false));
            assertError(KNOWN_V4, false, hostUnreachable(false, quote));
            assertError(SHORT_V4, false, hostUnreachable(false, TestPackets.cut(quote, headerBytes + 8)));
            assertRefused(
                    Rejection.MALFORMED_ERROR, false, hostUnreachable(false, TestPackets.cut(quote, headerBytes + 7)));
        }
    }

    @Test
    void quotedExtensionHeadersAreSkipped() {
        byte[] hopByHop = {60, 0, 1, 4, 0, 0, 0, 0};
        byte[] destination = {43, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] routing = {51, 0, 0, 0, 0, 0, 0, 0};
        byte[] authentication = {44, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] firstFragment = {58, 0, 0, 1, 0, 0, 0, 7};
        byte[] chain = TestPackets.concat(hopByHop, destination, routing, authentication, firstFragment);
        assertError(
                KNOWN_V6,
                true,
                hostUnreachable(true, TestPackets.inV6(0, chain, DESTINATION_HIGH, DESTINATION, request(true))));

        firstFragment[3] = 9;
        chain = TestPackets.concat(hopByHop, destination, routing, authentication, firstFragment);
        assertRefused(
                Rejection.FOREIGN_ERROR,
                true,
                hostUnreachable(true, TestPackets.inV6(0, chain, DESTINATION_HIGH, DESTINATION, request(true))));
    }

    @Test
    void endlessOrOverlongExtensionHeaders() {
        byte[] endless = new byte[8 * 40];
        assertRefused(
                Rejection.FOREIGN_ERROR,
                true,
                hostUnreachable(true, TestPackets.inV6(0, endless, 1, 1, request(true))));
        byte[] overlong = {58, (byte) 0xff, 0, 0, 0, 0, 0, 0};
        assertRefused(
                Rejection.MALFORMED_ERROR,
                true,
                hostUnreachable(true, TestPackets.inV6(0, overlong, 1, 1, request(true))));
        assertRefused(
                Rejection.FOREIGN_ERROR,
                true,
                hostUnreachable(true, TestPackets.inV6(17, new byte[0], 1, 1, request(true))));
    }

    @Test
    void routersMayHaveAlteredTheQuotedHeader() {
        byte[] quote = quote(false, request(false));
        quote[1] = 0x48; // TOS
        quote[2] = 77; // total length in host order
        quote[8] = 0; // TTL
        quote[10] = 1; // header checksum
        quote[22] ^= 0x55; // ICMP checksum
        assertError(KNOWN_V4, false, hostUnreachable(false, quote));

        byte[] quoteV6 = quote(true, request(true));
        quoteV6[0] |= 0x0f; // traffic class
        quoteV6[1] = 0x33; // flow label
        quoteV6[7] = 0; // hop limit
        assertError(KNOWN_V6, true, hostUnreachable(true, quoteV6));
    }

    /** An MPLS label stack behind a quote of 128 bytes, with and without the length field of RFC 4884. */
    @Test
    void extensionBehindTheQuote() {
        byte[] extension = {0x20, 0, (byte) 0x9a, (byte) 0xc6, 0, 8, 1, 1, 0x12, 0x34, 0x51, (byte) 0xff};
        for (boolean v6 : new boolean[] {false, true}) {
            byte[] padded = Arrays.copyOf(quote(v6, request(v6)), 128);
            byte[] both = TestPackets.concat(padded, extension);
            assertError(v6 ? KNOWN_V6 : KNOWN_V4, v6, hostUnreachable(v6, v6 ? 16 : 32, both));
            assertError(v6 ? KNOWN_V6 : KNOWN_V4, v6, hostUnreachable(v6, both));
        }
    }

    /** Eight bytes of ICMP quoted, then zeros up to 128 bytes, then the extension. */
    @Test
    void extensionBehindAShortQuoteFilledWithZeros() {
        byte[] extension = {0x20, 0, (byte) 0x9a, (byte) 0xc6, 0, 8, 1, 1, 0x12, 0x34, 0x51, (byte) 0xff};
        for (boolean v6 : new boolean[] {false, true}) {
            byte[] shortQuote = TestPackets.cut(quote(v6, request(v6)), (v6 ? 40 : 20) + 8);
            byte[] both = TestPackets.concat(Arrays.copyOf(shortQuote, 128), extension);
            assertShort(v6, hostUnreachable(v6, v6 ? 16 : 32, both));
        }
    }

    @Test
    void nonsensicalQuoteLengthsAreIgnored() {
        for (int words : new int[] {1, 5, 31, 200, 255}) {
            assertError(KNOWN_V4, false, hostUnreachable(false, words, quote(false, request(false))));
            assertError(KNOWN_V6, true, hostUnreachable(true, words, quote(true, request(true))));
        }
    }

    /** Bytes 4 to 7 are the MTU there, not a quote length. */
    @Test
    void packetTooBigKeepsItsMtu() {
        byte[] icmp = TestPackets.error(true, 2, 0, quote(true, request(true)));
        ByteBuffer.wrap(icmp).putInt(4, 0x1000_0500);
        RecordingHandler.Failure error = decode(true, icmp).errors.get(0);
        assertEquals(IcmpError.PACKET_TOO_BIG, error.reason());
        assertEquals(TARGET, error.cookie());
    }

    @Test
    void forgedTagOrSequence() {
        for (boolean v6 : new boolean[] {false, true}) {
            byte[] stranger = request(v6, EchoKey.of(9, 9), IDENTIFIER);
            assertRefused(Rejection.TAG, v6, hostUnreachable(v6, quote(v6, stranger)));
            byte[] other = request(v6);
            other[EchoCodec.SEQUENCE]++;
            assertRefused(Rejection.SEQUENCE, v6, hostUnreachable(v6, quote(v6, other)));
        }
    }

    @Test
    void aboutSomebodyElsesTraffic() {
        for (boolean v6 : new boolean[] {false, true}) {
            byte[] otherIdentifier = request(v6, KEY, IDENTIFIER ^ 1);
            assertRefused(Rejection.FOREIGN_ERROR, v6, hostUnreachable(v6, quote(v6, otherIdentifier)));
            byte[] reply = TestPackets.reply(v6, request(v6));
            assertRefused(Rejection.FOREIGN_ERROR, v6, hostUnreachable(v6, quote(v6, reply)));
        }
        byte[] udp = quote(false, request(false));
        udp[9] = 17;
        assertRefused(Rejection.FOREIGN_ERROR, false, hostUnreachable(false, udp));
        byte[] laterFragment = quote(false, request(false));
        laterFragment[7] = 1;
        assertRefused(Rejection.FOREIGN_ERROR, false, hostUnreachable(false, laterFragment));
    }

    @Test
    void quoteOfTheOtherIpVersion() {
        assertRefused(Rejection.MALFORMED_ERROR, false, hostUnreachable(false, quote(true, request(true))));
        assertRefused(Rejection.MALFORMED_ERROR, true, hostUnreachable(true, quote(false, request(false))));
    }

    @Test
    void corruptedErrorV4() {
        byte[] packet = errorPacket(false, KEY, IDENTIFIER);
        byte[] icmp = Arrays.copyOfRange(packet, 20, packet.length);
        for (int at = 0; at < icmp.length; at++) {
            byte[] corrupted = icmp.clone();
            corrupted[at] ^= 0x20;
            assertEquals(1, decode(false, corrupted).refusals.size(), "byte " + at);
        }
    }

    @Test
    void everyTypeAndCodeHasItsReason() {
        List<IcmpError> v4 = new ArrayList<>();
        for (int code = 0; code <= 16; code++) {
            v4.add(reason(false, 3, code));
        }
        assertEquals(IcmpError.NETWORK_UNREACHABLE, v4.get(0));
        assertEquals(IcmpError.PORT_UNREACHABLE, v4.get(3));
        assertEquals(IcmpError.FRAGMENTATION_NEEDED, v4.get(4));
        assertEquals(IcmpError.ADMIN_PROHIBITED, v4.get(13));
        assertEquals(IcmpError.PRECEDENCE_CUTOFF, v4.get(15));
        assertEquals(IcmpError.UNREACHABLE, v4.get(16));
        assertEquals(17, v4.stream().distinct().count());
        assertEquals(IcmpError.UNREACHABLE, reason(false, 3, 255));
        assertEquals(IcmpError.TTL_EXCEEDED, reason(false, 11, 0));
        assertEquals(IcmpError.REASSEMBLY_TIME_EXCEEDED, reason(false, 11, 1));
        assertEquals(IcmpError.PARAMETER_PROBLEM, reason(false, 12, 0));

        assertEquals(IcmpError.NETWORK_UNREACHABLE, reason(true, 1, 0));
        assertEquals(IcmpError.ADMIN_PROHIBITED, reason(true, 1, 1));
        assertEquals(IcmpError.BEYOND_SCOPE, reason(true, 1, 2));
        assertEquals(IcmpError.HOST_UNREACHABLE, reason(true, 1, 3));
        assertEquals(IcmpError.PORT_UNREACHABLE, reason(true, 1, 4));
        assertEquals(IcmpError.SOURCE_POLICY_FAILED, reason(true, 1, 5));
        assertEquals(IcmpError.REJECT_ROUTE, reason(true, 1, 6));
        assertEquals(IcmpError.UNREACHABLE, reason(true, 1, 7));
        assertEquals(IcmpError.PACKET_TOO_BIG, reason(true, 2, 0));
        assertEquals(IcmpError.TTL_EXCEEDED, reason(true, 3, 0));
        assertEquals(IcmpError.REASSEMBLY_TIME_EXCEEDED, reason(true, 3, 1));
        assertEquals(IcmpError.PARAMETER_PROBLEM, reason(true, 4, 2));
        for (IcmpError each : IcmpError.values()) {
            assertTrue(each.text().length() > 5);
        }
    }

    @Test
    void unaskedTypes() {
        byte[] quote = quote(false, request(false));
        for (int type : new int[] {4, 5, 9, 10, 13, 255}) {
            assertRefused(Rejection.UNWANTED_TYPE, false, TestPackets.error(false, type, 0, quote));
        }
    }

    private static IcmpError reason(boolean v6, int type, int code) {
        return decode(v6, TestPackets.error(v6, type, code, quote(v6, request(v6))))
                .errors
                .get(0)
                .reason();
    }
}
