package io.pingagent.probe.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossWindowsTest {

    private final LossWindows windows = new LossWindows();
    private final TargetTable.Page page = new TargetTable.Page();

    private int settled(int index) {
        return page.windowCounts[index] >>> 16;
    }

    private void add(int index, boolean isAnswered, long second) {
        windows.add(page, index, isAnswered ? LossWindows.ANSWERED : LossWindows.LOST, second);
    }

    private int answered(int index) {
        return page.windowCounts[index] & 0xffff;
    }

    @ParameterizedTest
    @CsvSource({"10, 6", "5, 12", "2, 30", "1, 60", "60, 1", "20, 3", "7, 9", "59, 2"})
    void holdsExactlyTheLastMinute(int cadenceSeconds, int expected) {
        for (long second = 0; second < 1_000; second += cadenceSeconds) {
            for (long pruned = second - cadenceSeconds + 10; pruned < second; pruned += 10) {
                windows.prune(page, 0, pruned);
            }
            add(0, second % 3 != 0, second);
            if (second >= 60) {
                assertEquals(expected, settled(0), "at " + second + " s");
            }
        }
    }

    @Test
    void countsAnsweredAndLost() {
        for (int second = 0; second < 60; second++) {
            add(3, second % 5 != 0, second);
        }
        assertEquals(60, settled(3));
        assertEquals(48, answered(3));
        windows.prune(page, 3, 60);
        assertEquals(59, settled(3));
        assertEquals(48, answered(3), "the lost one of second 0 has gone");
        windows.prune(page, 3, 61);
        assertEquals(47, answered(3));
    }

    @Test
    void severalInASecond() {
        for (int second = 100; second < 400; second++) {
            for (int i = 0; i < 4; i++) {
                add(0, i != 0, second);
            }
        }
        assertEquals(240, settled(0));
        assertEquals(180, answered(0));
    }

    /** As many jobs on one address give it. */
    @ParameterizedTest
    @ValueSource(ints = {5, 20, 300, 1_092})
    void countsExactlyAtAnyRate(int perSecond) {
        for (long second = 0; second < 200; second++) {
            for (int i = 0; i < perSecond; i++) {
                add(0, i % 4 != 0, second);
            }
            int seconds = (int) Math.min(60, second + 1);
            assertEquals(seconds * perSecond, settled(0), "at " + second + " s");
            assertEquals(seconds * (perSecond - (perSecond + 3) / 4), answered(0));
        }
    }

    @Test
    void stopsCountingWhereTheCountsEnd() {
        for (int i = 0; i < 70_000; i++) {
            add(0, true, 7);
            windows.add(page, 0, LossWindows.UNKNOWN, 7);
        }
        assertEquals(65_535, settled(0));
        assertEquals(65_535, answered(0));
        assertEquals(65_535, TargetTable.unknownCount(page, 0));
        add(0, false, 67);
        assertEquals(1, settled(0));
        assertEquals(0, answered(0));
        assertEquals(0, TargetTable.unknownCount(page, 0));
    }

    @Test
    void unknownSamplesAreNeitherLostNorAnswered() {
        assertNull(page.unknownCounts, "costs nothing before the first");
        for (int second = 0; second < 30; second++) {
            add(0, second % 2 == 0, second);
            windows.add(page, 0, LossWindows.UNKNOWN, second);
            windows.add(page, 1, LossWindows.UNKNOWN, second);
        }
        assertEquals(30, settled(0));
        assertEquals(15, answered(0));
        assertEquals(30, TargetTable.unknownCount(page, 0));
        assertEquals(0, page.windowCounts[1]);
        assertEquals(30, TargetTable.unknownCount(page, 1));
        windows.prune(page, 0, 79);
        windows.prune(page, 1, 79);
        assertEquals(10, settled(0));
        assertEquals(10, TargetTable.unknownCount(page, 0));
        windows.clear(page, 1);
        assertEquals(0, TargetTable.unknownCount(page, 1));
    }

    /** A pause may be longer than the rings' clock can tell from none. */
    @ParameterizedTest
    @ValueSource(ints = {11, 24, 30, 59, 60, 84, 90, 168, 100_000})
    void whatAPauseMadeOldIsForgotten(int pauseSeconds) {
        int[] perSecond = {1, 2, 20};
        for (int index = 0; index < perSecond.length; index++) {
            for (int second = 0; second < 70; second++) {
                for (int i = 0; i < perSecond[index]; i++) {
                    add(index, true, second);
                }
            }
            windows.prune(page, index, 79, 79 + pauseSeconds);
            int left = Math.max(0, 50 - pauseSeconds);
            assertEquals(left * perSecond[index], settled(index), perSecond[index] + " a second");
        }
    }

    @Test
    void emptiesAfterAMinuteOfSilence() {
        add(0, true, 1_000);
        windows.prune(page, 0, 1_059);
        assertEquals(1, settled(0));
        windows.prune(page, 0, 1_060);
        assertEquals(0, page.windowCounts[0]);
        windows.prune(page, 1, 1_060);
        assertEquals(0, page.windowCounts[1]);
    }

    private int largeRing(int index) {
        return page.largeRings == null ? 0 : page.largeRings[index];
    }

    @Test
    void clearForgetsAndTheRingIsUsedAgain() {
        for (int i = 0; i < 40; i++) {
            add(0, true, i);
        }
        int handle = largeRing(0);
        assertTrue(handle != 0, "40 entries need a larger ring");
        windows.clear(page, 0);
        assertEquals(0, largeRing(0));
        assertEquals(0, page.windowCounts[0]);
        for (int i = 0; i < 40; i++) {
            add(9, false, i);
        }
        assertEquals(handle, largeRing(9));
        assertEquals(40, settled(9));
        assertEquals(0, answered(9));
        windows.clear(page, 0);
        assertEquals(40, settled(9));
    }

    @Test
    void movesToALargerRingAndBack() {
        for (int second = 0; second < 300; second++) {
            add(0, true, second);
        }
        int busy = largeRing(0) >>> 30;
        for (long second = 300; second < 600; second += 10) {
            add(0, true, second);
        }
        int calm = largeRing(0) >>> 30;
        assertTrue(calm < busy, "class " + calm + " after " + busy);
        assertEquals(6, settled(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithANaiveModel(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int targets = 300;
        List<Deque<long[]>> model = new ArrayList<>();
        for (int i = 0; i < targets; i++) {
            model.add(new ArrayDeque<>());
        }
        long second = random.nextLong(-1_000, 1_000);
        for (int step = 0; step < 60_000; step++) {
            if (random.nextInt(100) == 0) {
                second += random.nextInt(3);
            }
            if (random.nextInt(8_000) == 0) {
                // Idle, with the sweeps that the receiver makes.
                for (int i = 0; i < 10; i++) {
                    second += 20;
                    for (int target = 0; target < targets; target++) {
                        windows.prune(page, target, second);
                    }
                }
            }
            int target = (int) (targets * Math.pow(random.nextDouble(), 6));
            Deque<long[]> naive = model.get(target);
            if (random.nextInt(200) == 0) {
                windows.clear(page, target);
                naive.clear();
            } else {
                int kind = random.nextInt(3);
                windows.add(page, target, kind, second);
                naive.add(new long[] {second, kind});
            }
            long now = second;
            naive.removeIf(entry -> now - entry[0] >= 60);
            int[] counts = new int[3];
            naive.forEach(entry -> counts[(int) entry[1]]++);
            assertEquals(counts[LossWindows.LOST] + counts[LossWindows.ANSWERED], settled(target));
            assertEquals(counts[LossWindows.ANSWERED], answered(target));
            assertEquals(counts[LossWindows.UNKNOWN], TargetTable.unknownCount(page, target));
            if (step % 500 == 0) {
                for (int i = 0; i < targets; i++) {
                    windows.prune(page, i, second);
                }
            }
        }
    }
}
