package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.sys.IncomingMessages;
import io.pingagent.sys.RawSocket;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
class RawIcmpV4IT extends RawSocketContract {

    private static final int ANSWERING = 0x7f000001;

    @Override
    boolean v6() {
        return false;
    }

    @Override
    long answeringLow() {
        return ANSWERING;
    }

    /** Broadcast, which the socket does not allow. */
    @Override
    long[] refusedDestination() {
        return new long[] {0, 0xffff_ffffL, 0};
    }

    @Test
    void allOf127Answers() {
        IcmpSocket socket = open();
        Set<Long> asked = new HashSet<>();
        for (long address = 0x7f000001L; address < 0x7fffffffL; address += 65_537) {
            assertEquals(0, socket.sendEcho(0, address, 0, 1, 1, 1, 1));
            asked.add(address);
        }
        receive(socket, asked.size());
        Set<Long> answered = new HashSet<>(
                handler.replies.stream().map(RecordingHandler.Reply::sourceLow).toList());
        assertEquals(asked, answered);
    }

    @Test
    void corruptedReplyIsRefused() throws Exception {
        IcmpSocket socket = open();
        byte[] reply = TestPackets.reply(false, request(1, 1));
        reply[50] ^= 1;
        inject(reply);
        receive(socket, 1);
        assertEquals(List.of(Rejection.CHECKSUM), handler.refusals);
    }

    @Test
    void packetCarriesSourceDscpTtlAndDontFragment() throws Exception {
        try (RawSocket listener = bareSocket()) {
            IcmpOptions marked = new IcmpOptions(
                    56,
                    new IcmpOptions.Source(inet4(0x7f090807), null, null, null),
                    new IcmpOptions.Marking(46, 33, 0, true),
                    new IcmpOptions.Buffers(1 << 20, 1, 1));
            ByteBuffer packet = requestSeenBy(listener, open(marked, key, IDENTIFIER));
            assertEquals((byte) (46 << 2), packet.get(1));
            assertEquals(0x4000, packet.getShort(6));
            assertEquals(33, packet.get(8));
            assertEquals(0x7f090807, packet.getInt(12));

            packet = requestSeenBy(listener, open());
            assertEquals(0, packet.get(1));
            assertEquals(0x4000, packet.getShort(6), "small, so nobody has to fragment it");

            IcmpOptions large = new IcmpOptions(
                    525, IcmpOptions.Source.ANY, IcmpOptions.Marking.NONE, new IcmpOptions.Buffers(1 << 20, 1, 1));
            packet = requestSeenBy(listener, open(large, key, IDENTIFIER));
            assertEquals(0, packet.getShort(6), "553 bytes");
        }
    }

    private ByteBuffer requestSeenBy(RawSocket listener, IcmpSocket socket) {
        IncomingMessages seen = new IncomingMessages(false, 16, 1_024);
        while (listener.receive(seen) > 0) {
            seen.rearm(16);
        }
        assertEquals(0, send(socket, 1, 1));
        // Usually at once; a busy kernel delivers later.
        for (int attempt = 0; attempt < 10_000; attempt++) {
            int count = listener.receive(seen);
            for (int i = 0; i < count; i++) {
                ByteBuffer packet = seen.packets().slice(seen.packetOffset(i), seen.length(i));
                if (packet.get(20) == EchoCodec.V4_REQUEST && packet.getShort(24) == IDENTIFIER) {
                    return packet;
                }
            }
            seen.rearm(count);
            LockSupport.parkNanos(1_000_000);
        }
        throw new AssertionError("the request is not seen");
    }
}
