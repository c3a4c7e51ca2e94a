package io.pingagent.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void doublesUpToItsLimit() {
        Backoff backoff = new Backoff(100, 700);
        assertEquals(100, backoff.nextNanos());
        assertEquals(200, backoff.nextNanos());
        assertEquals(400, backoff.nextNanos());
        assertEquals(700, backoff.nextNanos());
        assertEquals(700, backoff.nextNanos());
    }

    @Test
    void beginsAgainAfterASuccess() {
        Backoff backoff = new Backoff(100, 700);
        backoff.nextNanos();
        backoff.nextNanos();
        backoff.reset();
        assertEquals(100, backoff.nextNanos());
        assertEquals(200, backoff.nextNanos());
    }

    @Test
    void theLimitHoldsForTheFirstWaitToo() {
        Backoff backoff = new Backoff(30, 20);
        assertEquals(20, backoff.nextNanos());
        backoff.reset();
        assertEquals(20, backoff.nextNanos());
    }

    @Test
    void noLimitIsTooLong() {
        Backoff backoff = new Backoff(Long.MAX_VALUE / 2, Long.MAX_VALUE);
        assertEquals(Long.MAX_VALUE / 2, backoff.nextNanos());
        assertEquals(Long.MAX_VALUE - 1, backoff.nextNanos());
        assertEquals(Long.MAX_VALUE, backoff.nextNanos());
    }

    @Test
    void aWaitIsLongerThanNothing() {
        assertThrows(IllegalArgumentException.class, () -> new Backoff(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(1, 0));
    }
}
