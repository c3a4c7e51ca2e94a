package io.pingagent.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ProbeSeries;
import io.pingagent.model.TargetRow;
import org.junit.jupiter.api.Test;

class SparklineTest {

    private static final long NOW = 1_700_000_059_000L;
    private static final long MILLI = 1_000_000L;

    /** One probe a second, the last one now; milliseconds, negative as they are. */
    private static ProbeSeries everySecond(long... millis) {
        long[] wallMillis = new long[millis.length];
        long[] rttNanos = new long[millis.length];
        for (int i = 0; i < millis.length; i++) {
            wallMillis[i] = NOW - 1_000L * (millis.length - 1 - i);
            rttNanos[i] = millis[i] < 0 ? millis[i] : millis[i] * MILLI;
        }
        return ProbeSeries.of(wallMillis, rttNanos, millis.length);
    }

    private static String line(int width, boolean utf8, ProbeSeries series) {
        return new Sparkline(width, utf8, false).of(series, NOW);
    }

    @Test
    void theLevelsGoFromTheSmallestToTheLargest() {
        ProbeSeries rising = everySecond(10, 20, 30, 40, 50, 60, 70, 80);
        assertEquals(" ".repeat(52) + "▁▂▃▄▅▆▇█", line(60, true, rising));
        assertEquals(" ".repeat(52) + "_.-:=+*#", line(60, false, rising), "without UTF-8");
        assertEquals("10.0-80.0 ms", Sparkline.scale(rising));
    }

    @Test
    void noiseOfAFewPercentStaysLow() {
        assertEquals("▁▁▂▁", line(60, true, everySecond(100, 103, 107, 101)).strip());
        assertEquals("▁▁", line(60, true, everySecond(100, 100)).strip());
        assertEquals("100 ms", Sparkline.scale(everySecond(100, 100)));
    }

    @Test
    void aLostProbeIsACrossAndHidesNoOther() {
        ProbeSeries lossy = everySecond(10, ProbeSeries.LOST, 10, ProbeSeries.UNKNOWN, 10);
        assertEquals("▁✕▁▁▁", line(60, true, lossy).strip());
        assertEquals("_x___", line(60, false, lossy).strip());
        assertEquals(
                "\u001b[31m✕\u001b[0m",
                new Sparkline(60, true, true).of(everySecond(-1), NOW).strip());
        assertEquals("", Sparkline.scale(everySecond(-1)));
        // Two seconds in a character.
        assertEquals("▁✕", line(30, true, everySecond(10, ProbeSeries.LOST, 10)).strip());
    }

    @Test
    void betweenProbesTheLastRoundTripTimeStaysButNoLoss() {
        ProbeSeries rare = ProbeSeries.of(
                new long[] {NOW - 25_000, NOW - 15_000, NOW - 5_000},
                new long[] {MILLI, ProbeSeries.LOST, 9 * MILLI},
                3);
        assertEquals(
                "▁".repeat(10) + "✕" + " ".repeat(9) + "█".repeat(6),
                line(60, true, rare).strip());
    }

    @Test
    void aNarrowTerminalHasFewerCharactersOrNone() {
        assertEquals(20, new Sparkline(29, true, false).width());
        assertEquals(60, new Sparkline(500, true, false).width());
        assertEquals(0, new Sparkline(9, true, false).width());
        assertEquals("", line(-3, true, everySecond(1)));
    }

    @Test
    void whatIsOlderThanAMinuteIsNotShown() {
        assertEquals(
                "",
                line(60, true, ProbeSeries.of(new long[] {NOW - 61_000}, new long[] {MILLI}, 1))
                        .strip());
    }

    // -- readings of Redis --

    @Test
    void aReadingWithMoreLossesThanBeforeIsALoss() {
        Trails trails = new Trails();
        long[][] sentAndReceived = {{10, 10}, {10, 10}, {11, 10}, {11, 10}};
        for (int i = 0; i < sentAndReceived.length; i++) {
            trails.add(
                    "gza",
                    new TargetRow(
                            "192.0.2.1", (int) sentAndReceived[i][0], (int) sentAndReceived[i][1], MILLI, -1, false),
                    NOW - 3_000 + 1_000L * i);
        }
        assertEquals("▁▁✕▁", line(60, true, trails.of("gza", "192.0.2.1")).strip());
        assertEquals(0, trails.of("gzb", "192.0.2.1").size());
    }

    @Test
    void anAddressWithoutALastRoundTripTimeLosesItsProbes() {
        Trails trails = new Trails();
        trails.add("gza", new TargetRow("192.0.2.1", 0, 0, -1, -1, false), NOW - 1_000);
        trails.add("gza", new TargetRow("192.0.2.1", 1, 0, -1, -1, true), NOW);
        assertEquals("✕", line(60, true, trails.of("gza", "192.0.2.1")).strip());
        trails.forget(NOW + 60_001);
        assertTrue(trails.of("gza", "192.0.2.1").size() == 0, "not read for a minute");
    }
}
