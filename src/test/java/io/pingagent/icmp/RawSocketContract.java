package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.pingagent.sys.OutgoingMessages;
import io.pingagent.sys.RawSocket;
import io.pingagent.sys.SocketConstants;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only a kernel can show, for both IP versions, on loopback. */
abstract class RawSocketContract extends IcmpSocketContract {

    private static final int MEASURED_PACKETS = 100_000;

    /** Where the sockets are, so that nobody else's ICMP disturbs them; null without the right to make namespaces. */
    private static @Nullable NetworkNamespace namespace;

    @BeforeAll
    static void needsRawSockets() {
        Requires.rawSockets();
        try {
            namespace = NetworkNamespace.create("icmp");
        } catch (UncheckedIOException e) {
            namespace = null;
        }
    }

    @AfterAll
    static void removeNamespace() {
        if (namespace != null) {
            namespace.close();
            namespace = null;
        }
    }

    private static <T> T opened(Callable<T> opening) {
        try {
            return namespace == null ? opening.call() : namespace.call(opening);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    abstract boolean v6();

    @Override
    final IcmpSocket openSocket(IcmpOptions options, EchoKey withKey, int identifier) {
        return opened(() -> v6()
                ? IcmpSockets.openV6(options, withKey, identifier)
                : IcmpSockets.openV4(options, withKey, identifier));
    }

    /** Sends an ICMP part to the answering address, as a router or an impostor would. */
    final void inject(byte[] icmp) throws Exception {
        try (RawSocket injector = bareSocket()) {
            OutgoingMessages message = new OutgoingMessages(v6(), 1, icmp.length);
            message.packets().put(0, icmp);
            message.destination(0, 0, answeringLow(), 0);
            assertEquals(0, injector.send(message, 0));
        }
    }

    /** A socket without options or filters. */
    final RawSocket bareSocket() {
        return opened(() -> v6()
                ? RawSocket.open(SocketConstants.AF_INET6, SocketConstants.IPPROTO_ICMPV6)
                : RawSocket.open(SocketConstants.AF_INET, SocketConstants.IPPROTO_ICMP));
    }

    static Inet4Address inet4(int bits) throws UnknownHostException {
        return (Inet4Address)
                InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bits).array());
    }

    static Inet6Address inet6(long high, long low) throws UnknownHostException {
        return (Inet6Address) InetAddress.getByAddress(
                ByteBuffer.allocate(16).putLong(high).putLong(low).array());
    }

    final byte[] request(int cookie, int sequence) {
        return TestPackets.request(new EchoCodec(v6(), 56, key), IDENTIFIER, cookie, sequence, 1, 2);
    }

    private IcmpOptions with(String interfaceName, int dscp, int ttl, int mark, boolean dontFragment) throws Exception {
        return new IcmpOptions(
                56,
                new IcmpOptions.Source(inet4(0x7f000001), inet6(0, 1), null, interfaceName),
                new IcmpOptions.Marking(dscp, ttl, mark, dontFragment),
                new IcmpOptions.Buffers(1 << 20, 4, 4));
    }

    @Test
    void errorQuotingOurRequestPassesTheFilters() throws Exception {
        IcmpSocket socket = open();
        byte[] quoted = request(5, 0x50005);
        byte[] quote = v6() ? TestPackets.inV6(7, 8, quoted) : TestPackets.inV4(24, 9, 8, quoted);
        inject(TestPackets.error(v6(), v6() ? 3 : 11, 0, quote));
        receive(socket, 1);
        assertEquals(
                List.of(new RecordingHandler.Failure(
                        IcmpError.TTL_EXCEEDED, 5, 0x50005, v6() ? 7 : 0, 8, 0, answeringLow())),
                handler.errors);
    }

    /** Of each packet its own, also in a batch: the kernel copies that of the request. */
    @Test
    void replyCarriesItsTrafficClass() throws Exception {
        IcmpSocket receiver = open();
        receiver.reportTrafficClass();
        handler.trafficClass = receiver::trafficClass;
        for (int dscp : new int[] {46, 0, 63}) {
            IcmpSocket sender = open(with("lo", dscp, 0, 0, false), key, IDENTIFIER);
            assertEquals(0, send(sender, 1, dscp));
        }
        receive(receiver, 3);
        assertEquals(List.of(46 << 2, 0, 63 << 2), handler.trafficClasses, () -> "refused: " + handler.refusals);
    }

    @Test
    void trafficClassOfIpv6IsUnknownUnlessItIsAskedFor() throws Exception {
        IcmpSocket socket = open(with("lo", 46, 0, 0, false), key, IDENTIFIER);
        handler.trafficClass = socket::trafficClass;
        assertEquals(0, send(socket, 1, 1));
        receive(socket, 1);
        assertEquals(List.of(v6() ? -1 : 46 << 2), handler.trafficClasses);
    }

    @Test
    void unaskedTypesDoNotPassTheFilters() throws Exception {
        IcmpSocket socket = open();
        // Echo request, source quench or router advertisement, redirect, timestamp reply.
        int[] types = v6() ? new int[] {128, 134, 137, 140} : new int[] {8, 4, 5, 14};
        for (int type : types) {
            inject(TestPackets.error(v6(), type, 0, request(1, 1)));
        }
        assertEquals(0, receiveQuietly(socket));
    }

    @Test
    void overlongReplyIsRefusedAndTheNextIsFine() throws Exception {
        IcmpSocket socket = open();
        byte[] reply = TestPackets.cut(TestPackets.reply(v6(), request(1, 1)), 9_000);
        inject(v6() ? reply : TestPackets.withChecksum(reply));
        send(socket, 2, 2);
        receive(socket, 2);
        assertEquals(List.of(Rejection.LENGTH), handler.refusals);
        assertEquals(2, handler.replies.get(0).cookie());
    }

    @Test
    void fullReceiveBufferIsCountedAsDrops() {
        IcmpOptions small = TestOptions.of(new IcmpOptions.Buffers(8_192, 64, 256));
        IcmpSocket socket = open(small, key, IDENTIFIER);
        for (int i = 0; i < 200; i++) {
            send(socket, i, i);
        }
        receiveQuietly(socket);
        int received = handler.replies.size();
        assertTrue(received > 0 && received < 100, () -> received + " received");
        send(socket, 1, 1);
        receive(socket, received + 1);
        assertTrue(socket.kernelDrops() >= 200 - received, () -> socket.kernelDrops() + " drops");
    }

    @Test
    void everyOptionAtOnceStillGetsReplies() throws Exception {
        IcmpSocket socket = open(with("lo", 46, 7, 0x8000_0001, true), key, IDENTIFIER);
        assertEquals(0, send(socket, 3, 3));
        receive(socket, 1);
        assertEquals(3, handler.replies.get(0).cookie());
    }

    @Test
    void unknownInterfaceNamesTheConfigurationKey() {
        IcmpSocketException e =
                assertThrows(IcmpSocketException.class, () -> open(with("nosuchif0", 0, 0, 0, false), key, IDENTIFIER));
        assertTrue(e.getMessage().contains("probe.interface 'nosuchif0': there is no such interface"), e::getMessage);
    }

    @Test
    void foreignSourceNamesTheConfigurationKey() throws Exception {
        IcmpOptions options = new IcmpOptions(
                56,
                new IcmpOptions.Source(inet4(0xcb007109), inet6(0x2001_0db8_0000_0000L, 9), null, null),
                IcmpOptions.Marking.NONE,
                new IcmpOptions.Buffers(1 << 20, 1, 1));
        IcmpSocketException e = assertThrows(IcmpSocketException.class, () -> open(options, key, IDENTIFIER));
        assertTrue(e.getMessage().startsWith("probe.source "), e::getMessage);
        assertTrue(e.getMessage().contains("EADDRNOTAVAIL"), e::getMessage);
    }

    private static void readStamps(IcmpSocket socket, IcmpHandler to) {
        int read = socket.receiveTransmitStamps(to);
        while (read > 0) {
            read = socket.receiveTransmitStamps(to);
        }
    }

    @Test
    void eachRequestIsStampedBetweenItsOwnStampAndItsReply() {
        IcmpSocket socket = open();
        assertTrue(socket.canStampTransmits());
        socket.transmitStamps(1);
        for (int i = 0; i < 100; i++) {
            assertEquals(0, send(socket, 7, i));
        }
        receive(socket, 100);
        readStamps(socket, handler);

        assertEquals(100, handler.transmitted.size());
        for (int i = 0; i < 100; i++) {
            RecordingHandler.Transmitted transmitted = handler.transmitted.get(i);
            RecordingHandler.Reply reply = handler.replies.get(i);
            assertEquals(7, transmitted.cookie());
            assertEquals(i, transmitted.sequence());
            assertEquals(reply.sentWallNanos(), transmitted.sentWallNanos());
            long stamp = transmitted.transmittedWallNanos();
            assertTrue(
                    stamp >= reply.sentWallNanos() && stamp <= reply.receivedWallNanos(),
                    () -> reply.sentWallNanos() + " <= " + stamp + " <= " + reply.receivedWallNanos());
            assertTrue(stamp - reply.sentWallNanos() < 1_000_000_000L);
        }
    }

    @Test
    void oneInSoManyIsStampedAcrossSinglePacketsAndBatches() {
        IcmpSocket socket = open();
        socket.transmitStamps(4);
        for (int i = 0; i < 6; i++) {
            assertEquals(0, send(socket, 1, i));
        }
        for (int i = 6; i < 14; i++) {
            socket.queueEcho(0, answeringLow(), 0, 1, i, KernelClock.realtimeNanos(), System.nanoTime());
        }
        socket.flush((cookie, sequence, stamp, errno) -> fail(SendErrors.describe(errno)));
        receive(socket, 14);
        readStamps(socket, handler);
        assertEquals(
                List.of(3, 7, 11),
                handler.transmitted.stream()
                        .map(RecordingHandler.Transmitted::sequence)
                        .toList());
    }

    @Test
    void noMoreStampsOnceTheyAreSwitchedOffAndReceivingGoesOn() {
        IcmpSocket socket = open();
        socket.transmitStamps(1);
        send(socket, 1, 1);
        socket.transmitStamps(0);
        send(socket, 1, 2);
        receive(socket, 2);
        readStamps(socket, handler);
        assertEquals(1, handler.transmitted.size());
        assertTrue(handler.replies.get(1).receivedWallNanos() > 0);
    }

    @Test
    void refusedDestinationIsNotTakenForARefusedStamp() {
        IcmpSocket socket = open();
        socket.transmitStamps(1);
        long[] refused = refusedDestination();
        assertTrue(socket.sendEcho(refused[0], refused[1], (int) refused[2], 1, 1, 1, 1) > 0);
        assertTrue(socket.canStampTransmits());
        send(socket, 2, 2);
        receive(socket, 1);
        readStamps(socket, handler);
        assertEquals(2, handler.transmitted.get(0).cookie());
    }

    @Test
    void nothingIsAllocatedPerPacket() {
        ThreadMXBean threads = allocationBean();
        IcmpSocket socket = open();
        CountingHandler counting = new CountingHandler();
        SendFailures none = (cookie, sequence, stamp, errno) -> {};
        socket.transmitStamps(2);
        exchange(socket, counting, none, 20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        exchange(socket, counting, none, MEASURED_PACKETS);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        // What a busy kernel delivers later.
        for (int i = 0; i < 10_000 && counting.replies < 20_000 + MEASURED_PACKETS; i++) {
            LockSupport.parkNanos(1_000_000);
            readStamps(socket, counting);
            socket.receive(counting);
        }

        assertEquals(20_000 + MEASURED_PACKETS, counting.replies);
        assertEquals((20_000 + MEASURED_PACKETS) / 2, counting.stamps);
        assertTrue(allocated < MEASURED_PACKETS / 10, () -> allocated + " bytes for " + MEASURED_PACKETS + " packets");
    }

    /** Half of the packets one by one, half in batches, reading after every 64. */
    private void exchange(IcmpSocket socket, CountingHandler counting, SendFailures none, int packets) {
        long low = answeringLow();
        for (int done = 0; done < packets; done += 64) {
            int count = Math.min(64, packets - done);
            for (int i = 0; i < count; i++) {
                if ((i & 1) == 0) {
                    socket.sendEcho(0, low, 0, i, done, KernelClock.realtimeNanos(), System.nanoTime());
                } else {
                    socket.queueEcho(0, low, 0, i, done, KernelClock.realtimeNanos(), System.nanoTime());
                }
            }
            socket.flush(none);
            readStamps(socket, counting);
            int read = socket.receive(counting);
            while (read > 0) {
                read = socket.receive(counting);
            }
        }
    }

    private static ThreadMXBean allocationBean() {
        return (ThreadMXBean) ManagementFactory.getThreadMXBean();
    }

    private static final class CountingHandler implements IcmpHandler {

        private int replies;
        private int stamps;

        @Override
        public void echoReply(
                int cookie,
                int sequence,
                long sentWallNanos,
                long sentMonotonicNanos,
                long receivedWallNanos,
                long sourceHigh,
                long sourceLow,
                int hopLimit) {
            replies++;
        }

        @Override
        public void error(
                IcmpError reason,
                int cookie,
                int sequence,
                long destinationHigh,
                long destinationLow,
                long routerHigh,
                long routerLow) {
            fail("error " + reason);
        }

        @Override
        public void transmitted(int cookie, int sequence, long sentWallNanos, long transmittedWallNanos) {
            stamps++;
        }

        @Override
        public void rejected(Rejection reason) {
            fail("refused " + reason);
        }
    }
}
