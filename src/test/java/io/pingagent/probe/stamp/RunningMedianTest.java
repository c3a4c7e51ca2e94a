package io.pingagent.probe.stamp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunningMedianTest {

    @Test
    void agreesWithSortingTheNewestValues() {
        Random random = new Random(5);
        for (int window : new int[] {1, 2, 7, 63}) {
            RunningMedian median = new RunningMedian(window);
            int[] values = new int[1_000];
            for (int i = 0; i < values.length; i++) {
                // Few different values, so that many are equal.
                values[i] = random.nextInt(40) - 20;
                median.add(values[i]);
                int[] newest = Arrays.copyOfRange(values, Math.max(0, i + 1 - window), i + 1);
                Arrays.sort(newest);
                assertEquals(newest[newest.length / 2], median.median());
                assertEquals(newest[newest.length / 4], median.lowerQuartile());
                assertEquals(newest.length, median.count());
            }
        }
    }

    @Test
    void outliersDoNotMoveIt() {
        RunningMedian median = new RunningMedian(63);
        for (int i = 0; i < 1_000; i++) {
            median.add(i % 3 == 0 ? Integer.MAX_VALUE : 3_000);
        }
        assertEquals(3_000, median.median());
    }

    @Test
    void nothingIsKnownBeforeTheFirstValue() {
        RunningMedian median = new RunningMedian(3);
        assertEquals(0, median.median());
        assertEquals(0, median.lowerQuartile());
        assertEquals(0, median.count());
    }
}
