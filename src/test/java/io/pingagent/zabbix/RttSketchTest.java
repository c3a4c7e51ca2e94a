package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertTrue(Arrays.stream(worst).allMatch(error -> error <= 0.02), found);
        assertTrue(worstOfUsual <= 0.01, "up to 300 samples: " + worstOfUsual);
    }

    /** What the manual says of few samples: the scale's own error. */
    @Test
    void upTo256SamplesTheErrorIsThatOfTheScale() {
        Random random = new Random(6);
        for (int count = 1; count <= 256; count++) {
            // From 10 µs to 10 s: the most different steps there can be.
            long[] samples = random.doubles(count)
                    .mapToLong(share -> Math.round(1e4 * Math.pow(1e6, share)))
                    .toArray();
            fill(samples);
            for (int percent : PERCENTS) {
                assertTrue(error(samples, percent) <= 0.0025, count + " samples: " + error(samples, percent));
            }
        }
    }

    private void assertWithinTwoPercent(String shape, long[] samples) {
        fill(samples);
        for (int percent : PERCENTS) {
            double error = error(samples, percent);
            assertTrue(error <= 0.02, shape + ", p" + percent + ": " + error);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.8, 1.0, 1.3})
    void manySamplesOfALogNormalDistributionAreWithinTwoPercent(double sigma) {
        Random random = new Random(3);
        for (int number = 0; number < 200; number++) {
            long[] samples = LongStream.generate(() -> Math.round(2e7 * Math.exp(sigma * random.nextGaussian())))
                    .limit(6_000)
                    .toArray();
            assertWithinTwoPercent("log-normal, sigma " + sigma, samples);
        }
    }

    /** One in ten waits in a queue that is sometimes very long. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 20_000})
    void aTailOverAWideSpanIsWithinTwoPercent(int factor) {
        Random random = new Random(4);
        for (int number = 0; number < 100; number++) {
            long[] samples = LongStream.generate(() -> Math.round(
                            random.nextInt(10) == 0
                                    ? 1e5 * Math.pow(factor, random.nextDouble())
                                    : 1e5 * (1 + 0.1 * random.nextDouble())))
                    .limit(6_000)
                    .toArray();
            assertWithinTwoPercent("tail over a factor of " + factor, samples);
        }
    }

    /** A new shortest one each time: what was joined before would hold ever more of them. */
    @ParameterizedTest
    @CsvSource({"1000,150", "1000,400", "6000,1000", "6000,22000"})
    void aRampIsWithinTwoPercentUpAndDown(int count, int factor) {
        long[] falling = new long[count];
        long[] rising = new long[count];
        for (int i = 0; i < count; i++) {
            falling[i] = Math.round(2.2e9 * Math.pow(factor, -i / (count - 1.0)));
            rising[count - 1 - i] = falling[i];
        }
        assertWithinTwoPercent("falling by a factor of " + factor, falling);
        assertWithinTwoPercent("rising by a factor of " + factor, rising);
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
