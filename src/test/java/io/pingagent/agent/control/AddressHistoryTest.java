package io.pingagent.agent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.agent.AgentListener;
import io.pingagent.base.NanoClock;
import io.pingagent.zabbix.BridgeSettings;
import io.pingagent.zabbix.StatusJudge;
import io.pingagent.zabbix.StatusJudge.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressHistoryTest {

    private static final int TARGET = 5_000;
    private static final long SECOND = 1_000_000_000L;

    private boolean onErrList;
    private long wallNanos = 1_700_000_000L * SECOND;
    private final AgentListener listener = new AgentListener();
    private long monotonicNanos = -7 * SECOND;
    private final NanoClock clock = new NanoClock() {
        @Override
        public long monotonicNanos() {
            return monotonicNanos;
        }

        @Override
        public long wallNanos() {
            return wallNanos;
        }
    };
    private final AddressHistory history = history(target -> onErrList, listener::isIsolationSuspected);

    private AddressHistory history(IntPredicate onErrList, BooleanSupplier isolationSuspected) {
        BridgeSettings.Thresholds thresholds = new BridgeSettings.Thresholds(3, 2, Duration.ofMillis(1_500));
        return new AddressHistory(new StatusJudge(thresholds, onErrList, isolationSuspected), clock);
    }

    private void pass(long nanos) {
        wallNanos += nanos;
        monotonicNanos += nanos;
    }

    private double sinceVerdictSeconds() {
        return history.sinceVerdictNanos(TARGET) / 1e9;
    }

    private void lose(int times) {
        for (int i = 0; i < times; i++) {
            history.lost(TARGET, wallNanos);
            pass(SECOND);
        }
    }

    private Status status() {
        return history.statusOf(TARGET);
    }

    @Test
    void theFirstReplyMakesUpUnlessItIsOnTheErrList() {
        assertEquals(Status.UNKNOWN, status());
        onErrList = true;
        history.replied(TARGET, 1_000, wallNanos);
        assertEquals(Status.UNKNOWN, status());
        history.replied(TARGET, 1_000, wallNanos);
        assertEquals(Status.UP, status());
        history.removed(TARGET);
        assertEquals(Status.UNKNOWN, status());
        onErrList = false;
        history.replied(TARGET, 1_000, wallNanos);
        assertEquals(Status.UP, status());
        assertEquals(Status.UNKNOWN, history.statusOf(TARGET + 1));
    }

    @Test
    void whoWasNeverUpIsFoundDownAndWhoWasUpGoesDown() {
        List<String> heard = new ArrayList<>();
        history.changes(new StatusChanges() {
            @Override
            public void wentDown(int targetId) {
                heard.add("went down");
            }

            @Override
            public void foundDown(int targetId) {
                heard.add("found down");
            }

            @Override
            public void cameUp(int targetId) {
                heard.add("came up");
            }

            @Override
            public void removed(int targetId) {
                heard.add("removed");
            }
        });
        onErrList = true;
        history.replied(TARGET, 1_000, wallNanos);
        lose(3);
        assertEquals(List.of("found down"), heard);
        history.replied(TARGET, 1_000, wallNanos);
        history.replied(TARGET, 1_000, wallNanos);
        lose(3);
        history.removed(TARGET);
        onErrList = false;
        history.replied(TARGET, 1_000, wallNanos);
        assertEquals(List.of("found down", "came up", "went down", "removed"), heard);
    }

    /** When somebody asks for the first time. */
    @Test
    void aHistoryThatBeginsWhileIsolationIsSuspectedKnowsOfIt() {
        AgentListener known = new AgentListener();
        known.isolationSuspected(true);
        AddressHistory late = history(target -> true, known::isIsolationSuspected);
        known.history(late);
        for (int i = 0; i < 5; i++) {
            late.lost(TARGET, wallNanos + i * SECOND);
        }
        assertEquals(Status.UNKNOWN, late.statusOf(TARGET));
        known.isolationSuspected(false);
        late.lost(TARGET, wallNanos + 5 * SECOND);
        assertEquals(Status.DOWN, late.statusOf(TARGET));
    }

    @Test
    void downNeedsLossesInARowOnTheErrList() {
        history.replied(TARGET, 1_000, wallNanos);
        lose(5);
        assertEquals(Status.UP, status());
        onErrList = true;
        history.replied(TARGET, 1_000, wallNanos);
        lose(2);
        assertEquals(Status.UP, status());
        lose(1);
        assertEquals(Status.DOWN, status());
        history.replied(TARGET, 1_000, wallNanos);
        lose(1);
        history.replied(TARGET, 1_000, wallNanos);
        assertEquals(Status.DOWN, status());
        history.replied(TARGET, 1_000, wallNanos);
        assertEquals(Status.UP, status());
    }

    @Test
    void nobodyGoesDownTooSoonOrWhileIsolationIsSuspected() {
        onErrList = true;
        for (int i = 0; i < 10; i++) {
            history.lost(TARGET, wallNanos);
        }
        assertEquals(Status.UNKNOWN, status());
        wallNanos += 2 * SECOND;
        listener.isolationSuspected(true);
        lose(3);
        assertEquals(Status.UNKNOWN, status());
        listener.isolationSuspected(false);
        history.reinstated(TARGET);
        lose(2);
        assertEquals(Status.UNKNOWN, status());
        lose(1);
        assertEquals(Status.DOWN, status());
    }

    @Test
    void manyLossesDoNotOverflow() {
        onErrList = true;
        for (int i = 0; i < 3_000_000; i++) {
            history.lost(TARGET, wallNanos);
        }
        wallNanos += 2 * SECOND;
        lose(1);
        assertEquals(Status.DOWN, status());
    }

    @Test
    void jitterIsTheSmoothedDifferenceOfReplies() {
        assertEquals(-1, history.jitterNanos(TARGET));
        history.replied(TARGET, 1_000_000, wallNanos);
        assertEquals(-1, history.jitterNanos(TARGET));
        history.replied(TARGET, 1_160_000, wallNanos);
        assertEquals(160_000, history.jitterNanos(TARGET));
        history.replied(TARGET, 1_160_000, wallNanos);
        assertEquals(150_000, history.jitterNanos(TARGET));
        history.lost(TARGET, wallNanos);
        history.replied(TARGET, 1_000_000, wallNanos);
        assertEquals(150_625, history.jitterNanos(TARGET));
        for (int i = 0; i < 500; i++) {
            history.replied(TARGET, 1_000_000, wallNanos);
        }
        assertEquals(0, history.jitterNanos(TARGET));
    }

    /** Who shows a target behind another asks which of them changed first. */
    @Test
    void itIsKnownSinceWhenTheStatusIsWhatItIs() {
        history.replied(TARGET, 1_000, wallNanos);
        onErrList = true;
        lose(10);
        // The third loss made it down: the one that is 8 s old.
        assertEquals(8, sinceVerdictSeconds(), 0.07);
        history.replied(TARGET, 1_000, wallNanos);
        history.replied(TARGET, 1_000, wallNanos);
        assertEquals(0, sinceVerdictSeconds(), 0.07);
        pass(SECOND);
        history.replied(TARGET, 1_000, wallNanos);
        pass(4 * SECOND);
        assertEquals(5, sinceVerdictSeconds(), 0.07);
    }

    /** Whoever has been up for long must not seem to have just returned. */
    @Test
    void aClockThatIsSetMakesNoOldVerdictANewOne() {
        history.replied(TARGET, 1_000, wallNanos);
        pass(60 * SECOND);
        wallNanos -= 3_600 * SECOND;
        assertEquals(60, sinceVerdictSeconds(), 0.07);
        wallNanos += 7_200 * SECOND;
        assertEquals(60, sinceVerdictSeconds(), 0.07);
    }

    @ParameterizedTest
    @ValueSource(ints = {416, 418, 835, 8 * 365})
    void aVerdictStaysOldForYears(int days) {
        history.replied(TARGET, 1_000, wallNanos);
        pass(days * 86_400L * SECOND);
        assertEquals(days * 86_400.0, sinceVerdictSeconds(), 0.07);
    }
}
