package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

    private int answered(int index) {
        return page.windowCounts[index] & 0xffff;
    }

    @ParameterizedTest
    @CsvSource({"10, 6", "5, 12", "2, 30", "1, 60", "60, 1", "20, 3", "7, 9", "59, 2"})
    void holdsExactlyTheLastMinute(int cadenceSeconds, int expected) {
        for (long second = 0; second < 1_000; second += cadenceSeconds) {
            windows.add(page, 0, second % 3 != 0, second);
            if (second >= 60) {
                assertEquals(expected, settled(0), "at " + second + " s");
            }
        }
    }

    @Test
    void countsAnsweredAndLost() {
        for (int second = 0; second < 60; second++) {
            windows.add(page, 3, second % 5 != 0, second);
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
                windows.add(page, 0, i != 0, second);
            }
        }
        assertEquals(240, settled(0));
        assertEquals(180, answered(0));
    }

    @Test
    void moreThanTheLargestRingKeepsTheNewest() {
        for (int i = 0; i < 10_000; i++) {
            windows.add(page, 0, i >= 9_900, 7);
        }
        assertEquals(254, settled(0));
        assertEquals(100, answered(0));
    }

    @Test
    void emptiesAfterAMinuteOfSilence() {
        windows.add(page, 0, true, 1_000);
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
            windows.add(page, 0, true, i);
        }
        int handle = largeRing(0);
        assertTrue(handle != 0, "40 entries need a larger ring");
        windows.clear(page, 0);
        assertEquals(0, largeRing(0));
        assertEquals(0, page.windowCounts[0]);
        for (int i = 0; i < 40; i++) {
            windows.add(page, 9, false, i);
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
            windows.add(page, 0, true, second);
        }
        int busy = largeRing(0) >>> 30;
        for (long second = 300; second < 600; second += 10) {
            windows.add(page, 0, true, second);
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
                boolean answered = random.nextInt(5) > 0;
                windows.add(page, target, answered, second);
                naive.add(new long[] {second, answered ? 1 : 0});
            }
            long now = second;
            naive.removeIf(entry -> now - entry[0] >= 60);
            while (naive.size() > 254) {
                naive.removeFirst();
            }
            assertEquals(naive.size(), settled(target));
            assertEquals(naive.stream().mapToLong(entry -> entry[1]).sum(), answered(target));
            if (step % 500 == 0) {
                for (int i = 0; i < targets; i++) {
                    windows.prune(page, i, second);
                }
            }
        }
    }
}
