package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RttSketchTest {

    private static final int AT = 7;
    private static final int[] PERCENTS = {50, 95, 99};

    private final int[] ints = new int[AT + RttSketch.INTS];

    private void fill(long[] samples) {
        RttSketch.clear(ints, AT);
        for (int i = 0; i < samples.length; i++) {
            RttSketch.add(ints, AT, samples[i], i);
        }
    }

    /** Nearest rank, as the manual says it. */
    private static long exact(long[] samples, int percent) {
        long[] sorted = samples.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(sorted.length * percent / 100.0) - 1];
    }

    /** Relative, without the 100 ns in which the scale does not look. */
    private double error(long[] samples, int percent) {
        long exact = exact(samples, percent);
        long off = Math.abs(RttSketch.quantile(ints, AT, percent) - exact);
        return off <= 100 ? 0 : off / (double) exact;
    }

    @Test
    void quantilesOfTenThousandDistributionsAreWithinTwoPercent() {
        RoundTripShapes shapes = new RoundTripShapes(14);
        double[] worst = new double[PERCENTS.length];
        String[] where = new String[PERCENTS.length];
        double worstOfUsual = 0;
        for (int number = 0; number < 10_000; number++) {
            long[] samples = shapes.next(number);
            fill(samples);
            for (int i = 0; i < PERCENTS.length; i++) {
                double error = error(samples, PERCENTS[i]);
                if (samples.length <= 300) {
                    worstOfUsual = Math.max(worstOfUsual, error);
                }
                if (error > worst[i]) {
                    worst[i] = error;
                    where[i] = "distribution " + number + " of " + samples.length + " samples";
                }
            }
        }
        String found = "worst errors of p50, p95, p99: " + Arrays.toString(worst) + " in " + Arrays.toString(where);
        assertTrue(worst[1] <= 0.02, found);
        assertTrue(Arrays.stream(worst).allMatch(error -> error <= 0.03), found);
        assertTrue(worstOfUsual <= 0.01, "up to 300 samples: " + worstOfUsual);
    }

    /** What the manual says of few samples: the scale's own error. */
    @Test
    void upTo128SamplesTheErrorIsThatOfTheScale() {
        Random random = new Random(6);
        for (int count = 1; count <= 128; count++) {
            // From 10 µs to 10 s: the most different steps there can be.
            long[] samples = random.doubles(count)
                    .mapToLong(share -> Math.round(1e4 * Math.pow(1e6, share)))
                    .toArray();
            fill(samples);
            for (int percent : PERCENTS) {
                assertTrue(error(samples, percent) <= 0.0099, count + " samples: " + error(samples, percent));
            }
        }
    }

    @Test
    void sixHundredThousandSamplesNeitherOverflowNorLoseTheirTail() {
        Random random = new Random(600);
        double[] sigmas = {0, 0.1, 0.5, 1.0};
        for (double sigma : sigmas) {
            long[] samples = new long[600_000];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = Math.round(2e7 * Math.exp(sigma * random.nextGaussian()));
            }
            fill(samples);
            for (int percent : PERCENTS) {
                double error = error(samples, percent);
                assertTrue(error <= 0.02, "sigma " + sigma + ", p" + percent + ": " + error);
            }
        }
    }

    @Test
    void countsStayAtTheirMost() {
        for (int i = 0; i < 1_100_000; i++) {
            RttSketch.add(ints, AT, 5_000_000, i);
        }
        RttSketch.add(ints, AT, 1_000_000, 1_100_000);
        assertEquals(5e6, (double) RttSketch.quantile(ints, AT, 95), 5e4);
        assertEquals(5e6, (double) RttSketch.quantile(ints, AT, 50), 5e4);
    }

    @Test
    void itWritesNowhereElse() {
        int[] around = new int[AT + RttSketch.INTS + AT];
        Arrays.fill(around, 0x55);
        RttSketch.clear(around, AT);
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            RttSketch.add(around, AT, Math.round(1e3 * Math.pow(1e7, random.nextDouble())), i);
        }
        for (int i = 0; i < AT; i++) {
            assertEquals(0x55, around[i]);
            assertEquals(0x55, around[AT + RttSketch.INTS + i]);
        }
    }

    @Test
    void nothingMeasuredIsNoQuantile() {
        RttSketch.clear(ints, AT);
        assertEquals(-1, RttSketch.quantile(ints, AT, 95));
    }

    @Test
    void valuesBeyondTheScaleAreCountedAtItsEnds() {
        fill(new long[] {0, Long.MAX_VALUE});
        assertEquals(100.0, (double) RttSketch.quantile(ints, AT, 50), 1);
        assertTrue(RttSketch.quantile(ints, AT, 99) > 50_000_000_000L);
    }
}
