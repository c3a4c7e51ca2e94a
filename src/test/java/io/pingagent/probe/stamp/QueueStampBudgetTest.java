package io.pingagent.probe.stamp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QueueStampBudgetTest {

    private static final long SECOND = 1_000_000_000L;

    private final QueueStampBudget budget = new QueueStampBudget();

    private int takenOf(int wanted, long nowNanos) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += budget.take(nowNanos) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void eachSecondHasTenThousand() {
        long startNanos = 17 * SECOND;
        assertEquals(9_000, takenOf(9_000, startNanos));
        assertEquals(1_000, takenOf(9_000, startNanos + SECOND - 1));
        assertEquals(10_000, takenOf(20_000, startNanos + SECOND));
    }
}
