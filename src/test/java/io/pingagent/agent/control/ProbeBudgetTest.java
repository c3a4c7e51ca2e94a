package io.pingagent.agent.control;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.control.ControlException;
import org.junit.jupiter.api.Test;

class ProbeBudgetTest {

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final ProbeBudget budget = new ProbeBudget();
    private long nowNanos = Long.MAX_VALUE - SECOND_NANOS / 2;

    private ProbeBudget.Share take(int count, long intervalMillis, int sizeBytes) throws ControlException {
        return budget.take(count, intervalMillis, sizeBytes, nowNanos);
    }

    private void assertRefused(int count, long intervalMillis, int sizeBytes) {
        ControlException refusal = assertThrows(ControlException.class, () -> take(count, intervalMillis, sizeBytes));
        assertTrue(refusal.getMessage().contains("200 packets or 1000000 bytes a second"), refusal.getMessage());
    }

    @Test
    void packetsOfAllProbesTogetherAreBounded() throws ControlException {
        for (int i = 0; i < 3; i++) {
            take(1_000, 20, 56);
        }
        ProbeBudget.Share fourth = take(1_000, 20, 56);
        assertRefused(1, 1_000, 56);
        nowNanos += SECOND_NANOS;
        assertRefused(1, 1_000, 56);
        budget.end(fourth);
        take(50, 20, 56);
    }

    /** However soon they are over. */
    @Test
    void shortProbesCountForASecond() throws ControlException {
        for (int i = 0; i < ProbeBudget.MOST_PACKETS; i++) {
            budget.end(take(1, 20, 56));
        }
        assertRefused(1, 1_000, 56);
        nowNanos += SECOND_NANOS - 1;
        assertRefused(1, 1_000, 56);
        nowNanos++;
        take(1, 1_000, 56);
    }

    @Test
    void bytesOfAllProbesTogetherAreBounded() throws ControlException {
        assertRefused(1_000, 20, 65_487);
        for (int i = 0; i < 15; i++) {
            take(1_000, 1_000, 65_487);
        }
        assertRefused(1, 60_000, 65_487);
        take(1, 1_000, 1_000);
    }
}
