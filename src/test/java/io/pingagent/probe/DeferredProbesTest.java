package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.SendErrors;
import io.pingagent.probe.queue.DeferredProbes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeferredProbesTest {

    private final EngineLab lab = new EngineLab();

    /** Gaps between the probes of a target within the last so many nanoseconds. */
    private void assertKeepsCadence(int target, long intervalNanos, int probes) {
        List<Long> times = lab.sendTimes(target);
        assertEquals(probes, times.size(), "probes of target " + target);
        for (int i = 1; i < times.size(); i++) {
            EngineLab.assertNear(intervalNanos, times.get(i) - times.get(i - 1), 25 * MILLI);
        }
    }

    @Test
    void fullSocketsOfSilentAddressesHoldUpNobodyWhoAnswers() {
        int[] live = {lab.add(1), lab.add(2)};
        int[] dead = {lab.add(300), lab.add(301)};
        lab.v4.network((request, answers) -> {
            if (request.low() < EngineLab.address(300).low()) {
                answers.reply(MILLI);
            }
        });
        lab.job(1, SECOND, live);
        lab.job(2, SECOND, dead);
        lab.errListEverySecond();
        lab.run(5 * SECOND);
        assertTrue(lab.isListed(dead[0]) && lab.isListed(dead[1]));
        long lost = lab.count(Counter.LOST);
        lab.v4.fullGroups(false, true);
        lab.v4.forgetSent();
        lab.run(10 * SECOND);
        for (int target : live) {
            assertKeepsCadence(target, SECOND, 10);
        }
        assertEquals(List.of(), lab.sendTimes(dead[0]));
        assertEquals(0, lab.count(Counter.OVERRUN));
        assertTrue(lab.count(Counter.LOST) <= lost + 2, "what was in flight may be lost, what was not sent may not");
        assertTrue(lab.count(Counter.SEND_OMITTED) >= 16);
        assertEquals(lab.count(Counter.SEND_OMITTED), lab.heard.unsent);

        lab.v4.fullGroups(false, false);
        lab.v4.forgetSent();
        lab.run(10 * SECOND);
        EngineLab.assertNear(10, lab.sendTimes(dead[0]).size(), 1);
    }

    @Test
    void blockedWayHoldsUpOnlyItsOwnAddresses() {
        int blocked = lab.add(1);
        // The same /24: a point-to-point link beside it, for example.
        int elsewhere = lab.add(3);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(1, SECOND, blocked, elsewhere);
        lab.run(3 * SECOND);
        lab.v4.failSendsTo(0, EngineLab.address(1).low(), SendErrors.ENOBUFS);
        lab.v4.forgetSent();
        lab.run(10 * SECOND);
        assertKeepsCadence(elsewhere, SECOND, 10);
        assertEquals(List.of(), lab.sendTimes(blocked));
        assertEquals(0, lab.count(Counter.LOST));
        assertFalse(lab.isListed(blocked));
        lab.v4.failSendsTo(0, EngineLab.address(1).low(), 0);
        lab.run(SECOND);
        assertTrue(lab.sendTimes(blocked).size() >= 1);
    }

    @Test
    void removedAddressIsNotSentFromTheQueue() {
        int blocked = lab.add(1);
        lab.v4.failSendsTo(0, EngineLab.address(1).low(), SendErrors.ENOBUFS);
        lab.job(1, SECOND, blocked);
        lab.run(3 * SECOND);
        lab.silence(1);
        lab.commands.add(new EngineCommand.RemoveJob(1));
        lab.remove(blocked);
        lab.run(SECOND);
        lab.v4.failSendsTo(0, EngineLab.address(1).low(), 0);
        lab.run(3 * SECOND);
        assertEquals(List.of(), lab.v4.sent());
    }

    @Test
    void probesOfAGroupAreSentInTheOrderInWhichTheyBecameDue() {
        DeferredProbes deferred = new DeferredProbes();
        for (int target = 1; target <= 40; target++) {
            assertTrue(deferred.defer(SendErrors.EAGAIN, 1, 0, target, 0, 0));
        }
        assertFalse(deferred.defer(SendErrors.EAGAIN, 1, 0, 7, 0, 0), "one of each address waits");
        List<Integer> sent = new ArrayList<>();
        DeferredProbes.Attempt room = new DeferredProbes.Attempt() {
            @Override
            public int send(int targetId, int timeoutClass) {
                return sent.size() < 15 && sent.add(targetId) ? 0 : SendErrors.EAGAIN;
            }

            @Override
            public int path(int targetId) {
                return 0;
            }
        };
        deferred.retry(MILLI, 100, room);
        assertTrue(deferred.isFull(1));
        assertEquals(15, sent.size());
        assertEquals(15, sent.get(14));
        assertEquals(2 * MILLI, deferred.nextNanos());
    }

    @Test
    void whatWaitsForRoomAndThenForItsWayWaitsThere() {
        DeferredProbes deferred = new DeferredProbes();
        deferred.defer(SendErrors.EAGAIN, 0, 5, 1, 0, 0);
        DeferredProbes.Attempt blocked = new DeferredProbes.Attempt() {
            @Override
            public int send(int targetId, int timeoutClass) {
                return SendErrors.ENOBUFS;
            }

            @Override
            public int path(int targetId) {
                return 5;
            }
        };
        deferred.retry(MILLI, 100, blocked);
        assertFalse(deferred.isFull(0));
        assertFalse(deferred.isEmpty());
        assertEquals(2 * MILLI, deferred.nextNanos());
    }
}
