package io.pingagent.zabbix.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BacklogLimiterTest {

    private static final long SECOND = 1_000_000_000L;

    private final BacklogLimiter pace = new BacklogLimiter(20_000);
    private long nowNanos;

    /** Sends a backlog as fast as allowed; the seconds that it takes, sending itself costing nothing. */
    private double drain(int values, long madePerSecond) {
        long start = nowNanos;
        for (int sent = 0; sent < values; sent += 5_000) {
            nowNanos += pace.pauseNanos(5_000, (nowNanos - start) / SECOND * madePerSecond, nowNanos);
        }
        return (nowNanos - start) / (double) SECOND;
    }

    @Test
    void aBurstIsNotSlowedDown() {
        assertEquals(0, drain(BacklogLimiter.BURST, 0));
    }

    @Test
    void aLongBacklogGoesAtTheServersRate() {
        assertEquals(50, drain(BacklogLimiter.BURST + 1_000_000, 0), 0.5);
    }

    @Test
    void whatIsMadeMeanwhileComesOnTop() {
        assertEquals(20, drain(BacklogLimiter.BURST + 1_000_000, 30_000), 2);
    }

    @Test
    void noLiveRateIsSlowedDown() {
        long made = 0;
        for (int i = 0; i < 10_000; i++) {
            nowNanos += SECOND / 10;
            made += 10_000;
            assertEquals(0, pace.pauseNanos(10_000, made, nowNanos));
        }
    }

    @Test
    void afterARestTheNextBurstIsFreeAgain() {
        assertTrue(drain(1_000_000, 0) > 0);
        nowNanos += 6 * SECOND;
        assertEquals(0, drain(BacklogLimiter.BURST, 0));
    }
}
