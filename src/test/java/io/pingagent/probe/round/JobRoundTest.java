package io.pingagent.probe.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobRoundTest {

    private static final long SECOND = 1_000_000_000L;

    private final JobRound round = new JobRound(5);

    private static JobPlan plan(int size) {
        return JobPlan.empty().with(IntStream.range(0, size).toArray());
    }

    private List<Integer> probeUntil(long nowNanos) {
        List<Integer> probed = new ArrayList<>();
        while (round.hasProbe() && round.nextProbeNanos() - nowNanos <= 0) {
            probed.add(round.targetId());
            round.advance();
        }
        return probed;
    }

    @Test
    void nothingBeforeItsFirstFiring() {
        round.install(plan(3), SECOND, 1, 0);
        assertFalse(round.isRunning());
        assertEquals(1, round.timeoutClass());
        assertEquals(5, round.jobId());
    }

    @Test
    void nextRoundPendingStartsAtItsOwnTime() {
        round.install(plan(4), SECOND, 0, 0);
        assertEquals(-1, round.due(0, 0));
        assertEquals(1, probeUntil(0).size());
        assertEquals(-1, round.due(SECOND, SECOND - 1));
        assertEquals(3, probeUntil(SECOND).size());
        assertEquals(0, round.finish());
        assertTrue(round.isRunning());
        assertEquals(SECOND, round.nextProbeNanos());
        probeUntil(3 * SECOND);
        assertEquals(0, round.finish());
        assertFalse(round.isRunning());
    }

    @Test
    void overrunTellsHowManyWereUnsent() {
        round.install(plan(10), SECOND, 0, 0);
        round.due(0, 0);
        round.advance();
        round.advance();
        assertEquals(-1, round.due(SECOND, SECOND));
        assertEquals(8, round.due(2 * SECOND, 2 * SECOND));
        round.postpone(SECOND);
        probeUntil(2 * SECOND);
        assertEquals(8, round.finish());
        assertTrue(round.isRunning());
        assertEquals(2 * SECOND, round.nextProbeNanos());
    }

    @Test
    void planSwappedInARunningRoundNeitherRepeatsNorSkips() {
        round.install(plan(100), SECOND, 0, 0);
        round.due(0, 0);
        List<Integer> probed = probeUntil(SECOND / 2);
        int[] wanted = IntStream.range(0, 120).filter(i -> i % 10 != 3).toArray();
        round.install(plan(100).with(wanted), SECOND, 0, 0);
        List<Integer> rest = probeUntil(SECOND);
        for (int id = 0; id < 100; id++) {
            int times = (probed.contains(id) ? 1 : 0) + (rest.contains(id) ? 1 : 0);
            assertEquals(id % 10 == 3 && !probed.contains(id) ? 0 : 1, times, "target " + id);
        }
    }

    @Test
    void emptyPlanEndsWithTheTimeOfItsRound() {
        round.install(plan(10), SECOND, 0, 0);
        round.due(0, 0);
        probeUntil(SECOND / 2);
        round.install(JobPlan.empty(), SECOND, 0, 0);
        assertFalse(round.hasProbe());
        assertEquals(SECOND, round.nextProbeNanos());
        assertEquals(0, round.finish());
        assertFalse(round.isRunning());
    }

    @Test
    void newSpreadHoldsForTheRestOfTheRound() {
        round.install(plan(10), SECOND, 0, 0);
        round.due(0, 0);
        int before = probeUntil(SECOND / 2).size();
        round.install(plan(10), 10 * SECOND, 0, 0);
        assertEquals(0, probeUntil(SECOND).size());
        assertEquals(10 - before, probeUntil(10 * SECOND).size());
    }

    @Test
    void longerSpreadDoesNotProlongARoundThatHasSentAll() {
        round.install(plan(10), SECOND, 0, 0);
        round.due(0, 0);
        probeUntil(SECOND);
        round.install(plan(10), 60 * SECOND, 0, 0);
        assertEquals(SECOND, round.nextProbeNanos());
        round.install(plan(10), SECOND / 2, 0, 0);
        assertEquals(SECOND / 2, round.nextProbeNanos());
    }

    @Test
    void postponedRoundIsFollowedByAWholeOne() {
        round.install(plan(10), 10 * SECOND, 0, 0);
        round.due(0, 0);
        probeUntil(9 * SECOND);
        round.postpone(3 * SECOND);
        round.due(10 * SECOND, 10 * SECOND);
        probeUntil(13 * SECOND);
        assertEquals(1, round.finish());
        assertEquals(13 * SECOND, round.nextProbeNanos());
        probeUntil(22 * SECOND);
        assertEquals(1, probeUntil(23 * SECOND).size());
    }

    @Test
    void latenessCountsFromTheFiring() {
        round.install(plan(4), 10 * SECOND, 0, 0);
        round.due(0, 3 * SECOND);
        assertEquals(3 * SECOND, round.nextProbeNanos());
        assertEquals(0, round.dueNanos());
        round.advance();
        round.postpone(SECOND);
        assertEquals(1, round.dueNanos() / (2 * SECOND), "a quarter of ten seconds, more or less");
    }

    @Test
    void stepBackPutsAProbeOff() {
        round.install(plan(3), SECOND, 0, 0);
        round.due(0, 0);
        int first = round.targetId();
        long dueNanos = round.nextProbeNanos();
        round.advance();
        round.stepBack();
        assertEquals(first, round.targetId());
        assertEquals(dueNanos, round.nextProbeNanos());
    }

    @Test
    void roundsAreOrderedByTheirNextProbeAcrossTheOverflowOfTheClock() {
        JobRound other = new JobRound(6);
        round.install(plan(1), SECOND, 0, 0);
        other.install(plan(1), SECOND, 0, 0);
        round.due(Long.MAX_VALUE - 5, Long.MAX_VALUE - 5);
        other.due(Long.MIN_VALUE + 5, Long.MIN_VALUE + 5);
        assertTrue(round.compareTo(other) < 0);
        assertTrue(other.compareTo(round) > 0);
    }
}
