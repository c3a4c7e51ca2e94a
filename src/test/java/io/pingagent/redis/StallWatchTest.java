package io.pingagent.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StallWatchTest {

    private static final long SECOND = 1_000_000_000L;

    private final StallWatch watch = new StallWatch();

    @Test
    void quickRoundsAreNoStall() {
        watch.roundStarts(0);
        assertFalse(watch.hasStalled(SECOND / 2));
        watch.roundEnds(SECOND / 2);
        assertFalse(watch.hasStalled(10 * SECOND));
    }

    @Test
    void roundThatHangsIsAStallWhileItLasts() {
        watch.roundStarts(0);
        assertTrue(watch.hasStalled(2 * SECOND));
    }

    @Test
    void stallIsRememberedWhileItsExpiredKeysAreAnnounced() {
        watch.roundStarts(0);
        watch.roundEnds(3 * SECOND);
        assertTrue(watch.hasStalled(7 * SECOND));
        assertFalse(watch.hasStalled(9 * SECOND));
    }
}
