package io.pingagent.probe.stamp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.NanoClock;
import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.icmp.Rejection;
import io.pingagent.model.TransmitStamps;
import io.pingagent.testkit.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTimesTest {

    private static final long RTT_NANOS = 1_000_000L;
    private static final int TARGET = 5;

    private final VirtualClock time = new VirtualClock();
    private final NanoClock clock = new NanoClock() {
        @Override
        public long monotonicNanos() {
            return time.monotonicNanos();
        }

        @Override
        public long wallNanos() {
            return time.wallNanos();
        }
    };
    private final WallOffset offset = new WallOffset(clock);
    private final TransmitDelays delays =
            new TransmitDelays(new TransmitStamping(TransmitStamps.OFF, null, null), clock);
    private final RoundTripTimes times = new RoundTripTimes(clock, offset, delays);

    private final IcmpHandler nobody = new IcmpHandler() {
        @Override
        public void echoReply(
                int targetId, int sequence, long sentWall, long stamp, long received, long high, long low, int hops) {}

        @Override
        public void error(
                IcmpError reason, int targetId, int sequence, long high, long low, long routerHigh, long routerLow) {}

        @Override
        public void rejected(Rejection reason) {}
    };

    private final long sentWallNanos = time.wallNanos();
    private final long sentNanos = time.monotonicNanos();

    private void measure(long receivedWallNanos) {
        times.measure(TARGET, 1, sentWallNanos, sentNanos, receivedWallNanos, null, nobody);
    }

    private void usualDelay(long nanos) {
        for (int i = 0; i < TransmitDelays.FEW; i++) {
            delays.add(TARGET, i, nanos);
        }
    }

    @Test
    void endsWithTheKernelsStampHoweverLongTheReplyWaitedInTheSocket() {
        time.advance(Duration.ofSeconds(20));
        measure(sentWallNanos + RTT_NANOS);
        assertEquals(RTT_NANOS, times.rttNanos());
        assertEquals(RTT_NANOS, times.answeredAfterNanos());
        assertFalse(times.isFromMonotonic());
    }

    @Test
    void theUsualTransmitDelayIsNoneOfTheNetwork() {
        usualDelay(7_000);
        time.advanceNanos(RTT_NANOS);
        measure(time.wallNanos());
        assertEquals(RTT_NANOS - 7_000, times.rttNanos());
        assertEquals(RTT_NANOS, times.answeredAfterNanos());
    }

    @Test
    void isNeverBelowZero() {
        usualDelay(7_000);
        time.advanceNanos(5_000);
        measure(time.wallNanos());
        assertEquals(0, times.rttNanos());
        assertFalse(times.isFromMonotonic(), "the usual delay is not the probe's own");
    }

    @Test
    void withoutTheKernelsStampItEndsNow() {
        time.advanceNanos(RTT_NANOS);
        measure(0);
        assertEquals(RTT_NANOS, times.rttNanos());
        assertTrue(times.isFromMonotonic());
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600, -1, 1, 3_600})
    void aStepBeforeTheReplyCameInChangesNothing(long seconds) {
        time.stepWall(Duration.ofSeconds(seconds));
        offset.measure();
        time.advanceNanos(RTT_NANOS);
        long receivedWallNanos = time.wallNanos();
        time.advanceNanos(3 * RTT_NANOS);
        measure(receivedWallNanos);
        assertEquals(RTT_NANOS, times.rttNanos());
        assertTrue(times.isFromMonotonic());
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600, -1, 1, 3_600})
    void aStepAfterTheReplyCameInChangesNothing(long seconds) {
        time.advanceNanos(RTT_NANOS);
        long receivedWallNanos = time.wallNanos();
        time.stepWall(Duration.ofSeconds(seconds));
        offset.measure();
        time.advanceNanos(3 * RTT_NANOS);
        measure(receivedWallNanos);
        assertEquals(RTT_NANOS, times.rttNanos());
        assertTrue(times.isFromMonotonic());
    }

    @Test
    void aStampFromTheFutureIsNotBelieved() {
        time.advanceNanos(RTT_NANOS);
        measure(time.wallNanos() + 1_000_000_000L);
        assertEquals(RTT_NANOS, times.rttNanos());
        assertTrue(times.isFromMonotonic());
    }
}
