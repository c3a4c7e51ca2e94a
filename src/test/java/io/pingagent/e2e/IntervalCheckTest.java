package io.pingagent.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.IntervalCheck.Run;
import io.pingagent.e2e.IntervalCheck.Sums;
import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Times are in seconds, as the check does not mind. */
class IntervalCheckTest {

    /** An interval of 60 s and a slack of 15 s; two runs, the first one killed. */
    private static Sums check(long... stamps) {
        return new IntervalCheck(60, 15, new Run(0, 300), new Run(310, 600))
                .check(Arrays.stream(stamps)
                        .mapToObj(stamp -> new ItemHistory.Row(stamp, BigDecimal.ONE))
                        .toList());
    }

    @Test
    void oneValuePerIntervalIsRightThoughItsStampVaries() {
        assertEquals(new Sums(9, 0, 0, 0), check(50, 100, 160, 230, 280, 370, 430, 490, 550));
        assertTrue(check(50, 110, 170, 230, 290, 370, 430, 490, 550).faultless());
        // The last one before the kill was not finished.
        assertTrue(check(50, 110, 170, 240, 370, 430, 490, 550).faultless());
    }

    @Test
    void everyValueThatIsMissingIsFound() {
        assertEquals(1, check(110, 170, 230, 290, 370, 430, 490, 550).missing());
        assertEquals(1, check(50, 170, 230, 290, 370, 430, 490, 550).missing());
        assertEquals(1, check(50, 110, 170, 370, 430, 490, 550).missing());
        assertEquals(1, check(50, 110, 170, 230, 290, 430, 490, 550).missing());
        assertEquals(2, check(50, 110, 170, 230, 290, 370, 550).missing());
        assertEquals(1, check(50, 110, 170, 230, 290, 370, 430, 490).missing());
        assertEquals(8, check().missing());
        assertFalse(check().faultless());
    }

    @Test
    void twoValuesOfOneIntervalAndThoseOfNoRunAreFound() {
        assertEquals(new Sums(10, 0, 1, 0), check(50, 100, 110, 160, 230, 280, 370, 430, 490, 550));
        assertEquals(new Sums(10, 0, 0, 1), check(50, 100, 160, 230, 280, 305, 370, 430, 490, 550));
        // What came after the end is not looked at.
        assertEquals(new Sums(9, 0, 0, 0), check(50, 100, 160, 230, 280, 370, 430, 490, 550, 610));
    }
}
