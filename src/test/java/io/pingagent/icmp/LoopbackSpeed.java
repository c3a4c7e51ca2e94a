package io.pingagent.icmp;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Run by hand: processor time per request and per reply, on loopback, where the kernel answers inside the sender's system
 * call. Every third pass goes in batches, every third one by one with transmit stamps. Arguments: {@code v4} or {@code v6}, then the packets per pass (default 100,000).
 */
final class LoopbackSpeed {

    private static final int PASSES = 9;
    private static final int CHUNK = 200;

    private LoopbackSpeed() {}

    public static void main(String[] arguments) {
        boolean v6 = arguments.length > 0 && arguments[0].equals("v6");
        int packets = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        long low = v6 ? 1 : 0x7f000001L;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ReplyCounter counter = new ReplyCounter();
        try (IcmpSocket socket = v6
                ? IcmpSockets.openV6(TestOptions.defaults(), EchoKey.random(), IcmpSockets.randomIdentifier())
                : IcmpSockets.openV4(TestOptions.defaults(), EchoKey.random(), IcmpSockets.randomIdentifier())) {
            for (int pass = 0; pass < PASSES; pass++) {
                boolean batched = pass % 3 == 1;
                boolean stamped = pass % 3 == 2;
                socket.transmitStamps(stamped ? 1 : 0);
                long sendNanos = 0;
                long receiveNanos = 0;
                long clockNanos = 0;
                long stampNanos = 0;
                counter.stamps = 0;
                counter.delayNanos = 0;
                int before = counter.replies;
                long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
                for (int done = 0; done < packets; done += CHUNK) {
                    long start = System.nanoTime();
                    for (int i = 0; i < CHUNK; i++) {
                        KernelClock.realtimeNanos();
                    }
                    clockNanos += System.nanoTime() - start;
                    start = System.nanoTime();
                    for (int i = 0; i < CHUNK; i++) {
                        if (!batched) {
                            long wall = stamped ? KernelClock.realtimeNanos() : start;
                            socket.sendEcho(0, low, 0, i, done, wall, start);
                        } else if (!socket.queueEcho(0, low, 0, i, done, start, start)) {
                            socket.flush(LoopbackSpeed::failed);
                            socket.queueEcho(0, low, 0, i, done, start, start);
                        }
                    }
                    socket.flush(LoopbackSpeed::failed);
                    long sent = System.nanoTime();
                    int stamps = stamped ? socket.receiveTransmitStamps(counter) : 0;
                    while (stamps > 0) {
                        stamps = socket.receiveTransmitStamps(counter);
                    }
                    long stampsRead = System.nanoTime();
                    stampNanos += stampsRead - sent;
                    int read = socket.receive(counter);
                    while (read > 0) {
                        read = socket.receive(counter);
                    }
                    sendNanos += sent - start;
                    receiveNanos += System.nanoTime() - stampsRead;
                }
                int received = counter.replies - before;
                System.out.printf(
                        "%s %-8s send %.2f us, receive %.2f us, clock %.2f us, %d of %d received, %d stamps in %.2f us,"
                                + " mean delay %.2f us, %d bytes allocated%n",
                        v6 ? "v6" : "v4",
                        batched ? "sendmmsg" : stamped ? "stamped" : "sendmsg",
                        sendNanos / 1e3 / packets,
                        receiveNanos / 1e3 / Math.max(1, received),
                        clockNanos / 1e3 / packets,
                        received,
                        packets,
                        counter.stamps,
                        stampNanos / 1e3 / packets,
                        counter.delayNanos / 1e3 / Math.max(1, counter.stamps),
                        threads.getCurrentThreadAllocatedBytes() - allocatedBefore);
            }
        }
    }

    private static void failed(int cookie, int sequence, long stamp, int errno) {
        System.out.println("cookie " + cookie + ": " + SendErrors.describe(errno));
    }

    private static final class ReplyCounter implements IcmpHandler {

        private int replies;
        private int stamps;
        private long delayNanos;

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
            System.out.println("error " + reason);
        }

        @Override
        public void transmitted(int cookie, int sequence, long sentWallNanos, long transmittedWallNanos) {
            stamps++;
            delayNanos += transmittedWallNanos - sentWallNanos;
        }

        @Override
        public void rejected(Rejection reason) {
            System.out.println("refused " + reason);
        }
    }
}
