package io.pingagent.agent.control;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.control.ControlException;
import io.pingagent.control.ProbeParameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlProbesTest {

    private static final int COUNT = 3;
    private static final long TIMEOUT_MILLIS = 900;

    private static void requireOver(boolean isTimeoutChosen, long settled, long attempted, long waitedMillis)
            throws ControlException {
        ControlProbes.requireOver(
                new ProbeParameters("router", COUNT, 1_000, 56, TIMEOUT_MILLIS, isTimeoutChosen),
                settled,
                attempted,
                waitedMillis);
    }

    @ParameterizedTest
    @CsvSource({"true, 3, 3, 0", "false, 3, 3, 0", "false, 2, 3, 450"})
    void probesThatHadTheirTimeAreAResult(boolean isTimeoutChosen, long settled, long attempted, long waitedMillis)
            throws ControlException {
        requireOver(isTimeoutChosen, settled, attempted, waitedMillis);
    }

    /** Otherwise a busy host looks like a lossy network. */
    @ParameterizedTest
    @CsvSource({"true, 2, 3, 899", "false, 2, 3, 449", "false, 2, 2, 2000", "false, 0, 0, 2000"})
    void probesThatWereCutOffAreNoLoss(boolean isTimeoutChosen, long settled, long attempted, long waitedMillis) {
        ControlException refusal = assertThrows(
                ControlException.class, () -> requireOver(isTimeoutChosen, settled, attempted, waitedMillis));
        assertTrue(refusal.getMessage().contains("only " + settled + " of 3 probes"), refusal.getMessage());
    }
}
