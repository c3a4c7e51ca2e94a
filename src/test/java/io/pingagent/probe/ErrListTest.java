package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static io.pingagent.probe.EngineLab.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is on the err list, and what that changes. */
class ErrListTest {

    private final EngineLab lab = new EngineLab();

    @Test
    void oneLossIsEnoughByDefault() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        lab.run(999 * MILLI);
        assertFalse(lab.isListed(target));
        lab.run(10 * MILLI);
        assertTrue(lab.isListed(target));
        assertEquals(List.of(ErrListCause.LOST), lab.heard.causes);
    }

    @Test
    void entersAfterNLossesInARow() {
        EngineLab three = new EngineLab(new EngineOptions(1000, 3, 0.02, 3_600 * SECOND));
        int target = three.add(1);
        Set<Integer> answered = new HashSet<>(List.of(3));
        three.v4.network((request, answers) -> {
            if (answered.contains(request.sequence())) {
                answers.reply(MILLI);
            }
        });
        three.job(1, 2 * SECOND, target);
        three.run(8_500 * MILLI);
        assertEquals(4, three.settledCount(target));
        assertFalse(three.isListed(target), "two losses, a reply, one loss");
        three.run(4 * SECOND);
        assertTrue(three.isListed(target), "three losses in a row");
    }

    @Test
    void withoutAnErrListNobodyEnters() {
        EngineLab none = new EngineLab(new EngineOptions(1000, Integer.MAX_VALUE, 0.02, 3_600 * SECOND));
        int target = none.add(1);
        none.v4.network((request, answers) -> {});
        none.job(1, 100 * MILLI, target);
        none.run(100 * SECOND);
        assertFalse(none.isListed(target));
    }

    @Test
    void expiredKeyBeforeFirstProbeIsIgnored() {
        int target = lab.add(1);
        lab.enter(target, ErrListCause.EXPIRED);
        lab.run(10 * MILLI);
        assertFalse(lab.isListed(target));
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.probeOnce(target);
        lab.run(10 * MILLI);
        lab.run(22 * SECOND);
        lab.enter(target, ErrListCause.EXPIRED);
        lab.run(10 * MILLI);
        assertTrue(lab.isListed(target));
        assertEquals(List.of(ErrListCause.EXPIRED), lab.heard.causes);
    }

    /** As all keys do at once when the wall clock of the Redis host is set forward by a minute. */
    @Test
    void keyThatExpiresBeforeTheLastReplyIsOldIsIgnored() {
        int[] ids = lab.addMany(100);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(1, 10 * SECOND, ids);
        for (int i = 0; i < 8; i++) {
            lab.run(4 * SECOND);
            for (int id : ids) {
                lab.enter(id, ErrListCause.EXPIRED);
            }
        }
        lab.run(10 * MILLI);
        assertEquals(List.of(), lab.heard.causes);
    }

    @Test
    void keysMayExpireALittleEarlyBecauseClocksDiffer() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.probeOnce(target);
        lab.run(20_500 * MILLI);
        lab.enter(target, ErrListCause.EXPIRED);
        lab.run(10 * MILLI);
        assertFalse(lab.isListed(target));
        lab.run(300 * MILLI);
        lab.enter(target, ErrListCause.EXPIRED);
        lab.run(10 * MILLI);
        assertTrue(lab.isListed(target));
    }

    @Test
    void silenceRunsOnWhileTheMachineSleeps() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.probeOnce(target);
        lab.run(10 * SECOND);
        lab.time.sleep(Duration.ofSeconds(100));
        lab.run(10 * MILLI);
        long silentNanos = lab.table.silentNanos(target, lab.now() + lab.receiver.sleptNanos());
        EngineLab.assertNear(110 * SECOND, silentNanos, 50 * MILLI);
        lab.check();
        lab.run(15 * SECOND);
        lab.check();
        lab.run(10 * MILLI);
        assertFalse(lab.isListed(target), "it gets its TTL to answer after the sleep");
    }

    @Test
    void keysThatExpireWhileTheReceiverStoodStillAreIgnored() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.probeOnce(target);
        lab.run(10 * MILLI);
        lab.time.advance(Duration.ofSeconds(60));
        lab.enter(target, ErrListCause.EXPIRED);
        lab.check();
        lab.cycle();
        assertFalse(lab.isListed(target));
        lab.run(22 * SECOND);
        lab.check();
        lab.run(10 * MILLI);
        assertTrue(lab.isListed(target));
    }

    @Test
    void windowsFromBeforeALongPauseDoNotComeBack() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.enter(target, ErrListCause.BY_HAND);
        lab.errListEverySecond();
        lab.run(30 * SECOND);
        assertTrue(lab.settledCount(target) > 25);
        // The whole process stood still; 84 s later the windows' clock shows the same.
        lab.time.advance(Duration.ofSeconds(84));
        lab.receiver.cycle();
        assertTrue(lab.settledCount(target) <= 1, lab.settledCount(target) + " probes in the last 60 s");
    }

    @Test
    void windowsFromBeforeASleepDoNotComeBack() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.enter(target, ErrListCause.BY_HAND);
        lab.errListEverySecond();
        lab.run(30 * SECOND);
        lab.time.sleep(Duration.ofSeconds(40));
        lab.run(10 * MILLI);
        EngineLab.assertNear(20, lab.settledCount(target), 2);
        lab.time.sleep(Duration.ofSeconds(84));
        lab.run(10 * MILLI);
        assertTrue(lab.settledCount(target) <= 1, lab.settledCount(target) + " probes in the last 60 s");
    }

    @Test
    void entryByHandIsHonouredBeforeTheFirstProbe() {
        int target = lab.add(1);
        lab.enter(target, ErrListCause.BY_HAND);
        lab.run(10 * MILLI);
        assertTrue(lab.isListed(target));
    }

    @Test
    void checkFindsSilentTarget() {
        EngineLab patient = new EngineLab(new EngineOptions(1000, 100, 0.02, 3_600 * SECOND));
        int silent = patient.add(1);
        int alive = patient.add(2);
        patient.v4.network((request, answers) -> {
            if (request.low() != EngineLab.address(1).low() || request.sequence() <= 2) {
                answers.reply(MILLI);
            }
        });
        patient.job(1, 10 * SECOND, silent, alive);
        // Answered for the last time at 10 s, so silent for longer than 21 s from 31 s on.
        for (int i = 0; i < 6; i++) {
            patient.run(5 * SECOND);
            patient.check();
            patient.cycle();
            assertFalse(patient.isListed(silent), "after " + (i + 1) * 5 + " s");
        }
        patient.run(5 * SECOND);
        patient.check();
        patient.run(10 * MILLI);
        assertTrue(patient.isListed(silent));
        assertFalse(patient.isListed(alive));
        assertEquals(List.of(ErrListCause.SILENT), patient.heard.causes);
    }

    @Test
    void checkFindsTargetThatNeverAnswered() {
        EngineLab patient = new EngineLab(new EngineOptions(1000, 100, 0.02, 3_600 * SECOND));
        int target = patient.add(1);
        patient.run(60 * SECOND);
        patient.check();
        patient.cycle();
        assertFalse(patient.isListed(target), "no job has probed it yet");
        patient.v4.network((request, answers) -> {});
        patient.job(1, 10 * SECOND, target);
        patient.run(20 * SECOND);
        patient.check();
        patient.cycle();
        assertFalse(patient.isListed(target), "its TTL runs from the first probe");
        patient.run(2 * SECOND);
        patient.check();
        patient.run(10 * MILLI);
        assertTrue(patient.isListed(target));
    }

    @Test
    void leavesOnlyAfterAWholeReviewPeriod() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.errListEverySecond();
        lab.enter(target, ErrListCause.BY_HAND);
        lab.run(30 * SECOND);
        lab.review();
        lab.run(60 * SECOND);
        assertTrue(lab.isListed(target), "was on the list for half a period only");
        lab.review();
        lab.run(10 * MILLI);
        assertFalse(lab.isListed(target));
        assertEquals(List.of(target), lab.heard.left);
    }

    @Test
    void enteringAnewStartsAnewReviewPeriod() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.errListEverySecond();
        for (int i = 0; i < 2; i++) {
            lab.enter(target, ErrListCause.BY_HAND);
            lab.run(SECOND);
            lab.review();
            lab.run(59 * SECOND);
            assertTrue(lab.isListed(target));
            lab.review();
            lab.run(SECOND);
            assertFalse(lab.isListed(target));
        }
    }

    @Test
    void staysWhenNothingWasProbed() {
        int target = lab.add(1);
        lab.enter(target, ErrListCause.BY_HAND);
        for (int i = 0; i < 4; i++) {
            lab.run(60 * SECOND);
            lab.review();
        }
        lab.run(10 * MILLI);
        assertTrue(lab.isListed(target));
    }

    @Test
    void oneLossInSixtyIsBelowTwoPercent() {
        assertTrue(leavesWithLosses(1, 60, -1));
    }

    @Test
    void oneLossInFiftyIsTwoPercentAndNotBelow() {
        assertFalse(leavesWithLosses(1, 50, -1));
    }

    @Test
    void noLossLeaves() {
        assertTrue(leavesWithLosses(0, 60, -1));
    }

    @Test
    void allowedLossCountsPackets() {
        assertTrue(leavesWithLosses(5, 60, 5));
        assertFalse(leavesWithLosses(6, 60, 5));
        assertTrue(leavesWithLosses(0, 60, 0));
        assertFalse(leavesWithLosses(2, 60, 0));
    }

    @Test
    void recoverLossHoldsAlsoWhereAllowedLossIsStricter() {
        // "below recover-loss, or not above the job's allowedloss": either lets it go.
        assertTrue(leavesWithLosses(1, 60, 0));
    }

    /** The last 60 s hold this many probes, of which so many were lost. */
    private static boolean leavesWithLosses(int lost, int probes, int allowedLoss) {
        EngineLab lab = new EngineLab();
        int target = lab.add(IpAddress.v4(1), new TargetSettings(21_000, allowedLoss, SECOND));
        lab.v4.network((request, answers) -> {
            if (request.sequence() > lost) {
                answers.reply(MILLI);
            }
        });
        lab.enter(target, ErrListCause.BY_HAND);
        lab.cycle();
        lab.review();
        for (int i = 0; i < probes; i++) {
            lab.commands.add(new EngineCommand.ErrListRoundDue(lab.now(), SECOND));
            lab.run(900 * MILLI);
        }
        lab.run(SECOND);
        assertEquals(probes, lab.settledCount(target));
        assertEquals(probes - lost, lab.answeredCount(target));
        lab.review();
        lab.run(10 * MILLI);
        return !lab.isListed(target);
    }

    @Test
    void probedEverySecondInsteadOfByItsJobsWhileListed() {
        int[] ids = lab.addMany(30);
        int listed = ids[7];
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(1, 10 * SECOND, ids);
        lab.job(2, 5 * SECOND, listed);
        lab.errListEverySecond();
        lab.run(9_900 * MILLI);
        assertEquals(3, lab.sendTimes(listed).size());
        lab.enter(listed, ErrListCause.BY_HAND);
        lab.run(2 * SECOND);
        lab.v4.forgetSent();
        lab.run(20 * SECOND);
        List<Long> times = lab.sendTimes(listed);
        assertEquals(20, times.size());
        for (int i = 1; i < times.size(); i++) {
            assertNear(SECOND, times.get(i) - times.get(i - 1), 5 * MILLI);
        }
        assertEquals(2, lab.sendTimes(ids[8]).size(), "the others go on at their own cadence");
        lab.forward(EventRing.LEAVE_ERR_LIST, 0, listed);
        lab.run(10 * MILLI);
        lab.v4.forgetSent();
        lab.run(20 * SECOND);
        assertEquals(6, lab.sendTimes(listed).size());
        assertEquals(0, lab.sender.errListSize());
    }

    @Test
    void removedTargetLeavesTheWheelEvenIfItEnteredMeanwhile() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.errListEverySecond();
        lab.probeOnce(target);
        lab.receiver.cycle();
        lab.install(99, SECOND, SECOND);
        lab.time.advance(Duration.ofMillis(999));
        lab.receiver.cycle();
        lab.time.advance(Duration.ofMillis(2));
        // The sender takes the removal while the receiver, which has not heard of it, finds the probe lost.
        lab.remove(target);
        EngineCommand remove = lab.commands.poll();
        assertTrue(remove instanceof EngineCommand.InstallJob);
        remove = lab.commands.poll();
        lab.receiver.cycle();
        assertTrue(lab.isListed(target));
        lab.commands.add(remove);
        // Its removal reaches the sender first, then the change of the list.
        lab.sender.cycle();
        lab.run(SECOND);
        lab.v4.forgetSent();
        lab.run(5 * SECOND);
        assertEquals(List.of(), lab.sendTimes(target));
        assertEquals(0, lab.sender.errListSize());
        assertFalse(lab.isListed(target));
    }

    @Test
    void recoversAtTheSecondReviewAfterAnOutage() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(5 * MILLI));
        lab.job(1, 10 * SECOND, target);
        lab.errListEverySecond();
        boolean[] down = {false};
        lab.v4.network((request, answers) -> {
            if (!down[0]) {
                answers.reply(5 * MILLI);
            }
        });
        lab.run(25 * SECOND);
        down[0] = true;
        lab.run(11 * SECOND + 10 * MILLI);
        assertTrue(lab.isListed(target), "cadence and timeout after the outage began");
        lab.run(30 * SECOND);
        down[0] = false;
        int reviews = 0;
        while (lab.isListed(target) && reviews < 5) {
            lab.run(60 * SECOND);
            lab.review();
            lab.run(10 * MILLI);
            reviews++;
        }
        assertTrue(reviews <= 2, "left after " + reviews + " reviews");
    }

    @Test
    void everyEntryIsHeardOfOnce() {
        int[] ids = lab.addMany(20_000);
        lab.v4.network((request, answers) -> {});
        lab.job(1, SECOND, ids);
        lab.errListEverySecond();
        lab.run(5 * SECOND);
        // More than the ring of changes holds: the rest follows in later cycles.
        assertEquals(20_000, lab.heard.causes.size());
        assertEquals(20_000, lab.sender.errListSize());
    }

    @Test
    void overloadIsNobodysSilence() {
        EngineLab slow = new EngineLab(new EngineOptions(10, 1, 0.02, 3_600 * SECOND));
        int[] targets = slow.addMany(300);
        slow.v4.network((request, answers) -> answers.reply(MILLI));
        slow.job(1, 10 * SECOND, targets);
        for (int i = 0; i < 40; i++) {
            slow.run(5 * SECOND);
            slow.check();
        }
        assertTrue(slow.count(Counter.OVERRUN) > 5);
        assertEquals(0, slow.count(Counter.LOST));
        assertTrue(slow.heard.causes.isEmpty());
    }
}
