package io.pingagent.agent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pingagent.base.NanoClock;
import io.pingagent.model.AddressStatus;
import io.pingagent.zabbix.BridgeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A host behind a switch behind a router. */
class LiveVerdictsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int ROUTER = 0;
    private static final int SWITCH = 1;
    private static final int HOST = 2;

    private long wallNanos = 1_700_000_000L * SECOND;
    private long monotonicNanos = 40 * SECOND;

    private final Set<Integer> onErrList = new HashSet<>();
    /** When each answered last, monotonic. */
    private final Map<Integer, Long> answeredNanos = new HashMap<>();

    private final List<Integer> asked = new ArrayList<>();

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

    private final LiveVerdicts.Probed engine = new LiveVerdicts.Probed() {
        @Override
        public boolean isOnErrList(int targetId) {
            return onErrList.contains(targetId);
        }

        @Override
        public long silentNanos(int targetId) {
            Long answered = answeredNanos.get(targetId);
            return answered == null ? Long.MAX_VALUE : monotonicNanos - answered;
        }

        @Override
        public long lastRttNanos(int targetId) {
            return answeredNanos.containsKey(targetId) ? 1_000 : -1;
        }

        @Override
        public long timeoutNanos(int targetId) {
            return SECOND;
        }

        @Override
        public void ask(int targetId) {
            asked.add(targetId);
        }
    };

    private AddressHistory history;

    private final LiveVerdicts verdicts = new LiveVerdicts(
            engine,
            new ProbeFeed() {
                @Override
                public void history(AddressHistory made) {
                    history = made;
                }

                @Override
                public boolean isIsolationSuspected() {
                    return false;
                }
            },
            new BridgeSettings.Thresholds(3, 3, Duration.ZERO),
            4 * SECOND,
            targetId -> targetId - 1,
            clock);

    LiveVerdictsTest() {
        verdicts.follow(new StatusChanges() {
            @Override
            public void wentDown(int targetId) {}

            @Override
            public void foundDown(int targetId) {}

            @Override
            public void cameUp(int targetId) {}

            @Override
            public void removed(int targetId) {}
        });
    }

    private void pass(double seconds) {
        wallNanos += Math.round(seconds * SECOND);
        monotonicNanos += Math.round(seconds * SECOND);
    }

    private void answers(int... targetIds) {
        for (int target : targetIds) {
            answeredNanos.put(target, monotonicNanos);
            history.replied(target, 1_000, wallNanos);
        }
    }

    private void isUp(int targetId) {
        for (int i = 0; i < 3; i++) {
            answers(targetId);
        }
        onErrList.remove(targetId);
    }

    private void goesDown(int targetId) {
        onErrList.add(targetId);
        for (int i = 0; i < 3; i++) {
            history.lost(targetId, wallNanos);
        }
    }

    private void allAreUpFor(double seconds) {
        answers(ROUTER, SWITCH, HOST);
        pass(seconds);
    }

    @Test
    void whoeverIsDownBehindADeadParentIsBehindIt() {
        allAreUpFor(60);
        goesDown(HOST);
        goesDown(ROUTER);
        assertEquals(AddressStatus.BEHIND_DEAD_PARENT, verdicts.status(HOST));
        assertEquals(AddressStatus.UP, verdicts.status(SWITCH));
        assertEquals(AddressStatus.DOWN, verdicts.status(ROUTER));
    }

    @Test
    void whoeverIsDownWhileItsParentAnswersIsDown() {
        allAreUpFor(60);
        goesDown(HOST);
        pass(1);
        answers(SWITCH);
        assertEquals(AddressStatus.DOWN, verdicts.status(HOST));
        assertEquals(List.of(), asked);
    }

    /** It is often down before its parent, which a slow job has not probed yet. */
    @Test
    void whoeverIsDownIsShownAsBeforeUntilItsParentsWereAsked() {
        allAreUpFor(60);
        goesDown(HOST);
        assertEquals(AddressStatus.UP, verdicts.status(HOST));
        assertEquals(List.of(SWITCH, ROUTER), asked);
        pass(1);
        assertEquals(AddressStatus.UP, verdicts.status(HOST));
        assertEquals(2, asked.size(), "they are asked at the interval of the err list until they answer");
        pass(3);
        verdicts.status(HOST);
        assertEquals(4, asked.size());
    }

    @Test
    void theWaitForAParentIsBounded() {
        allAreUpFor(60);
        goesDown(HOST);
        pass(6.8);
        assertEquals(AddressStatus.UP, verdicts.status(HOST));
        pass(0.4);
        assertEquals(AddressStatus.DOWN, verdicts.status(HOST));
    }

    @Test
    void whoeverNeverAnsweredHasNoStatusMeanwhile() {
        answers(ROUTER, SWITCH);
        pass(60);
        goesDown(HOST);
        assertNull(verdicts.status(HOST));
    }

    @Test
    void behindAParentThatHasJustReturnedThereIsTimeToAnswer() {
        allAreUpFor(60);
        goesDown(SWITCH);
        goesDown(HOST);
        pass(10);
        isUp(SWITCH);
        pass(4.8);
        answers(SWITCH);
        assertEquals(AddressStatus.BEHIND_DEAD_PARENT, verdicts.status(HOST));
        pass(0.3);
        assertEquals(AddressStatus.DOWN, verdicts.status(HOST));
    }

    /** A parent that has been up for long was taken for one that had just returned. */
    @Test
    void aClockThatIsSetBackHidesNoOutage() {
        allAreUpFor(600);
        wallNanos -= 3_600 * SECOND;
        goesDown(HOST);
        pass(20);
        answers(SWITCH, ROUTER);
        assertEquals(AddressStatus.DOWN, verdicts.status(HOST));
    }

    @Test
    void aClockThatIsSetBackDuringAnOutageHidesItNeither() {
        allAreUpFor(600);
        goesDown(HOST);
        pass(20);
        wallNanos -= 30 * SECOND;
        answers(SWITCH, ROUTER);
        assertEquals(AddressStatus.DOWN, verdicts.status(HOST));
    }

    @Test
    void aParentThatIsUpForYearsHidesNoOutage() {
        allAreUpFor(420 * 86_400.0);
        goesDown(HOST);
        pass(20);
        answers(SWITCH, ROUTER);
        assertEquals(AddressStatus.DOWN, verdicts.status(HOST));
    }
}
