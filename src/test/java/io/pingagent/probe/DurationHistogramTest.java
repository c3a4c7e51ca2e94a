package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationHistogramTest {

    private final DurationHistogram histogram = new DurationHistogram();

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 17, 31, 32, 33, 999, 1_000_000, 123_456_789_012L, DurationHistogram.MAX_NANOS})
    void tellsADurationToWithinSixPercent(long nanos) {
        histogram.record(nanos);
        long told = histogram.snapshot().quantileNanos(1);
        assertTrue(told >= nanos && told <= nanos + nanos / 16, nanos + " told as " + told);
    }

    @Test
    void tellsQuantilesOfManyDurations() {
        for (int micros = 1; micros <= 1000; micros++) {
            histogram.record(micros * 1000L);
        }
        DurationHistogram.Snapshot all = histogram.snapshot();
        assertEquals(1000, all.count());
        assertEquals(500_000, (double) all.quantileNanos(0.5), 32_000);
        assertEquals(990_000, (double) all.quantileNanos(0.99), 62_000);
        assertEquals(1_000, (double) all.quantileNanos(0), 62);
    }

    @Test
    void countsWhatIsTooLongOrNegativeAtTheEnds() {
        histogram.record(-5);
        histogram.record(Long.MAX_VALUE);
        assertEquals(0, histogram.snapshot().quantileNanos(0.5));
        assertEquals(DurationHistogram.MAX_NANOS, histogram.snapshot().quantileNanos(1));
    }

    @Test
    void tellsWhatCameSinceAnEarlierLook() {
        histogram.record(1_000_000);
        DurationHistogram.Snapshot before = histogram.snapshot();
        assertEquals(0, histogram.snapshot().since(before).quantileNanos(0.99));
        histogram.record(7);
        DurationHistogram.Snapshot between = histogram.snapshot().since(before);
        assertEquals(1, between.count());
        assertEquals(7, between.quantileNanos(1));
    }
}
