package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @CsvSource({"1, 5", "3, 10", "10, 5", "1000, 1", "100000, 1", "100000, 5", "1000000, 2"})
    void keepsItsRate(int rate, long tickMillis) {
        RateLimiter pacer = new RateLimiter(rate, -5 * SECOND);
        long sent = 0;
        for (long now = -5 * SECOND; now < 15 * SECOND; now += tickMillis * MILLI) {
            int allowed = pacer.allowance(now);
            pacer.spend(allowed);
            sent += allowed;
        }
        assertTrue(Math.abs(sent - 20L * rate) <= 0.001 * 20 * rate + 1, sent + " at " + rate + "/s in 20 s");
    }

    @Test
    void savesUpTenMillisecondsAtMost() {
        RateLimiter pacer = new RateLimiter(100_000, 0);
        assertEquals(1_000, pacer.allowance(3_600 * SECOND));
        pacer.spend(1_000);
        assertEquals(0, pacer.allowance(3_600 * SECOND));
    }

    @Test
    void aHoldUpIsMadeUpForAtATenthAboveTheLimit() {
        RateLimiter pacer = new RateLimiter(100_000, 0);
        long now = SECOND / 2;
        int burst = pacer.allowance(now);
        pacer.spend(burst);
        assertEquals(1_000, burst);
        long sent = burst;
        for (int milli = 1; milli <= 20_000; milli++) {
            now += MILLI;
            int allowed = pacer.allowance(now);
            assertTrue(allowed <= 111, allowed + " in a millisecond");
            pacer.spend(allowed);
            sent += allowed;
        }
        assertEquals(100_000 * 20 + 50_000, (double) sent, 10);
    }

    @Test
    void savesNothingWhileThereIsNothingToSend() {
        RateLimiter pacer = new RateLimiter(100_000, 0);
        pacer.idle(SECOND);
        pacer.spend(pacer.allowance(SECOND));
        assertEquals(0, pacer.allowance(SECOND));
        assertEquals(100, pacer.allowance(SECOND + MILLI), "no more than the limit");
    }

    @Test
    void makesUpForASecondAtMost() {
        RateLimiter pacer = new RateLimiter(1_000, 0);
        long now = 3_600 * SECOND;
        long sent = 0;
        for (int milli = 0; milli <= 60_000; milli++) {
            int allowed = pacer.allowance(now + milli * MILLI);
            pacer.spend(allowed);
            sent += allowed;
        }
        assertEquals(61_000, (double) sent, 1);
    }

    @Test
    void firstPacketGoesAtOnceHoweverSlowTheRate() {
        RateLimiter pacer = new RateLimiter(1, 77);
        assertEquals(1, pacer.allowance(77));
        pacer.spend(1);
        assertEquals(77 + SECOND, pacer.nextNanos());
        assertFalse(pacer.hasCredit());
        assertEquals(0, pacer.allowance(77 + SECOND - 1));
        assertEquals(77 + SECOND, pacer.nextNanos());
        assertEquals(1, pacer.allowance(77 + SECOND));
        assertTrue(pacer.hasCredit());
        assertEquals(77 + SECOND, pacer.nextNanos());
    }

    @Test
    void unspentAllowanceIsKept() {
        RateLimiter pacer = new RateLimiter(1_000, 0);
        assertEquals(6, pacer.allowance(5 * MILLI));
        pacer.spend(2);
        assertEquals(4, pacer.allowance(5 * MILLI));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000_000, 1_000_000_001, Integer.MAX_VALUE})
    void anyRateIsFit(int rate) {
        RateLimiter pacer = new RateLimiter(rate, 0);
        assertEquals(1_000_001, pacer.allowance(MILLI));
    }
}
