package io.pingagent.redis.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PollGapTest {

    private static long gapMillis(long durationMillis, boolean isRead) {
        return TimeUnit.NANOSECONDS.toMillis(
                ExpirySubscriber.pollGapNanos(TimeUnit.MILLISECONDS.toNanos(durationMillis), isRead));
    }

    @Test
    void pollsTakeAFiftiethOfTheTime() {
        assertEquals(2_000, gapMillis(1, true));
        assertEquals(5_000, gapMillis(100, true));
    }

    @Test
    void noGapIsLongerThanHalfAMinuteHoweverSlowRedisIs() {
        assertEquals(30_000, gapMillis(18_000, true));
    }

    @Test
    void afterATimeOutThePollIsTriedAgainSoon() {
        assertEquals(2_000, gapMillis(3, false));
        assertEquals(10_000, gapMillis(2_000, false));
        assertEquals(30_000, gapMillis(7_000, false));
    }
}
