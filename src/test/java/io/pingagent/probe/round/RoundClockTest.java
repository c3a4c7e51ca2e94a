package io.pingagent.probe.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoundClockTest {

    private final RoundClock time = new RoundClock();

    @Test
    void startsWhenItIsDueEvenIfToldABitLater() {
        assertTrue(time.due(1_000_000_000, 100_000_000, 1_009_000_000));
        assertEquals(1_000_000_000, time.startNanos());
        assertEquals(100_000_000, time.spreadNanos());
    }

    @Test
    void mayBeToldAhead() {
        time.due(2_000_000_000, 100_000_000, 1_000_000_000);
        assertEquals(2_000_000_000, time.startNanos());
    }

    @Test
    void startsLateAndTakesLessTime() {
        time.due(0, 10_000_000_000L, 3_000_000_000L);
        assertEquals(3_000_000_000L, time.startNanos());
        assertEquals(7_000_000_000L, time.spreadNanos());
    }

    @Test
    void takesAtLeastHalfItsTime() {
        time.due(0, 10_000_000_000L, 900_000_000_000L);
        assertEquals(5_000_000_000L, time.spreadNanos());
    }

    @Test
    void keepsOneRoundWaitingAndDropsTheThird() {
        assertTrue(time.due(0, 1_000, 0));
        assertTrue(time.due(1_000, 1_000, 1_000));
        assertFalse(time.due(2_000, 1_000, 2_000));
        assertFalse(time.finish(2_500));
        assertTrue(time.isRunning());
        assertEquals(1_000, time.startNanos());
        time.finish(3_000);
        assertFalse(time.isRunning());
    }

    @Test
    void tellsOfAnOverrunOnlyWhenItMatters() {
        time.due(0, 10_000_000_000L, 0);
        time.due(10_000_000_000L, 10_000_000_000L, 10_000_000_000L);
        assertFalse(time.finish(10_400_000_000L));
        time.due(20_000_000_000L, 10_000_000_000L, 20_000_000_000L);
        assertTrue(time.finish(20_600_000_000L));
        assertEquals(20_600_000_000L, time.startNanos());
        assertEquals(9_400_000_000L, time.spreadNanos());
    }

    @Test
    void worksAcrossTheOverflowOfTheClock() {
        long near = Long.MAX_VALUE - 10;
        time.due(near, 1_000_000_000, near + 100_000_000);
        assertEquals(near + 100_000_000, time.startNanos());
        assertEquals(900_000_000, time.spreadNanos());
    }
}
