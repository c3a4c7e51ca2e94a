package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.EchoKey;
import io.pingagent.icmp.FakeIcmpSocket;
import io.pingagent.icmp.IcmpOptions;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies that this machine may have lost are no losses of the targets, and outages are found all the same. */
class SampleValidityTest {

    private final EngineLab lab = new EngineLab();
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
        IcmpOptions options = new IcmpOptions(56, 1 << 20, null, null, null, 0, 0, 0, false, 32, 256);
        FakeIcmpSocket v6 =
                new FakeIcmpSocket(true, options, EchoKey.random(), 1, lab.time::wallNanos, lab.time::monotonicNanos);
        SampleValidity validity = new SampleValidity(null, v6, lab.clock);
        int target = lab.add(IpAddress.v6(1, 1, 0), EngineLab.SETTINGS);
        TargetTable.Page page = lab.table.page(target);
        v6.kernelDrops(40);
        validity.received(0, 100);
        validity.look(true);
        assertFalse(validity.excuses(page, target, lab.now()));
        validity.received(0, 200);
        validity.look(true);
        assertFalse(validity.excuses(page, target, lab.now()), "what was read earlier does not matter");
        v6.kernelDrops(41);
        validity.received(0, 200);
        validity.look(true);
        assertTrue(validity.excuses(page, target, lab.now()));
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
            if (TargetWord.targetId(request.targetId()) != ids[3] && request.sequence() % 2 == 0) {
                answers.reply(5 * MILLI);
            }
        });
        lab.job(1, 2 * SECOND, ids);
        lab.run(2 * SampleValidity.MOST_IN_A_ROW * SECOND);
        assertEquals(List.of(), lab.heard.causes);
        lab.run(4 * SECOND);
        assertTrue(lab.isListed(ids[3]));
        assertEquals(1, lab.heard.causes.size());
        assertEquals(1, lab.count(Counter.LOST));
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
        lab.receiver.echoReply(sent.targetId(), 1, sent.wallNanos(), sent.stamp(), 0, 0, sent.low(), 57);
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
        patient.run(45 * SECOND);
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
}
