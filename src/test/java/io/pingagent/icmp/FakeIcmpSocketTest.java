package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FakeIcmpSocketTest extends IcmpSocketContract {

    private static final long REFUSED_LOW = 0xffff_ffffL;

    private final List<FakeIcmpSocket> onLoopback = new ArrayList<>();

    @Override
    IcmpSocket openSocket(IcmpOptions options, EchoKey withKey, int identifier) {
        FakeIcmpSocket socket =
                new FakeIcmpSocket(false, options, withKey, identifier, KernelClock::realtimeNanos, System::nanoTime);
        socket.failSendsTo(0, REFUSED_LOW, SendErrors.EACCES);
        onLoopback.add(socket);
        EchoCodec codec = new EchoCodec(false, options.payloadBytes(), withKey);
        socket.network((request, answers) -> {
            byte[] icmp = TestPackets.request(
                    codec,
                    request.identifier(),
                    request.cookie(),
                    request.sequence(),
                    request.wallNanos(),
                    request.stamp());
            byte[] reply = TestPackets.inV4(20, request.low(), request.low(), TestPackets.reply(false, icmp));
            onLoopback.forEach(each -> each.deliver(reply, 0, request.low(), 0));
        });
        return socket;
    }

    @Override
    long answeringLow() {
        return 0x7f000001L;
    }

    @Override
    long[] refusedDestination() {
        return new long[] {0, REFUSED_LOW, 0};
    }

    @Test
    void answersComeInTheOrderAndAtTheTimeTheTestSays() {
        AtomicLong clock = new AtomicLong(1_000);
        FakeIcmpSocket socket = new FakeIcmpSocket(true, () -> clock.get() + 5_000, clock::get);
        socket.network((request, answers) -> {
            switch (request.cookie()) {
                case 0 -> answers.reply(300);
                case 1 -> {
                    answers.reply(200);
                    answers.reply(200);
                }
                case 2 -> answers.replyFrom(1, 2, 100);
                case 3 -> answers.error(1, 3, 7, 8, 100);
                case 4 -> answers.error(3, 0, 7, 8, 8, 100);
                case 5 -> answers.truncated(20, 100);
                default -> {}
            }
        });
        for (int i = 0; i < 7; i++) {
            assertEquals(0, socket.sendEcho(9, i, 0, i, 0x10000 + i, 1, 1));
        }
        clock.set(1_099);
        assertEquals(0, socket.receive(handler));
        clock.set(1_500);
        assertEquals(7, socket.receive(handler));

        assertEquals(
                List.of(2, 1, 1, 0),
                handler.replies.stream().map(RecordingHandler.Reply::cookie).toList());
        assertEquals(
                List.of(6_100L, 6_200L, 6_200L, 6_300L),
                handler.replies.stream()
                        .map(RecordingHandler.Reply::receivedWallNanos)
                        .toList());
        assertEquals(1, handler.replies.get(0).sourceHigh());
        assertEquals(
                List.of(new RecordingHandler.Failure(IcmpError.HOST_UNREACHABLE, 3, 0x10003, 9, 3, 7, 8)),
                handler.errors);
        assertEquals(List.of(Rejection.SHORT_QUOTE, Rejection.LENGTH), handler.refusals);
        assertEquals(7, socket.sent().size());
        assertEquals(0, socket.underWay());
    }

    @Test
    void injectedSendFailuresAreReturnedAndThenOver() {
        FakeIcmpSocket socket = new FakeIcmpSocket(false, () -> 0, () -> 0);
        socket.failSends(SendErrors.ENOBUFS, 2);
        assertEquals(SendErrors.ENOBUFS, socket.sendEcho(0, 1, 0, 1, 1, 1, 1));
        assertEquals(SendErrors.ENOBUFS, socket.sendEcho(0, 1, 0, 1, 1, 1, 1));
        assertEquals(0, socket.sendEcho(0, 1, 0, 1, 1, 1, 1));
        assertEquals(1, socket.sent().size());
    }
}
