package io.pingagent.agent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.agent.AgentListener;
import io.pingagent.agent.control.AddressHistory.Verdict;
import org.junit.jupiter.api.Test;

class AddressHistoryTest {

    private static final int TARGET = 5_000;
    private static final long SECOND = 1_000_000_000L;

    private boolean onErrList;
    private long wallNanos = 1_700_000_000L * SECOND;
    private final AgentListener listener = new AgentListener();
    private final AddressHistory history =
            new AddressHistory(3, 2, 3 * SECOND / 2, listener::isIsolationSuspected, target -> onErrList);

    private void lose(int times) {
        for (int i = 0; i < times; i++) {
            history.lost(TARGET, wallNanos);
            wallNanos += SECOND;
        }
    }

    private Verdict verdict() {
        return history.verdictOf(TARGET);
    }

    @Test
    void theFirstReplyMakesUpUnlessItIsOnTheErrList() {
        assertEquals(Verdict.UNKNOWN, verdict());
        onErrList = true;
        history.replied(TARGET, 1_000);
        assertEquals(Verdict.UNKNOWN, verdict());
        history.replied(TARGET, 1_000);
        assertEquals(Verdict.UP, verdict());
        history.removed(TARGET);
        assertEquals(Verdict.UNKNOWN, verdict());
        onErrList = false;
        history.replied(TARGET, 1_000);
        assertEquals(Verdict.UP, verdict());
        assertEquals(Verdict.UNKNOWN, history.verdictOf(TARGET + 1));
    }

    /** When somebody asks for the first time. */
    @Test
    void aHistoryThatBeginsWhileIsolationIsSuspectedKnowsOfIt() {
        AgentListener known = new AgentListener();
        known.isolationSuspected(true);
        AddressHistory late = new AddressHistory(3, 2, 3 * SECOND / 2, known::isIsolationSuspected, target -> true);
        known.history(late);
        for (int i = 0; i < 5; i++) {
            late.lost(TARGET, wallNanos + i * SECOND);
        }
        assertEquals(Verdict.UNKNOWN, late.verdictOf(TARGET));
        known.isolationSuspected(false);
        late.lost(TARGET, wallNanos + 5 * SECOND);
        assertEquals(Verdict.DOWN, late.verdictOf(TARGET));
    }

    @Test
    void downNeedsLossesInARowOnTheErrList() {
        history.replied(TARGET, 1_000);
        lose(5);
        assertEquals(Verdict.UP, verdict());
        onErrList = true;
        history.replied(TARGET, 1_000);
        lose(2);
        assertEquals(Verdict.UP, verdict());
        lose(1);
        assertEquals(Verdict.DOWN, verdict());
        history.replied(TARGET, 1_000);
        lose(1);
        history.replied(TARGET, 1_000);
        assertEquals(Verdict.DOWN, verdict());
        history.replied(TARGET, 1_000);
        assertEquals(Verdict.UP, verdict());
    }

    @Test
    void nobodyGoesDownTooSoonOrWhileIsolationIsSuspected() {
        onErrList = true;
        for (int i = 0; i < 10; i++) {
            history.lost(TARGET, wallNanos);
        }
        assertEquals(Verdict.UNKNOWN, verdict());
        wallNanos += 2 * SECOND;
        listener.isolationSuspected(true);
        lose(3);
        assertEquals(Verdict.UNKNOWN, verdict());
        listener.isolationSuspected(false);
        history.reinstated(TARGET);
        lose(2);
        assertEquals(Verdict.UNKNOWN, verdict());
        lose(1);
        assertEquals(Verdict.DOWN, verdict());
    }

    @Test
    void manyLossesDoNotOverflow() {
        onErrList = true;
        for (int i = 0; i < 3_000_000; i++) {
            history.lost(TARGET, wallNanos);
        }
        wallNanos += 2 * SECOND;
        lose(1);
        assertEquals(Verdict.DOWN, verdict());
    }

    @Test
    void jitterIsTheSmoothedDifferenceOfReplies() {
        assertEquals(-1, history.jitterNanos(TARGET));
        history.replied(TARGET, 1_000_000);
        assertEquals(-1, history.jitterNanos(TARGET));
        history.replied(TARGET, 1_160_000);
        assertEquals(160_000, history.jitterNanos(TARGET));
        history.replied(TARGET, 1_160_000);
        assertEquals(150_000, history.jitterNanos(TARGET));
        history.lost(TARGET, wallNanos);
        history.replied(TARGET, 1_000_000);
        assertEquals(150_625, history.jitterNanos(TARGET));
        for (int i = 0; i < 500; i++) {
            history.replied(TARGET, 1_000_000);
        }
        assertEquals(0, history.jitterNanos(TARGET));
    }
}
