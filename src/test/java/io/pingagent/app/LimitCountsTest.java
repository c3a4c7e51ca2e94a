package io.pingagent.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LimitCountsTest {

    private static final long MINUTE = 60_000_000_000L;

    private final LimitCounts.Lately lately = new LimitCounts.Lately();

    private LimitCounts at(long nanos, long count) {
        return lately.until(new LimitCounts(
                nanos, 100 * count, count, count, count, count, count, count, count, count, count, count));
    }

    @Test
    void atFirstAllSinceTheStart() {
        assertEquals(new LimitCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), at(5, 7));
        assertEquals(new LimitCounts(10, 200, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2), at(15, 9));
    }

    @Test
    void laterTheLastTenMinutes() {
        for (int minute = 0; minute <= 60; minute++) {
            at(minute * MINUTE, minute);
            at(minute * MINUTE + MINUTE / 2, minute);
        }
        LimitCounts recent = at(60 * MINUTE + 40, 60);
        assertEquals(10 * MINUTE + 40, recent.atNanos());
        assertEquals(10, recent.overruns());
        assertEquals(1_000, recent.sent());
    }
}
