package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour.Answer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerForgeTest {

    private static final int PAYLOAD = 56;
    private static final int IDENTIFIER = 0xbeef;
    private static final int SEQUENCE = 0xffff;

    private final AnswerForge forge = new AnswerForge(new SplittableRandom(1), 1500);
    private final EchoRequest request = new EchoRequest();

    /** A packet taken apart again. */
    private record Parsed(ByteBuffer ip, int headerLength, ByteBuffer icmp, boolean rightChecksum, IpAddress source) {

        int type() {
            return icmp.get(0) & 0xff;
        }

        int identifier() {
            return icmp.getShort(4) & 0xffff;
        }

        int sequence() {
            return icmp.getShort(6) & 0xffff;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theHonestReplyIsRight(boolean isV6) {
        for (Behaviour behaviour :
                new Behaviour[] {Behaviour.honest(), Behaviour.honest().withOptions()}) {
            Parsed reply = answer(behaviour, isV6);
            assertEquals(isV6 ? 129 : 0, reply.type());
            assertTrue(reply.rightChecksum);
            assertEquals(IDENTIFIER, reply.identifier());
            assertEquals(SEQUENCE, reply.sequence());
            assertEquals(destination(isV6), reply.source);
            assertEquals(8 + PAYLOAD, reply.icmp.capacity());
            assertEquals(0, differentBits(reply, request), "the payload");
            assertEquals((isV6 ? 40 : 20) + (behaviour.options ? 8 : 0), reply.headerLength);
            assertEquals(64, reply.ip.get(isV6 ? 7 : 8));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void spoiltRepliesAreSpoiltAsAsked(boolean isV6) {
        Parsed corrupt = answer(Behaviour.honest().answering(Answer.CORRUPT), isV6);
        assertEquals(1, differentBits(corrupt, request));
        assertEquals(false, corrupt.rightChecksum);
        Parsed forged = answer(Behaviour.honest().answering(Answer.FORGED), isV6);
        assertEquals(1, differentBits(forged, request));
        assertTrue(forged.rightChecksum);
        Parsed truncated = answer(Behaviour.honest().truncatedTo(20), isV6);
        assertEquals(28, truncated.icmp.capacity());
        assertTrue(truncated.rightChecksum);
        Parsed padded = answer(Behaviour.honest().answering(Answer.PADDED), isV6);
        assertEquals(8 + PAYLOAD + 16, padded.icmp.capacity());
        assertTrue(padded.rightChecksum);
        Parsed identifier = answer(Behaviour.honest().answering(Answer.WRONG_IDENTIFIER), isV6);
        assertNotEquals(IDENTIFIER, identifier.identifier());
        assertTrue(identifier.rightChecksum);
        Parsed sequence = answer(Behaviour.honest().answering(Answer.WRONG_SEQUENCE), isV6);
        assertEquals(0, sequence.sequence());
        assertTrue(sequence.rightChecksum);
        Parsed foreign = answer(Behaviour.honest().answering(Answer.FOREIGN_SOURCE), isV6);
        assertEquals(destination(isV6).low() ^ 1, foreign.source.low());
        assertTrue(foreign.rightChecksum);
        IpAddress other = isV6 ? Addresses.parse("2001:db8::1") : Addresses.parse("192.0.2.1");
        assertEquals(other, answer(Behaviour.honest().from(other), isV6).source);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void errorsQuoteTheRequest(boolean isV6) {
        for (Answer answer : Answer.values()) {
            if (!answer.isError()) {
                continue;
            }
            for (boolean options : new boolean[] {false, true}) {
                for (int quoted : new int[] {8, 40, Behaviour.WHOLE}) {
                    Behaviour behaviour = Behaviour.honest().answering(answer).quoting(quoted);
                    Parsed error = answer(options ? behaviour.withOptionsInQuote() : behaviour, isV6);
                    assertTrue(error.rightChecksum);
                    assertEquals(isV6 ? AnswerForge.ROUTER_V6 : AnswerForge.ROUTER_V4, error.source);
                    int header = (isV6 ? 40 : 20) + (options ? 8 : 0);
                    assertEquals(8 + header + Math.min(quoted, 8 + PAYLOAD), error.icmp.capacity(), answer.toString());
                    ByteBuffer quote = error.icmp.slice(8, error.icmp.capacity() - 8);
                    assertEquals(isV6 ? 6 : 4, quote.get(0) >>> 4);
                    assertEquals(isV6 ? 128 : 8, quote.get(header) & 0xff);
                    assertEquals(IDENTIFIER, quote.getShort(header + 4) & 0xffff);
                    assertEquals(SEQUENCE, quote.getShort(header + 6) & 0xffff);
                    if (isV6) {
                        assertEquals(options ? 60 : 58, quote.get(6));
                    } else {
                        assertEquals(header, (quote.get(0) & 0xf) * 4);
                        assertEquals(header + 8 + PAYLOAD, quote.getShort(2));
                        assertEquals(0, Checksum.finish(Checksum.add(0, bytes(quote), 0, header)));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void garbageNeverMatters(boolean isV6) {
        for (int i = 0; i < 10_000; i++) {
            Parsed garbage = answer(Behaviour.honest().answering(Answer.GARBAGE), isV6);
            assertTrue(garbage.icmp.capacity() < 80);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsOnlyRightRequests(boolean isV6) {
        byte[] packet = packet(isV6);
        assertEquals(EchoRequest.Found.ECHO_REQUEST, request.read(packet, packet.length));
        assertEquals(EchoRequest.Found.SOMETHING_ELSE, request.read(packet, packet.length - 1));
        packet[packet.length - 1] ^= 1;
        assertEquals(EchoRequest.Found.BAD_CHECKSUM, request.read(packet, packet.length));
        packet[isV6 ? 40 : 20] = (byte) (isV6 ? 129 : 0);
        assertEquals(EchoRequest.Found.SOMETHING_ELSE, request.read(packet, packet.length));
        for (int length = 0; length < 60; length++) {
            request.read(Arrays.copyOf(packet, 60), length);
        }
    }

    private Parsed answer(Behaviour behaviour, boolean isV6) {
        byte[] packet = packet(isV6);
        assertEquals(EchoRequest.Found.ECHO_REQUEST, request.read(packet, packet.length));
        byte[] out = new byte[2000];
        return parse(Arrays.copyOf(out, forge.forge(behaviour, behaviour.answer, request, out)));
    }

    private static Parsed parse(byte[] out) {
        boolean isV6 = out[0] >>> 4 == 6;
        ByteBuffer ip = ByteBuffer.wrap(out);
        int header;
        IpAddress source;
        long sum = 0;
        if (isV6) {
            header = 40 + (ip.get(6) == 60 ? 8 : 0);
            assertEquals(ip.capacity() - 40, ip.getShort(4), "length in the header");
            assertEquals(58, ip.get(header == 40 ? 6 : 40));
            source = IpAddress.v6(ip.getLong(8), ip.getLong(16), 0);
            sum = Checksum.add(ip.capacity() - header + 58L, out, 8, 32);
        } else {
            header = (ip.get(0) & 0xf) * 4;
            assertEquals(ip.capacity(), ip.getShort(2), "length in the header");
            assertEquals(0, Checksum.finish(Checksum.add(0, out, 0, header)), "checksum of the header");
            source = IpAddress.v4(ip.getInt(12));
        }
        int icmp = ip.capacity() - header;
        boolean rightChecksum = Checksum.finish(Checksum.add(sum, out, header, icmp)) == 0;
        return new Parsed(ip, header, ip.slice(header, icmp), rightChecksum, source);
    }

    private static IpAddress destination(boolean isV6) {
        return Addresses.parse(isV6 ? "fd00:9::1:7" : "10.9.1.7");
    }

    private static byte[] packet(boolean isV6) {
        int header = isV6 ? 40 : 20;
        ByteBuffer packet = ByteBuffer.allocate(header + 8 + PAYLOAD);
        IpAddress to = destination(isV6);
        long sum = 0;
        if (isV6) {
            packet.putInt(0, 0x60000000)
                    .putShort(4, (short) (8 + PAYLOAD))
                    .put(6, (byte) 58)
                    .put(7, (byte) 64);
            packet.putLong(8, 0xfd00_0008_0000_0000L).putLong(16, 1);
            packet.putLong(24, to.high()).putLong(32, to.low());
            sum = Checksum.add(8 + PAYLOAD + 58, packet.array(), 8, 32);
        } else {
            packet.put(0, (byte) 0x45)
                    .putShort(2, (short) packet.capacity())
                    .put(8, (byte) 64)
                    .put(9, (byte) 1);
            packet.putInt(12, 0x0a080001).putInt(16, to.v4Bits());
            packet.putShort(10, (short) Checksum.finish(Checksum.add(0, packet.array(), 0, header)));
        }
        packet.put(header, (byte) (isV6 ? 128 : 8));
        packet.putShort(header + 4, (short) IDENTIFIER).putShort(header + 6, (short) SEQUENCE);
        for (int i = 0; i < PAYLOAD; i++) {
            packet.put(header + 8 + i, (byte) (i * 7));
        }
        sum = Checksum.add(sum, packet.array(), header, 8 + PAYLOAD);
        packet.putShort(header + 2, (short) Checksum.finish(sum));
        return packet.array();
    }

    private static int differentBits(Parsed reply, EchoRequest request) {
        int bits = 0;
        for (int i = 8; i < reply.icmp.capacity(); i++) {
            bits += Integer.bitCount((reply.icmp.get(i) ^ request.packet[request.icmpStart + i]) & 0xff);
        }
        return bits;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }
}
