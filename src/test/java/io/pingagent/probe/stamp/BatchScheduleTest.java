package io.pingagent.probe.stamp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BatchScheduleTest {

    private static final int PACKETS = 64;
    private static final long QUEUE_NANOS = 400;

    private final BatchSchedule schedule = new BatchSchedule();
    private long nowNanos = 5_000_000_000L;

    /** Sends one batch and returns by how much the worst stamp was earlier than its packet left; negative: later. */
    private long worstError(int packets, long packetNanos) {
        long[] stamps = new long[packets];
        for (int i = 0; i < packets; i++) {
            stamps[i] = schedule.leavingNanos(nowNanos);
            schedule.joined();
            nowNanos += QUEUE_NANOS;
        }
        long startNanos = nowNanos;
        nowNanos += packets * packetNanos;
        schedule.flushed(startNanos, nowNanos);
        assertTrue(schedule.isEmpty());
        long worst = 0;
        for (int i = 0; i < packets; i++) {
            long error = startNanos + i * packetNanos - stamps[i];
            worst = Math.abs(error) > Math.abs(worst) ? error : worst;
        }
        return worst;
    }

    @Test
    void firstBatchesAreStampedAsTheyAreQueued() {
        for (int i = 0; i < 6; i++) {
            assertEquals(nowNanos, schedule.leavingNanos(nowNanos));
            assertEquals(nowNanos + 7, schedule.leavingNanos(nowNanos + 7));
            worstError(PACKETS, 200_000);
        }
        assertTrue(schedule.leavingNanos(nowNanos) > nowNanos);
    }

    @Test
    void stampsOfSteadyBatchesBecomeTrue() {
        for (int i = 0; i < 100; i++) {
            worstError(PACKETS, 7_000);
        }
        assertTrue(Math.abs(worstError(PACKETS, 7_000)) < 1_000);
    }

    @Test
    void interruptedBatchesDoNotSpoilThoseAfterThem() {
        for (int i = 0; i < 300; i++) {
            boolean isInterrupted = i % 3 == 2;
            long worst = worstError(PACKETS, isInterrupted ? 500_000 : 7_000);
            assertTrue(i < 20 || isInterrupted || Math.abs(worst) < 1_000);
        }
    }

    @Test
    void kernelThatGotFasterIsFollowedWithinAFewBatches() {
        for (int i = 0; i < 100; i++) {
            worstError(PACKETS, 12_000);
        }
        for (int i = 0; i < 5; i++) {
            worstError(PACKETS, 7_000);
        }
        assertTrue(Math.abs(worstError(PACKETS, 7_000)) < 1_000);
    }

    @Test
    void stampsOfABatchNeverGoBackInTime() {
        for (int batch = 1; batch < 50; batch++) {
            long last = Long.MIN_VALUE;
            for (int i = 0; i < batch; i++) {
                long stamp = schedule.leavingNanos(nowNanos);
                assertTrue(stamp >= last && stamp >= nowNanos);
                last = stamp;
                schedule.joined();
                nowNanos += QUEUE_NANOS;
            }
            long startNanos = nowNanos;
            nowNanos += batch * 5_000L + batch % 7 * 30_000L;
            schedule.flushed(startNanos, nowNanos);
        }
    }
}
