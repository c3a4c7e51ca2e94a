package io.pingagent.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldingTest {

    private static final long MINUTE = 60_000_000_000L;

    private final List<String> lines = new ArrayList<>();

    @Test
    void aStateIsSaidWhenItBeginsAndWhenItEnds() {
        SayOnce loss = new SayOnce();
        assertFalse(loss.ends(), "what was not said to begin is not said to end");
        assertTrue(loss.begins());
        assertFalse(loss.begins());
        assertTrue(loss.isSaid());
        assertTrue(loss.ends());
        assertFalse(loss.ends());
        assertFalse(loss.isSaid());
        assertTrue(loss.begins());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5 * MINUTE, Long.MAX_VALUE - MINUTE / 2})
    void aCountIsSaidAtOnceThenOnceAPeriodWithItsGrowth(long start) {
        FoldedCount drops = new FoldedCount(MINUTE);
        assertEquals(0, drops.take(0, start));
        assertEquals(3, drops.take(3, start));
        assertEquals(0, drops.take(7, start + MINUTE - 1));
        assertEquals(6, drops.take(9, start + MINUTE));
        assertEquals(0, drops.take(9, start + 3 * MINUTE), "it has not grown");
        assertEquals(1, drops.take(10, start + 3 * MINUTE + 1), "the last line was long ago");
    }

    @Test
    void withoutAClockPowersOfTenAreSaid() {
        assertEquals(
                List.of(1L, 10L, 100L, 1_000L),
                LongStream.rangeClosed(-10, 2_000)
                        .filter(FoldedCount::isPowerOfTen)
                        .boxed()
                        .toList());
        assertTrue(FoldedCount.isPowerOfTen(1_000_000_000_000_000_000L));
        assertFalse(FoldedCount.isPowerOfTen(Long.MAX_VALUE));
    }

    @Test
    void eachMessageIsSaidAtOnceAndThenCounted() {
        FoldedMessages errors = new FoldedMessages(lines::add, MINUTE);
        errors.add("no room", 0);
        errors.add("no room", 1);
        errors.add("no route", 2);
        errors.add("no room", MINUTE - 1);
        assertEquals(List.of("no room", "no route"), lines);
        errors.add("no room", MINUTE);
        errors.add("no room", MINUTE + 1);
        assertEquals(List.of("no room", "no route", "no room (3 times more)"), lines);
    }

    @Test
    void ofManyMessagesTheOldestIsForgotten() {
        FoldedMessages errors = new FoldedMessages(lines::add, MINUTE);
        for (int i = 0; i <= 100; i++) {
            errors.add("error " + i, 0);
        }
        errors.add("error 100", 0);
        assertEquals(101, lines.size());
        errors.add("error 0", 0);
        assertEquals("error 0", lines.get(101));
        assertEquals(102, lines.size());
    }

    @Test
    void aBudgetOfLinesIsFullAgainEveryMinute() {
        LineBudget budget = new LineBudget(2, 5);
        assertTrue(budget.take(5));
        assertTrue(budget.take(6));
        assertFalse(budget.take(MINUTE + 4));
        assertTrue(budget.take(MINUTE + 5));
        assertTrue(budget.take(MINUTE + 5));
        assertFalse(budget.take(2 * MINUTE + 4));
        assertTrue(budget.take(9 * MINUTE));
    }
}
