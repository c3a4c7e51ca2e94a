package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine relies on, whatever the socket is made of. All sockets of one test are on one loopback. */
abstract class IcmpSocketContract {

    static final int IDENTIFIER = 0x4d2;
    private static final int OTHER_IDENTIFIER = 0x4d3;
    private static final int THIRD_IDENTIFIER = 0xfffe;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    final EchoKey key = EchoKey.of(0x0123456789abcdefL, 0xfedcba9876543210L);
    final RecordingHandler handler = new RecordingHandler();
    private final List<IcmpSocket> opened = new ArrayList<>();

    /** Opens one more socket on the same loopback. */
    abstract IcmpSocket openSocket(IcmpOptions options, EchoKey key, int identifier);

    /** An address that answers. */
    abstract long answeringLow();

    /** Upper and lower half of an address that the kernel refuses to send to, and a scope. */
    abstract long[] refusedDestination();

    @AfterEach
    void closeAll() {
        opened.forEach(IcmpSocket::close);
    }

    final IcmpSocket open(IcmpOptions options, EchoKey withKey, int identifier) {
        IcmpSocket socket = openSocket(options, withKey, identifier);
        opened.add(socket);
        return socket;
    }

    final IcmpSocket open() {
        return open(TestOptions.defaults(), key, IDENTIFIER);
    }

    final int send(IcmpSocket socket, int cookie, int sequence) {
        return socket.sendEcho(0, answeringLow(), 0, cookie, sequence, KernelClock.realtimeNanos(), System.nanoTime());
    }

    /** Receives until the handler was called so often in all; fails when that takes too long. */
    final void receive(IcmpSocket socket, int calls) {
        long start = System.nanoTime();
        while (handler.calls() < calls) {
            if (socket.receive(handler) == 0) {
                assertTrue(
                        System.nanoTime() - start < PATIENCE_NANOS,
                        () -> handler.calls() + " of " + calls + " packets came");
                LockSupport.parkNanos(100_000);
            }
        }
    }

    /** Receives for a while and returns how many packets were read. */
    final int receiveQuietly(IcmpSocket socket) {
        long start = System.nanoTime();
        int packets = 0;
        while (System.nanoTime() - start < QUIET_NANOS) {
            packets += socket.receive(handler);
            LockSupport.parkNanos(1_000_000);
        }
        return packets;
    }

    static IcmpOptions options(int payloadBytes, int sendBatch, int receiveBatch) {
        return new IcmpOptions(
                payloadBytes,
                IcmpOptions.Source.ANY,
                IcmpOptions.Marking.NONE,
                new IcmpOptions.Buffers(1 << 20, sendBatch, receiveBatch));
    }

    @Test
    void replyCarriesWhatWasSentAndAStampBetweenTheWallStamps() {
        IcmpSocket socket = open();
        long before = KernelClock.realtimeNanos();
        assertEquals(0, socket.sendEcho(0, answeringLow(), 0, 2_000_000_000, 0xdead_beef, before, -42));
        receive(socket, 1);
        long after = KernelClock.realtimeNanos();

        RecordingHandler.Reply reply = handler.replies.get(0);
        assertEquals(2_000_000_000, reply.cookie());
        assertEquals(0xdead_beef, reply.sequence());
        assertEquals(before, reply.sentWallNanos());
        assertEquals(-42, reply.sentMonotonicNanos());
        assertEquals(0, reply.sourceHigh());
        assertEquals(answeringLow(), reply.sourceLow());
        assertTrue(reply.hopLimit() > 0 && reply.hopLimit() < 256, () -> "hop limit " + reply.hopLimit());
        long stamp = reply.receivedWallNanos();
        assertTrue(stamp >= before && stamp <= after, () -> before + " <= " + stamp + " <= " + after);
    }

    @Test
    void nothingSentNothingReceived() {
        IcmpSocket socket = open();
        assertEquals(0, receiveQuietly(socket));
        assertEquals(0, handler.calls());
        assertEquals(0, socket.kernelDrops());
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 33, 39, 40, 56, 1472, 9001})
    void anyPayloadSizeComesBack(int payloadBytes) {
        IcmpSocket socket = open(options(payloadBytes, 2, 2), key, IDENTIFIER);
        assertEquals(0, send(socket, 1, 1));
        receive(socket, 1);
        assertEquals(1, handler.replies.size(), () -> "refused: " + handler.refusals);
    }

    @Test
    void duplicatesAreAllHandedOver() {
        IcmpSocket socket = open();
        send(socket, 7, 9);
        send(socket, 7, 9);
        receive(socket, 2);
        assertEquals(2, handler.replies.size());
        assertEquals(handler.replies.get(0).sequence(), handler.replies.get(1).sequence());
    }

    @Test
    void previousIdentifierIsAcceptedAndTheOneBeforeIsNot() {
        IcmpSocket oldest = open();
        IcmpSocket socket = open();
        socket.changeIdentifier(OTHER_IDENTIFIER);

        send(socket, 1, 1);
        send(oldest, 2, 2);
        receive(socket, 2);
        assertEquals(
                Set.of(1, 2),
                new HashSet<>(handler.replies.stream()
                        .map(RecordingHandler.Reply::cookie)
                        .toList()));

        socket.changeIdentifier(THIRD_IDENTIFIER);
        send(oldest, 3, 3);
        assertEquals(0, receiveQuietly(socket));
        send(socket, 4, 4);
        receive(socket, 3);
        assertEquals(4, handler.replies.get(2).cookie());
        assertEquals(List.of(), handler.refusals);
    }

    @Test
    void identifierOutOfRangeIsRefused() {
        IcmpSocket socket = open();
        assertThrows(IllegalArgumentException.class, () -> socket.changeIdentifier(0));
        assertThrows(IllegalArgumentException.class, () -> socket.changeIdentifier(0x10000));
        assertThrows(IllegalArgumentException.class, () -> open(TestOptions.defaults(), key, 0));
    }

    @Test
    void foreignEchoTrafficCostsNothing() {
        IcmpSocket socket = open();
        IcmpSocket stranger = open(TestOptions.defaults(), EchoKey.of(1, 2), OTHER_IDENTIFIER);
        for (int i = 0; i < 100; i++) {
            send(stranger, i, i);
        }
        assertEquals(0, receiveQuietly(socket));
        assertEquals(0, handler.calls());
        assertEquals(0, socket.kernelDrops());
    }

    @Test
    void sameIdentifierWithAnotherKeyIsRefused() {
        IcmpSocket socket = open();
        IcmpSocket stranger = open(TestOptions.defaults(), EchoKey.of(1, 2), IDENTIFIER);
        send(stranger, 1, 1);
        receive(socket, 1);
        assertEquals(List.of(Rejection.TAG), handler.refusals);
    }

    @Test
    void fullBatchSaysSoAndFlushSendsItAll() {
        IcmpSocket socket = open(options(56, 5, 256), key, IDENTIFIER);
        assertEquals(0, socket.flush(this::unexpected));
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 5; i++) {
                assertTrue(queue(socket, 0, answeringLow(), 0, round * 5 + i));
            }
            assertFalse(queue(socket, 0, answeringLow(), 0, 99));
            assertEquals(5, socket.flush(this::unexpected));
        }
        receive(socket, 15);
        assertEquals(
                List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14),
                handler.replies.stream()
                        .map(RecordingHandler.Reply::cookie)
                        .sorted()
                        .toList());
    }

    @Test
    void refusedPacketsInABatchDoNotStopTheRest() {
        IcmpSocket socket = open();
        long[] refused = refusedDestination();
        int[] order = {0, 1, 0, 0, 1, 0};
        for (int i = 0; i < order.length; i++) {
            if (order[i] == 0) {
                queue(socket, refused[0], refused[1], (int) refused[2], i);
            } else {
                queue(socket, 0, answeringLow(), 0, i);
            }
        }
        List<Integer> failed = new ArrayList<>();
        assertEquals(2, socket.flush((cookie, sequence, stamp, errno) -> {
            assertTrue(errno > 0);
            assertEquals(cookie + 100, sequence);
            assertEquals(cookie - 1_000_000_000_000L, stamp);
            failed.add(cookie);
        }));
        assertEquals(List.of(0, 2, 3, 5), failed);
        receive(socket, 2);
        assertEquals(2, handler.replies.size());
    }

    @Test
    void refusedDestinationIsAnErrno() {
        IcmpSocket socket = open();
        long[] refused = refusedDestination();
        int errno = socket.sendEcho(refused[0], refused[1], (int) refused[2], 1, 1, 1, 1);
        assertTrue(errno > 0);
        assertTrue(SendErrors.describe(errno).contains("errno " + errno));
    }

    @Test
    void moreThanOneBatchIsReadInSeveralCalls() {
        IcmpSocket socket = open(options(56, 64, 4), key, IDENTIFIER);
        for (int i = 0; i < 10; i++) {
            send(socket, i, i);
        }
        List<Integer> sizes = new ArrayList<>();
        long start = System.nanoTime();
        while (handler.calls() < 10 && System.nanoTime() - start < PATIENCE_NANOS) {
            sizes.add(socket.receive(handler));
        }
        assertTrue(sizes.stream().allMatch(size -> size <= 4), sizes::toString);
        assertEquals(10, handler.replies.size());
    }

    @Test
    void receiveBufferIsReadBack() {
        IcmpSocket socket = open(options(56, 1, 1), key, IDENTIFIER);
        assertEquals(1 << 20, socket.receiveBufferBytes());
    }

    @Test
    void closingTwiceAndUsingItAfterwardsIsHarmless() {
        IcmpSocket socket = open();
        queue(socket, 0, answeringLow(), 0, 1);
        socket.close();
        socket.close();
        assertEquals(SendErrors.EBADF, send(socket, 1, 1));
        assertEquals(0, socket.receive(handler));
        List<Integer> errnos = new ArrayList<>();
        assertEquals(0, socket.flush((cookie, sequence, stamp, errno) -> errnos.add(errno)));
        assertEquals(List.of(SendErrors.EBADF), errnos);
    }

    private boolean queue(IcmpSocket socket, long high, long low, int scopeId, int cookie) {
        return socket.queueEcho(
                high, low, scopeId, cookie, cookie + 100, KernelClock.realtimeNanos(), cookie - 1_000_000_000_000L);
    }

    private void unexpected(int cookie, int sequence, long stamp, int errno) {
        throw new AssertionError("cookie " + cookie + ": " + SendErrors.describe(errno));
    }
}
