package io.pingagent.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ProbeSeries;
import java.util.List;
import org.junit.jupiter.api.Test;

class RttHistogramTest {

    private static ProbeSeries micros(long... micros) {
        long[] wallMillis = new long[micros.length];
        long[] rttNanos = new long[micros.length];
        for (int i = 0; i < micros.length; i++) {
            wallMillis[i] = 1_000L * i;
            rttNanos[i] = micros[i] < 0 ? micros[i] : micros[i] * 1_000;
        }
        return ProbeSeries.of(wallMillis, rttNanos, micros.length);
    }

    @Test
    void classesOfEqualWidthHoldEachProbeOnce() {
        RttHistogram histogram = new RttHistogram(micros(10_000, 10_900, 11_000, 12_500, 13_999), 5);
        assertEquals(
                List.of(
                        new RttHistogram.Bin(10_000_000, 11_000_000, 2),
                        new RttHistogram.Bin(11_000_000, 12_000_000, 1),
                        new RttHistogram.Bin(12_000_000, 13_000_000, 1),
                        new RttHistogram.Bin(13_000_000, 14_000_000, 1)),
                histogram.classes());
    }

    @Test
    void classesGrowWhereTimesDifferMuch() {
        List<RttHistogram.Bin> classes = new RttHistogram(micros(300, 400, 2_500, 900_000), 12).classes();
        assertEquals(new RttHistogram.Bin(200_000, 500_000, 2), classes.get(0));
        assertEquals(new RttHistogram.Bin(500_000_000, 1_000_000_000, 1), classes.get(classes.size() - 1));
        assertEquals(11, classes.size());
    }

    @Test
    void thereAreNoMoreRowsThanWantedAndNoProbeIsLeftOut() {
        long[] all = new long[3_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = 1 + (long) i * i * 6;
        }
        for (int rows = 4; rows < 60; rows++) {
            for (ProbeSeries series : List.of(micros(all), micros(7), micros(5_000, 5_001, 49_000))) {
                List<RttHistogram.Bin> classes = new RttHistogram(series, rows).classes();
                assertTrue(classes.size() <= rows, classes.size() + " of " + rows);
                assertEquals(
                        series.size(),
                        classes.stream().mapToInt(RttHistogram.Bin::count).sum());
            }
        }
    }

    @Test
    void barsHaveTheLengthOfTheirCount() {
        RttHistogram histogram = new RttHistogram(micros(1_000, 1_000, 1_000, 1_000, 2_000, ProbeSeries.LOST), 6);
        List<String> lines = histogram.lines(60, true, false);
        assertEquals("   1.00 -    1.20 ms  " + "█".repeat(21) + " 4 (67%)", lines.get(0));
        assertEquals("   1.20 -    1.40 ms  0", lines.get(1));
        assertEquals("   2.00 -    2.20 ms  " + "█".repeat(5) + "▎ 1 (17%)", lines.get(5));
        assertEquals("                lost  " + "█".repeat(5) + "▎ 1 (17%)", lines.get(6));
        assertEquals(
                "   1.00 -    1.20 ms  " + "#".repeat(21) + " 4 (67%)",
                histogram.lines(60, false, false).get(0),
                "without UTF-8");
        assertTrue(histogram.lines(60, true, true).get(6).contains("\u001b[31m"));
    }

    @Test
    void figuresAreThoseOfTheNearestRankAndFitTheColumns() {
        long[] all = new long[100];
        for (int i = 0; i < 100; i++) {
            all[i] = 1_000L * (i + 1);
        }
        RttHistogram histogram = new RttHistogram(micros(all), 10);
        assertEquals(
                "probes 100  lost 0 (0%)  last 100 ms  avg 50.5 ms  p50 50.0 ms  p95 95.0 ms  max 100 ms",
                histogram.figures(200).get(0));
        List<String> narrow = histogram.figures(40);
        assertEquals(3, narrow.size());
        narrow.forEach(line -> assertTrue(line.length() <= 40, line));
    }

    @Test
    void withoutAnyReplyThereAreOnlyLosses() {
        RttHistogram histogram = new RttHistogram(micros(-1, -1), 10);
        assertEquals(1, histogram.lines(80, true, false).size());
        assertEquals(
                "probes 2  lost 2 (100%)  last -  avg -  p50 -  p95 -  max -",
                histogram.figures(200).get(0));
        assertEquals(List.of(), new RttHistogram(micros(), 10).lines(80, true, false));
    }
}
