package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.NanoClock;
import io.pingagent.probe.validity.Pauses;
import io.pingagent.testkit.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PausesTest {

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

        @Override
        public long bootNanos() {
            return time.bootNanos();
        }
    };
    private final Pauses pauses = new Pauses(clock, wallOffset());
    private final long startNanos = time.monotonicNanos();

    private long wallOffset() {
        return time.wallNanos() - time.monotonicNanos();
    }

    private boolean cycle() {
        return pauses.cycleBegins(time.bootNanos(), time.monotonicNanos(), wallOffset());
    }

    private boolean cycleAfter(long nanos) {
        time.advanceNanos(nanos);
        return cycle();
    }

    @Test
    void cyclesInTimeAreNoPause() {
        assertFalse(cycleAfter(SECOND));
        assertFalse(cycleAfter(20 * MILLI));
        assertEquals(0, pauses.pausedSince(startNanos));
        assertFalse(pauses.mayHaveSwallowed(startNanos, time.monotonicNanos()));
    }

    @Test
    void stallMayHaveSwallowedWhatWasDueInIt() {
        cycleAfter(SECOND);
        long stallNanos = time.monotonicNanos();
        assertTrue(cycleAfter(5 * SECOND));
        assertFalse(pauses.hasSlept());
        assertFalse(pauses.mayHaveSwallowed(stallNanos - SECOND, stallNanos - 1), "due before it");
        assertTrue(pauses.mayHaveSwallowed(stallNanos - SECOND, stallNanos));
        assertTrue(pauses.mayHaveSwallowed(stallNanos + SECOND, stallNanos + 2 * SECOND));
        assertFalse(pauses.mayHaveSwallowed(stallNanos + 5 * SECOND, stallNanos + 6 * SECOND), "sent after it");
    }

    @Test
    void packetThatCameInTheMiddleProvesThatNothingWasLost() {
        for (long[] stampAndHarm :
                new long[][] {{0, 1}, {49, 1}, {51, 0}, {2_500, 0}, {4_949, 0}, {4_951, 1}, {5_001, 1}}) {
            long stallNanos = time.monotonicNanos();
            cycleAfter(5 * SECOND);
            pauses.received(stallNanos + stampAndHarm[0] * MILLI);
            assertEquals(
                    stampAndHarm[1] == 1,
                    pauses.mayHaveSwallowed(stallNanos, stallNanos + SECOND),
                    stampAndHarm[0] + " ms after it began");
        }
    }

    @Test
    void stampsOfAClockThatWasSetProveNothing() {
        long stallNanos = time.monotonicNanos();
        time.stepWall(Duration.ofSeconds(60));
        cycleAfter(5 * SECOND);
        pauses.received(stallNanos + SECOND);
        assertTrue(pauses.mayHaveSwallowed(stallNanos, stallNanos + SECOND));
        long secondNanos = time.monotonicNanos();
        cycleAfter(5 * SECOND);
        time.stepWall(Duration.ofMinutes(-1));
        cycleAfter(20 * MILLI);
        pauses.received(secondNanos + SECOND);
        assertTrue(pauses.mayHaveSwallowed(secondNanos, secondNanos + SECOND));
    }

    @Test
    void sleepIsAPauseThoughNoMonotonicTimePassed() {
        cycleAfter(20 * MILLI);
        long sentNanos = time.monotonicNanos();
        time.sleep(Duration.ofHours(1));
        assertTrue(cycleAfter(10 * MILLI));
        assertTrue(pauses.hasSlept());
        pauses.received(sentNanos + 5 * MILLI);
        assertTrue(pauses.mayHaveSwallowed(sentNanos, sentNanos + SECOND));
        assertEquals(3_600 * SECOND, pauses.sleptNanos());
        assertEquals(sentNanos, pauses.bootNanos(sentNanos), "before it");
        assertEquals(sentNanos + 10 * MILLI + 3_600 * SECOND, pauses.bootNanos(time.monotonicNanos()));
        assertFalse(cycleAfter(20 * MILLI));
        assertFalse(pauses.hasSlept());
    }

    @Test
    void interruptionBetweenTheTwoReadingsIsNoSleep() {
        long bootNanos = time.bootNanos();
        time.advanceNanos(900 * MILLI);
        assertFalse(pauses.cycleBegins(bootNanos, time.monotonicNanos(), wallOffset()));
        assertFalse(cycleAfter(20 * MILLI));
        assertEquals(0, pauses.sleptNanos());
    }

    @Test
    void awakeTimeIsWhatIsLeft() {
        cycleAfter(SECOND);
        cycleAfter(3 * SECOND);
        cycleAfter(SECOND);
        time.sleep(Duration.ofSeconds(10));
        cycle();
        long bootNanos = pauses.bootNanos(time.monotonicNanos());
        assertEquals(startNanos + 15 * SECOND, bootNanos);
        assertEquals(13 * SECOND, pauses.pausedSince(startNanos));
        assertEquals(12 * SECOND, pauses.pausedSince(startNanos + 2 * SECOND), "in the middle of the stall");
        assertEquals(10 * SECOND, pauses.pausedSince(startNanos + 4 * SECOND));
        assertEquals(4 * SECOND, pauses.pausedSince(startNanos + 11 * SECOND));
        assertEquals(0, pauses.pausedSince(bootNanos));
    }

    @Test
    void onlyTheNewestAreRemembered() {
        for (int i = 0; i < 3 * Pauses.REMEMBERED; i++) {
            cycleAfter(2 * SECOND);
        }
        assertEquals(2 * Pauses.REMEMBERED * SECOND, pauses.pausedSince(startNanos));
        long recentNanos = time.monotonicNanos() - 7 * SECOND;
        assertEquals(7 * SECOND, pauses.pausedSince(recentNanos));
    }
}
