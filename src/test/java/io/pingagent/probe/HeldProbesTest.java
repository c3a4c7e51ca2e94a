package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.probe.queue.DeferredProbes;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetWord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits in a queue of this machine says nothing about the address. */
class HeldProbesTest {

    private static final long TTL_NANOS = EngineLab.SETTINGS.ttlMillis() * MILLI;
    private static final long RTT_NANOS = 5 * MILLI;

    private final EngineLab lab = new EngineLab();
    private final int target;
    private long heldNanos;
    private boolean isDead;

    HeldProbesTest() {
        // Negative, as half of all random ones are.
        lab.firstSequence = 0x9abc_def0;
        target = lab.add(1);
    }

    /** One probe a second; the queue is a little slow, so that it is known. */
    private void slowQueueIsKnown() {
        lab.v4.network((request, answers) -> {
            if (!isDead) {
                answers.reply(Math.max(0, heldNanos) + RTT_NANOS);
            }
        });
        lab.v4.holdInQueue(request -> heldNanos);
        heldNanos = 2 * HeldProbes.SLOW_NANOS;
        lab.job(1, SECOND, target);
        lab.run(5 * SECOND);
        assertTrue(lab.held.isAnyWatched());
        assertEquals(0, lab.count(Counter.LATE));
    }

    @Test
    void probeThatStillWaitsAtItsTimeoutIsNoLoss() {
        slowQueueIsKnown();
        heldNanos = 3 * SECOND;
        lab.run(3 * TTL_NANOS);
        assertEquals(0, lab.count(Counter.LOST));
        assertTrue(lab.count(Counter.SEND_HELD) > 50);
        assertEquals(lab.count(Counter.SEND_HELD), lab.count(Counter.INVALIDATED));
        assertFalse(lab.isListed(target));
    }

    @Test
    void lateRepliesKeepAnAddressFromBeingSilent() {
        slowQueueIsKnown();
        heldNanos = 3 * SECOND;
        for (int i = 0; i < 10; i++) {
            lab.run(TTL_NANOS / 2);
            lab.events.offer(EventRing.CHECK, 0, 0, 0, 0);
            lab.events.offer(EventRing.ENTER_ERR_LIST, ErrListCause.EXPIRED.ordinal(), target, 0, 0);
        }
        lab.run(SECOND);
        assertFalse(lab.isListed(target));
    }

    @Test
    void probeThatLeftTooLateForAReplyIsNoLoss() {
        slowQueueIsKnown();
        heldNanos = SECOND - 2 * MILLI;
        lab.run(10 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        assertTrue(lab.count(Counter.SEND_HELD) >= 9);
    }

    @Test
    void probeThatLeftInTimeForAReplyIsLost() {
        slowQueueIsKnown();
        isDead = true;
        lab.run(3 * SECOND);
        assertTrue(lab.count(Counter.LOST) >= 1);
        assertEquals(0, lab.count(Counter.SEND_HELD));
        assertEquals(List.of(ErrListCause.LOST), lab.heard.causes);
    }

    @Test
    void probeThatWaitsForANeighbourIsLost() {
        slowQueueIsKnown();
        isDead = true;
        heldNanos = -1;
        lab.run(3 * SECOND);
        assertEquals(0, lab.count(Counter.SEND_HELD));
        assertTrue(lab.isListed(target));
    }

    @Test
    void deadAddressIsDownWhateverTheQueue() {
        slowQueueIsKnown();
        isDead = true;
        heldNanos = 3 * SECOND;
        lab.run(TTL_NANOS);
        assertFalse(lab.isListed(target));
        lab.run(20 * SECOND);
        assertTrue(lab.isListed(target));
    }

    @Test
    void queueThatIsFastAgainIsNotWatchedForLong() {
        slowQueueIsKnown();
        heldNanos = MILLI;
        lab.run(HeldProbes.WATCH_NANOS + 2 * SECOND);
        assertFalse(lab.held.isAnyWatched());
        assertEquals(0, lab.count(Counter.LOST));
    }

    /** So those that answer keep theirs. */
    @Test
    void slowAddressesHaveTheSocketsOfTheSilentOnes() {
        slowQueueIsKnown();
        lab.v4.fullGroups(true, false);
        lab.v4.forgetSent();
        lab.run(3 * SECOND);
        assertEquals(3, lab.v4.sent().size());
        lab.v4.fullGroups(false, false);
        heldNanos = MILLI;
        lab.run(2 * SECOND);
        lab.v4.fullGroups(false, true);
        lab.v4.forgetSent();
        lab.run(3 * SECOND);
        assertEquals(3, lab.v4.sent().size());
    }

    @Test
    void busyMachineIsNotMadeBusierByStamps() {
        slowQueueIsKnown();
        int[] more = new int[200];
        for (int i = 0; i < more.length; i++) {
            more[i] = lab.add(10 + i);
        }
        heldNanos = MILLI;
        lab.install(2, 10 * MILLI, SECOND, more);
        lab.cycle();
        long before = lab.v4.queueStampsAsked();
        for (int i = 0; i < 200; i++) {
            lab.fire(2);
            lab.run(10 * MILLI);
        }
        long asked = lab.v4.queueStampsAsked() - before;
        assertTrue(asked > 19_000 && asked <= 30_000, () -> asked + " of 40,000 probes in 2 s");
        assertTrue(lab.v4.sent().size() > 39_000, () -> lab.v4.sent().size() + " probes");
    }

    @Test
    void anotherPathIsNotWatched() {
        slowQueueIsKnown();
        int path = DeferredProbes.path(lab.table.page(target), target);
        for (int other = 0; other < DeferredProbes.PATHS; other++) {
            assertEquals(other == path, lab.held.isWatched(other));
        }
    }

    @Test
    void probeUnderWayWhenTheQueueBecomesKnownIsNoLoss() {
        int other = lab.add(2);
        lab.v4.network((request, answers) -> {
            if (TargetWord.targetId(request.cookie()) != other) {
                answers.reply(heldNanos + RTT_NANOS);
            }
        });
        lab.v4.holdInQueue(request -> TargetWord.targetId(request.cookie()) == other ? -1 : heldNanos);
        // The other one is sent before the first late stamp.
        heldNanos = 900 * MILLI;
        lab.job(1, SECOND, target, other);
        lab.run(1_900 * MILLI);
        assertEquals(1, lab.count(Counter.SEND_HELD), "nobody can say whether it waited in the queue");
        assertEquals(0, lab.count(Counter.LOST));
        lab.run(2 * SECOND);
        assertEquals(1, lab.count(Counter.SEND_HELD));
        assertTrue(lab.isListed(other), "later ones wait for a neighbour");
    }

    private boolean isNewestHeld() {
        TargetTable.Page page = lab.table.page(target);
        return lab.held.isHeld(
                page, target, target, page.newestSequence[target], lab.clock.monotonicNanos(), SECOND, SECOND);
    }

    @Test
    void whatIsKnownOfARemovedTargetIsForgotten() {
        slowQueueIsKnown();
        heldNanos = 3 * SECOND;
        lab.run(3 * SECOND);
        assertTrue(isNewestHeld());
        lab.held.forget(target);
        assertFalse(isNewestHeld());
    }
}
