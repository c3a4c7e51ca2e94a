package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.EchoKey;
import io.pingagent.icmp.FakeIcmpSocket;
import io.pingagent.icmp.IcmpOptions;
import io.pingagent.icmp.TestOptions;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetWord;
import io.pingagent.probe.validity.DropCredit;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies that this machine may have lost are no losses of the targets, and outages are found all the same. */
class SampleValidityTest {

    private final EngineLab lab = new EngineLab();
    /** An address without a reply for its TTL and 15 s is down whatever the excuses. */
    private static final long DOWN_NANOS = 36 * SECOND;

    private boolean isDropping;

    /** Replies after 5 ms, or the kernel drops them. */
    private void dropWhileToldTo() {
        lab.v4.network((request, answers) -> {
            if (isDropping) {
                lab.v4.kernelDrops(lab.v4.sent().size());
            } else {
                answers.reply(5 * MILLI);
            }
        });
    }

    @Test
    void droppedReplyIsNoLoss() {
        int target = lab.add(1);
        dropWhileToldTo();
        isDropping = true;
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(List.of(target), lab.heard.invalidatedTargets);
        assertEquals(1, lab.count(Counter.INVALIDATED));
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(0, lab.settledCount(target));
        assertEquals(1, lab.unknownCount(target));
        assertEquals(0, lab.receiver.openProbes());
        assertFalse(lab.isListed(target));
        assertFalse(lab.table.has(target, TargetTable.JUDGEABLE));
    }

    @Test
    void dropsAreNoticedThoughNothingMoreIsReceived() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        lab.run(500 * MILLI);
        lab.v4.kernelDrops(1);
        lab.run(600 * MILLI);
        assertEquals(1, lab.count(Counter.INVALIDATED));
        assertEquals(1, lab.v4.kernelDrops());
    }

    @Test
    void dropsBeforeTheProbeAreNoExcuse() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.v4.kernelDrops(7);
        lab.run(20 * MILLI);
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(1, lab.count(Counter.LOST));
        assertTrue(lab.isListed(target));
    }

    @Test
    void dropsOfOneFamilyAreNoExcuseForTheOther() {
        int v4 = lab.add(1);
        int v6 = lab.add(IpAddress.v6(1, 1, 0), EngineLab.SETTINGS);
        lab.v4.network((request, answers) -> {});
        lab.v6.network((request, answers) -> {});
        lab.probeOnce(v4);
        lab.probeOnce(v6);
        lab.run(500 * MILLI);
        lab.v4.kernelDrops(1);
        lab.run(SECOND);
        assertTrue(lab.isListed(v6));
        assertEquals(List.of(v4), lab.heard.invalidatedTargets);
    }

    @Test
    void wrongChecksumsOfIpV6AreNoExcuseButAFullBufferIs() {
        IcmpOptions options = TestOptions.of(new IcmpOptions.Buffers(1 << 20, 32, 256));
        FakeIcmpSocket v6 =
                new FakeIcmpSocket(true, options, EchoKey.random(), 1, lab.time::wallNanos, lab.time::monotonicNanos);
        DropCredit credit = new DropCredit(v6, lab.now());
        v6.kernelDrops(40);
        credit.received(100);
        credit.look(lab.clock, () -> 50, SECOND);
        assertFalse(credit.use(lab.now()));
        credit.received(200);
        credit.look(lab.clock, () -> 50, SECOND);
        assertFalse(credit.use(lab.now()), "what was read earlier does not matter");
        v6.kernelDrops(41);
        credit.received(200);
        credit.replied();
        credit.look(lab.clock, () -> 50, SECOND);
        assertTrue(credit.use(lab.now()));
    }

    /** The kernel drops replies at once, the receiver takes note of probes once per cycle. */
    @Test
    void dropsSeenBeforeTheirProbesExcuseThemToo() {
        int[] ids = lab.addMany(20);
        lab.v4.network((request, answers) -> lab.v4.kernelDrops(lab.v4.sent().size()));
        lab.install(1, MILLI, SECOND, ids);
        lab.run(20 * MILLI);
        lab.fire(1);
        lab.time.advanceNanos(20 * MILLI);
        lab.v4.beforeRefreshOfDrops(() -> {
            for (int i = 0; i < 40; i++) {
                lab.time.advanceNanos(MILLI / 10);
                lab.sender.cycle();
            }
        });
        lab.receiver.cycle();
        lab.v4.beforeRefreshOfDrops(() -> {});
        assertEquals(20, lab.v4.sent().size());
        lab.run(2 * SECOND);
        assertEquals(20, lab.count(Counter.INVALIDATED));
        assertEquals(0, lab.count(Counter.LOST));
    }

    @Test
    void oneDropExcusesOneProbe() {
        int[] ids = lab.addMany(20);
        lab.v4.network((request, answers) -> {});
        lab.install(1, 100 * MILLI, SECOND, ids);
        lab.fire(1);
        lab.run(500 * MILLI);
        lab.v4.kernelDrops(3);
        lab.run(SECOND);
        assertEquals(3, lab.count(Counter.INVALIDATED));
        assertEquals(17, lab.heard.causes.size());
    }

    /** Half of all replies are lost on the way, and the buffer drops one packet a second. */
    @Test
    void fewDropsDoNotHideMuchLoss() {
        EngineLab lossy = new EngineLab(new EngineOptions(1_000, 100, 0.02, 3_600 * SECOND));
        int[] ids = lossy.addMany(50);
        lossy.v4.network((request, answers) -> {
            if (request.sequence() % 2 == 0) {
                answers.reply(5 * MILLI);
            }
        });
        lossy.job(1, 10 * SECOND, ids);
        for (int i = 0; i < 120; i++) {
            lossy.run(SECOND);
            lossy.v4.kernelDrops(i);
        }
        int settled = 0;
        int answered = 0;
        int unknown = 0;
        for (int id : ids) {
            settled += lossy.settledCount(id);
            answered += lossy.answeredCount(id);
            unknown += lossy.unknownCount(id);
        }
        assertEquals(300, settled + unknown, 5);
        assertEquals(150, answered, 5);
        assertTrue(unknown <= 60, unknown + " excused in a minute");
    }

    /** Of a flood, the kernel drops what stood at the end of the queue, whoever sent it. */
    @Test
    void droppedPacketsOfAFloodAreRarelyReplies() {
        DropCredit credit = new DropCredit(lab.v4, lab.now());
        int used = 0;
        for (int i = 1; i <= 100; i++) {
            // A hundred packets dropped of five hundred; one of those read was a reply.
            lab.v4.kernelDrops(100L * i);
            credit.received(400);
            credit.replied();
            credit.look(lab.clock, () -> 50, SECOND);
            while (credit.use(lab.now())) {
                used++;
            }
            lab.time.advanceNanos(10 * MILLI);
        }
        EngineLab.assertNear(50, used, 2);
    }

    @Test
    void creditOfLongAgoIsOfUseToNobody() {
        DropCredit credit = new DropCredit(lab.v4, lab.now());
        for (int i = 1; i <= 1_000; i++) {
            lab.v4.kernelDrops(i);
            credit.look(lab.clock, () -> 100_000, SECOND);
            lab.time.advanceNanos(100 * MILLI);
        }
        long sentNanos = lab.now() - SECOND;
        int used = 0;
        while (credit.use(sentNanos)) {
            used++;
        }
        EngineLab.assertNear(10, used, 1);
    }

    @Test
    void outageIsFoundByTheFirstProbeAfterTheDrops() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.job(1, 2 * SECOND, target);
        lab.run(100 * MILLI);
        lab.v4.kernelDrops(1);
        lab.run(1_800 * MILLI);
        assertFalse(lab.isListed(target));
        lab.run(1_200 * MILLI);
        assertTrue(lab.isListed(target));
        assertEquals(List.of(ErrListCause.LOST), lab.heard.causes);
    }

    @Test
    void outageIsFoundThoughTheDropsNeverEnd() {
        int[] ids = lab.addMany(20);
        lab.v4.network((request, answers) -> {
            lab.v4.kernelDrops(lab.v4.sent().size());
            // Every second reply of the live ones is dropped.
            if (TargetWord.targetId(request.cookie()) != ids[3] && request.sequence() % 2 == 0) {
                answers.reply(5 * MILLI);
            }
        });
        lab.job(1, 2 * SECOND, ids);
        lab.run(DOWN_NANOS);
        assertEquals(List.of(), lab.heard.causes);
        lab.run(4 * SECOND);
        assertTrue(lab.isListed(ids[3]));
        assertEquals(1, lab.heard.causes.size());
        assertEquals(
                lab.count(Counter.LOST),
                lab.heard.lostTargets.stream().filter(id -> id == ids[3]).count());
    }

    @Test
    void silenceUnderEndlessDropsIsListedByTheCheckAlone() {
        EngineLab patient = new EngineLab(new EngineOptions(1_000, 100, 0.02, 3_600 * SECOND));
        int target = patient.add(1);
        patient.v4.network((request, answers) -> {
            patient.v4.kernelDrops(patient.v4.sent().size());
        });
        patient.job(1, 10 * SECOND, target);
        for (int i = 0; i < 7; i++) {
            patient.run(5 * SECOND);
            patient.check();
        }
        patient.run(10 * MILLI);
        assertEquals(List.of(), patient.heard.causes, "after 35 s");
        assertEquals(0, patient.count(Counter.LOST));
        patient.run(5 * SECOND);
        patient.check();
        patient.run(10 * MILLI);
        assertEquals(List.of(ErrListCause.SILENT), patient.heard.causes);
    }

    @Test
    void refusalByARouterIsALossWhateverWasDropped() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {
            lab.v4.kernelDrops(1);
            answers.error(3, 1, 0, 0x0a0000fe, 20 * MILLI);
        });
        lab.probeOnce(target);
        lab.run(100 * MILLI);
        assertTrue(lab.isListed(target));
    }

    @Test
    void replyProvedLateByTheKernelsStampIsALossEvenAfterAStall() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(1_001 * MILLI));
        lab.probeOnce(target);
        lab.receiver.cycle();
        lab.time.advance(Duration.ofSeconds(3));
        lab.receiver.cycle();
        assertEquals(1, lab.count(Counter.LOST));
    }

    @Test
    void probeInFlightWhenTheProcessStoodStillDoesNotCount() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        lab.receiver.cycle();
        lab.time.advance(Duration.ofSeconds(5));
        lab.cycle();
        assertEquals(1, lab.count(Counter.INVALIDATED));
        lab.probeOnce(target);
        lab.run(1_100 * MILLI);
        assertTrue(lab.isListed(target), "the next probe finds the outage");
    }

    @Test
    void shortPauseIsNoExcuse() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        lab.run(300 * MILLI);
        lab.time.advance(Duration.ofMillis(900));
        lab.cycle();
        assertEquals(1, lab.count(Counter.LOST));
    }

    @Test
    void replyWithoutTheKernelsStampThatMayHaveWaitedIsNoLoss() {
        EngineLab lab = new EngineLab(EngineLab.OPTIONS, false);
        int target = lab.add(IpAddress.v4(1), new TargetSettings(21_000, -1, SECOND));
        FakeIcmpSocket.Sent[] request = new FakeIcmpSocket.Sent[1];
        lab.v4.network((sent, answers) -> request[0] = sent);
        lab.install(1, SECOND, 2 * SECOND, target);
        lab.cycle();
        lab.fire(1);
        lab.cycle();
        lab.run(1_500 * MILLI);
        lab.time.advance(Duration.ofMillis(400));
        lab.receiver.cycle();
        lab.time.advance(Duration.ofMillis(200));
        // As if read by that cycle, which went on for a while.
        FakeIcmpSocket.Sent sent = request[0];
        lab.receiver.matcher().echoReply(sent.cookie(), 1, sent.wallNanos(), sent.stamp(), 0, 0, sent.low(), 57);
        assertEquals(1, lab.count(Counter.INVALIDATED));
        assertEquals(1, lab.count(Counter.LATE));
        assertEquals(0, lab.count(Counter.LOST));
    }

    @Test
    void burstOfDropsShorterThanFifteenSecondsIsNoLossHoweverOftenATargetIsProbed() {
        int target = lab.add(1);
        dropWhileToldTo();
        lab.job(1, 20 * MILLI, target);
        lab.run(2 * SECOND);
        isDropping = true;
        lab.run(10 * SECOND);
        isDropping = false;
        lab.run(3 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        EngineLab.assertNear(500, lab.count(Counter.INVALIDATED), 3);
    }

    @Test
    void manyProbesInFlightAcrossAStallAreNotPushedOutAsLost() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(1, 10 * MILLI, target);
        lab.run(SECOND);
        for (int i = 0; i < 150; i++) {
            lab.time.advanceNanos(10 * MILLI);
            lab.fire(1);
            lab.sender.cycle();
        }
        lab.run(2 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        assertFalse(lab.isListed(target));
    }

    @Test
    void silenceOfExcusedProbesIsNobodysFault() {
        EngineLab patient = new EngineLab(new EngineOptions(1_000, 1, 0.02, 3_600 * SECOND));
        int[] ids = patient.addMany(10);
        boolean[] isDropped = new boolean[1];
        patient.v4.network((request, answers) -> {
            if (isDropped[0]) {
                patient.v4.kernelDrops(patient.v4.sent().size());
            } else {
                answers.reply(MILLI);
            }
        });
        patient.job(1, 10 * SECOND, ids);
        patient.run(15 * SECOND);
        isDropped[0] = true;
        patient.run(25 * SECOND);
        patient.check();
        for (int id : ids) {
            patient.enter(id, ErrListCause.EXPIRED);
        }
        patient.run(10 * MILLI);
        assertEquals(List.of(), patient.heard.causes);
        isDropped[0] = false;
        patient.run(20 * SECOND);
        patient.silence(1);
        patient.run(35 * SECOND);
        patient.check();
        patient.run(10 * MILLI);
        assertEquals(10, patient.heard.causes.size(), "a reply ends the excuse");
    }

    @Test
    void reviewNeitherBlamesNorForgivesForExcusedProbes() {
        int target = lab.add(1);
        dropWhileToldTo();
        lab.errListEverySecond();
        lab.enter(target, ErrListCause.BY_HAND);
        lab.run(30 * SECOND);
        isDropping = true;
        lab.run(5 * SECOND);
        isDropping = false;
        lab.run(30 * SECOND);
        lab.review();
        lab.run(SECOND);
        lab.review();
        lab.run(10 * MILLI);
        assertFalse(lab.isListed(target), "no loss in the last 60 s");
        assertEquals(0, lab.count(Counter.LOST));
    }

    /** The machine slept with the probe on its way. */
    @Test
    void probeInFlightWhenTheMachineSleptDoesNotCount() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        lab.run(10 * MILLI);
        lab.time.sleep(Duration.ofHours(8));
        lab.run(2 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(List.of(target), lab.heard.invalidatedTargets);
        assertEquals(1, lab.count(Counter.MACHINE_SLEEP));
        assertEquals(0, lab.count(Counter.RECEIVER_STALL));
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertTrue(lab.isListed(target), "the next probe finds the outage");
    }

    /** The kernel went on to stamp replies of others while this process stood still. */
    @Test
    void stallInWhichTheKernelReceivedIsNoExcuse() {
        int[] ids = lab.addMany(2);
        lab.v4.network((request, answers) -> {
            if (TargetWord.targetId(request.cookie()) == ids[0]) {
                answers.reply(600 * MILLI);
            }
        });
        lab.install(1, 20 * MILLI, SECOND, ids);
        lab.fire(1);
        lab.run(50 * MILLI);
        lab.time.advance(Duration.ofSeconds(5));
        lab.run(100 * MILLI);
        assertEquals(List.of(ids[1]), lab.heard.lostTargets);
        assertEquals(List.of(ids[0]), lab.heard.repliedTargets);
    }

    @Test
    void stallAfterTheReplyWasDueIsNoExcuse() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(5 * MILLI));
        lab.probeOnce(target);
        lab.run(SECOND);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        lab.run(200 * MILLI);
        lab.time.advance(Duration.ofSeconds(3));
        lab.run(10 * MILLI);
        assertEquals(1, lab.count(Counter.LOST));
    }

    @Test
    void probeWhoseTimeWasOverBeforeTheStallIsLost() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        lab.run(999 * MILLI);
        lab.time.advance(Duration.ofMillis(2));
        lab.sender.cycle();
        lab.time.advance(Duration.ofSeconds(3));
        lab.run(10 * MILLI);
        assertEquals(0, lab.count(Counter.LOST), "its time ended in the stall");
        lab.probeOnce(target);
        lab.run(1_010 * MILLI);
        assertEquals(1, lab.count(Counter.LOST));
    }

    /** Of each 2 s the process stands still for 1.2 s, and replies come too quickly to be stamped in it. */
    @Test
    void outageIsFoundThoughStallsNeverEnd() {
        int[] ids = lab.addMany(40);
        int dark = ids[17];
        boolean[] isDark = new boolean[1];
        lab.v4.network((request, answers) -> {
            if (!isDark[0] || TargetWord.targetId(request.cookie()) != dark) {
                answers.reply(MILLI);
            }
        });
        lab.job(1, 10 * SECOND, ids);
        stalls(20 * SECOND);
        isDark[0] = true;
        stalls(14 * SECOND);
        assertEquals(List.of(dark), List.copyOf(new LinkedHashSet<>(lab.heard.lostTargets)));
        assertEquals(1, lab.heard.causes.size());
        assertTrue(lab.isListed(dark));
    }

    /** Nobody else is there to prove that the machine was at work, and it never answered. */
    @Test
    void addressThatNeverAnsweredIsFoundThoughStallsNeverEnd() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.job(1, 2 * SECOND, target);
        stalls(34 * SECOND);
        long excused = lab.count(Counter.INVALIDATED);
        assertEquals(0, lab.count(Counter.LOST));
        assertTrue(excused >= 10, excused + " excused");
        stalls(6 * SECOND);
        assertTrue(lab.isListed(target));
    }

    private void stalls(long nanos) {
        for (long passed = 0; passed < nanos; passed += 2 * SECOND) {
            lab.run(800 * MILLI);
            lab.time.advance(Duration.ofMillis(1_200));
            lab.cycle();
        }
    }

    @Test
    void sixtySecondsStoppedAndGoneOnBlameNobody() {
        int[] ids = lab.addMany(1_000);
        lab.v4.network((request, answers) -> answers.reply(30 * MILLI));
        lab.job(1, 10 * SECOND, ids);
        lab.run(23 * SECOND);
        lab.time.advance(Duration.ofSeconds(60));
        assertNobodyIsBlamed(ids);
        assertEquals(1, lab.count(Counter.RECEIVER_STALL));
    }

    @Test
    void sleepOfAnyLengthBlamesNobody() {
        int[] ids = lab.addMany(1_000);
        lab.v4.network((request, answers) -> answers.reply(30 * MILLI));
        lab.job(1, 10 * SECOND, ids);
        lab.run(23 * SECOND);
        lab.v4.loseUnderWay();
        lab.time.sleep(Duration.ofHours(9));
        assertNobodyIsBlamed(ids);
        assertEquals(1, lab.count(Counter.MACHINE_SLEEP));
        EngineLab.assertNear(3, lab.count(Counter.INVALIDATED), 1);
    }

    /** All keys have expired, and the memory check comes often. */
    private void assertNobodyIsBlamed(int[] ids) {
        lab.cycle();
        for (int id : ids) {
            lab.enter(id, ErrListCause.EXPIRED);
        }
        for (int i = 0; i < 60; i++) {
            lab.check();
            lab.run(SECOND);
        }
        assertEquals(List.of(), lab.heard.causes);
        assertEquals(0, lab.count(Counter.LOST));
    }

    @Test
    void unsentProbesAreUnknownAndNobodysSilence() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(1, 10 * SECOND, target);
        lab.run(5 * SECOND);
        lab.silence(1);
        for (int i = 0; i < 6; i++) {
            lab.receiver.events().unsent(target);
            lab.run(9 * SECOND);
            lab.check();
            lab.enter(target, ErrListCause.EXPIRED);
        }
        lab.run(10 * MILLI);
        assertEquals(6, lab.unknownCount(target));
        assertEquals(1, lab.settledCount(target));
        assertFalse(lab.isListed(target));
        lab.probeOnce(target);
        lab.run(23 * SECOND);
        lab.check();
        lab.run(10 * MILLI);
        assertTrue(lab.isListed(target), "a reply ends the excuse");
    }

    @Test
    void reviewDoesNotForgiveForUnknownSamplesAlone() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.enter(target, ErrListCause.BY_HAND);
        lab.run(10 * MILLI);
        for (int i = 0; i < 130; i++) {
            lab.receiver.events().unsent(target);
            lab.run(SECOND);
            if (i % 60 == 0) {
                lab.review();
            }
        }
        assertEquals(60, lab.unknownCount(target), 1);
        assertTrue(lab.isListed(target));
    }
}
