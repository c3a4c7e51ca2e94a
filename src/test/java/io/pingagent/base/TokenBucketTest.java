package io.pingagent.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBucketTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void timeIsCreditUpToTheCapacity() {
        TokenBucket bucket = new TokenBucket(MILLI, 10 * MILLI, 0);
        assertEquals(0, bucket.tokens());
        assertEquals(MILLI, bucket.untilTokenNanos());
        bucket.fill(MILLI - 1);
        assertEquals(0, bucket.tokens());
        assertEquals(1, bucket.untilTokenNanos());
        bucket.fill(1);
        assertEquals(1, bucket.tokens());
        assertEquals(0, bucket.untilTokenNanos());
        bucket.fill(3_600 * SECOND);
        assertEquals(10, bucket.tokens());
        bucket.take(10);
        assertEquals(0, bucket.tokens());
    }

    @Test
    void fractionsOfATokenAreNotLost() {
        TokenBucket bucket = new TokenBucket(3, 100, 0);
        long taken = 0;
        for (int i = 0; i < 3_000; i++) {
            bucket.fill(2);
            long now = bucket.tokens();
            bucket.take(now);
            taken += now;
        }
        assertEquals(2_000, taken);
    }

    @Test
    void aDebtIsPaidOffByTime() {
        TokenBucket bucket = new TokenBucket(MILLI, 10 * MILLI, 10 * MILLI);
        bucket.take(14);
        assertEquals(4 * MILLI, bucket.debtNanos());
        assertEquals(-4 * MILLI, bucket.creditNanos());
        assertEquals(5 * MILLI, bucket.untilTokenNanos());
        bucket.fill(4 * MILLI);
        assertEquals(0, bucket.debtNanos());
        assertEquals(0, bucket.tokens());
    }

    @Test
    void tokensCanBePutInAsFarAsThereIsRoom() {
        TokenBucket bucket = new TokenBucket(MILLI, 10 * MILLI, 5 * MILLI);
        bucket.add(3);
        assertEquals(8, bucket.tokens());
        bucket.add(3);
        assertEquals(10, bucket.tokens());
    }

    @Test
    void creditCanBeGivenAwayButNotADebt() {
        TokenBucket bucket = new TokenBucket(MILLI, 10 * MILLI, 10 * MILLI);
        bucket.keepAtMost(3 * MILLI);
        assertEquals(3, bucket.tokens());
        bucket.take(5);
        bucket.keepAtMost(3 * MILLI);
        assertEquals(2 * MILLI, bucket.debtNanos());
    }

    @Test
    void oneTokenFitsHoweverSmallTheCapacity() {
        TokenBucket bucket = new TokenBucket(SECOND, 1, SECOND);
        assertEquals(1, bucket.tokens());
    }

    @ParameterizedTest
    @CsvSource({"1, 1000000000", "3, 333333333", "1000000000, 1", "2147483647, 1"})
    void aTokenCostsItsShareOfASecond(int perSecond, long nanos) {
        assertEquals(nanos, TokenBucket.costNanos(perSecond));
    }

    @Test
    void aTokenIsNotFree() {
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(0, SECOND, 0));
    }
}
