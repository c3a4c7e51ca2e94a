package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.FakeIcmpSocket;
import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.Rejection;
import io.pingagent.icmp.SendErrors;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.model.Zones;
import io.pingagent.probe.table.TargetTable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies, errors and timeouts against probes. */
class MatchingTest {

    private static final int UNREACHABLE_V4 = 3;
    private static final int TIME_EXCEEDED_V4 = 11;
    private static final int UNREACHABLE_V6 = 1;

    private final EngineLab lab = new EngineLab();

    @Test
    void measuresTheRoundTrip() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(11_204_000));
        lab.job(1, 10 * SECOND, target);
        lab.run(35 * SECOND);
        assertEquals(List.of(11_204_000L, 11_204_000L, 11_204_000L, 11_204_000L), lab.heard.rttsNanos);
        assertEquals(List.of(1, 2, 3, 4), lab.heard.repliedSequences);
        assertEquals(11_204_000f, lab.table.lastRttNanos(target));
        assertEquals(4, lab.settledCount(target));
        assertEquals(4, lab.answeredCount(target));
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(4, lab.count(Counter.SENT));
    }

    @Test
    void probesV6AsWell() {
        int target = lab.add(IpAddress.v6(0xfe80L << 48, 7, Zones.number("3")), EngineLab.SETTINGS);
        lab.v6.network((request, answers) -> answers.reply(5 * MILLI));
        lab.probeOnce(target);
        lab.run(10 * MILLI);
        assertEquals(List.of(5 * MILLI), lab.heard.rttsNanos);
        assertEquals(3, lab.v6.sent().get(0).scopeId());
    }

    @Test
    void ignoresDuplicateReply() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {
            answers.reply(5 * MILLI);
            answers.reply(6 * MILLI);
            answers.reply(900 * MILLI);
        });
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(1, lab.count(Counter.RECEIVED));
        assertEquals(2, lab.count(Counter.DUPLICATE));
        assertEquals(2, lab.heard.duplicates);
        assertEquals(1, lab.settledCount(target));
        assertEquals(1, lab.answeredCount(target));
        assertEquals(5 * MILLI, (long) lab.table.lastRttNanos(target));
    }

    @Test
    void lateReplyStaysLost() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(1_001 * MILLI));
        lab.probeOnce(target);
        lab.run(3 * SECOND);
        assertEquals(0, lab.count(Counter.RECEIVED));
        assertEquals(1, lab.count(Counter.LOST));
        assertEquals(1, lab.count(Counter.LATE));
        assertEquals(1, lab.settledCount(target));
        assertEquals(0, lab.answeredCount(target));
        assertTrue(lab.table.lastRttNanos(target) < 0, "a late reply is no RTT");
        assertTrue(lab.isListed(target));
    }

    @Test
    void lateReplyReadTogetherWithItsTimeoutStaysLost() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(1_001 * MILLI));
        lab.probeOnce(target);
        lab.receiver.cycle();
        lab.time.advance(Duration.ofMillis(1_500));
        lab.receiver.cycle();
        assertEquals(1, lab.count(Counter.LOST));
        assertEquals(1, lab.count(Counter.LATE));
        assertEquals(0, lab.count(Counter.RECEIVED));
        lab.run(SECOND);
        assertEquals(1, lab.count(Counter.LOST));
    }

    @Test
    void duplicateOfALateReplyIsADuplicate() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {
            answers.reply(1_001 * MILLI);
            answers.reply(1_002 * MILLI);
        });
        lab.probeOnce(target);
        lab.run(3 * SECOND);
        assertEquals(1, lab.count(Counter.LATE));
        assertEquals(1, lab.count(Counter.DUPLICATE));
        assertEquals(1, lab.count(Counter.LOST));
    }

    @Test
    void replyFromForeignSourceIsRefused() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.replyFrom(0, request.low() + 1, MILLI));
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(1, lab.count(Counter.FOREIGN_SOURCE));
        assertEquals(0, lab.count(Counter.RECEIVED));
        assertEquals(1, lab.count(Counter.LOST));
    }

    @Test
    void foreignReplyDoesNotSpoilTheRightOne() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {
            answers.replyFrom(0, request.low() + 1, MILLI);
            answers.reply(20 * MILLI);
        });
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(1, lab.count(Counter.RECEIVED));
        assertEquals(0, lab.count(Counter.LOST));
    }

    @Test
    void corruptedAndTruncatedRepliesCountForNothing() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {
            answers.corrupted(30, MILLI);
            answers.truncated(40, MILLI);
        });
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(2, lab.count(Counter.REJECTED));
        assertEquals(1, lab.count(Counter.LOST));
        assertEquals(0, lab.count(Counter.RECEIVED));
    }

    @Test
    void errorSettlesTheProbeAtOnceWithItsReason() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.error(UNREACHABLE_V4, 1, 0, 0x0a0000fe, MILLI));
        lab.probeOnce(target);
        lab.run(10 * MILLI);
        assertEquals(List.of(IcmpError.HOST_UNREACHABLE), lab.heard.errors);
        assertEquals(1, lab.count(Counter.UNREACHABLE));
        assertTrue(lab.isListed(target));
        lab.run(2 * SECOND);
        assertEquals(1, lab.count(Counter.LOST), "not lost again by its timeout");
    }

    @Test
    void errorQuotingOnlyEightBytesIsTheReasonOnceTheTimeIsOver() {
        int first = lab.add(1);
        int second = lab.add(2);
        lab.v4.network((request, answers) -> answers.error(TIME_EXCEEDED_V4, 0, 0, 0x0a0000fe, 8, 3 * MILLI));
        lab.probeOnce(first);
        lab.run(SECOND / 2);
        assertEquals(0, lab.count(Counter.LOST), "anybody could have made the error up");
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.probeOnce(second);
        lab.run(3 * SECOND);
        assertEquals(List.of(first), lab.heard.lostTargets);
        assertEquals(List.of(IcmpError.TTL_EXCEEDED), lab.heard.errors);
        assertEquals(1, lab.count(Counter.UNREACHABLE));
        assertEquals(1, lab.count(Counter.UNPROVEN_ERROR));
        assertEquals(1, lab.count(Counter.RECEIVED));
    }

    @Test
    void shortQuoteIsMatchedAcrossTheWrapOfSixteenBits() {
        int target = lab.add(1);
        lab.cycle();
        lab.table.page(target).nextSequence[target] = 0x1_fffe;
        lab.v4.network((request, answers) -> answers.error(UNREACHABLE_V4, 0, 0, 0x0a0000fe, 8, 350 * MILLI));
        lab.install(1, 100 * MILLI, SECOND, target);
        for (int i = 0; i < 4; i++) {
            lab.fire(1);
            lab.run(100 * MILLI);
        }
        lab.run(SECOND);
        // Nothing is settled before the timeout, so all four were in flight when the errors came.
        assertEquals(List.of(0x1_fffe, 0x1_ffff, 0x2_0000, 0x2_0001), lab.heard.lostSequences);
        assertEquals(4, lab.count(Counter.UNREACHABLE));
    }

    @Test
    void errorAboutAV6ProbeQuotingEightBytesIsRefused() {
        int target = lab.add(IpAddress.v6(0xfd00_0001L << 32, 9, 0), EngineLab.SETTINGS);
        lab.v6.network((request, answers) -> answers.error(UNREACHABLE_V6, 3, 1, 2, 8, MILLI));
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(1, lab.receiver.rejected(Rejection.SHORT_QUOTE));
        assertNull(lab.heard.errors.get(0));
    }

    @Test
    void errorAboutAV6ProbeQuotingAllOfIt() {
        int target = lab.add(IpAddress.v6(0xfd00_0001L << 32, 9, 0), EngineLab.SETTINGS);
        lab.v6.network((request, answers) -> answers.error(UNREACHABLE_V6, 3, 1, 2, MILLI));
        lab.probeOnce(target);
        lab.run(10 * MILLI);
        assertEquals(List.of(IcmpError.HOST_UNREACHABLE), lab.heard.errors);
    }

    @Test
    void errorAboutAnAnsweredProbeChangesNothing() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {
            answers.reply(MILLI);
            answers.error(UNREACHABLE_V4, 1, 0, 1, 5 * MILLI);
        });
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(1, lab.count(Counter.RECEIVED));
        assertFalse(lab.isListed(target));
    }

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600, 1, -1})
    void wallClockSteppedBetweenSendAndReceive(long stepSeconds) {
        int[] ids = lab.addMany(20);
        lab.v4.network((request, answers) -> answers.reply(200 * MILLI));
        lab.job(1, SECOND, ids);
        lab.run(1_500 * MILLI);
        lab.time.stepWall(Duration.ofSeconds(stepSeconds));
        lab.run(5 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(0, lab.count(Counter.LATE));
        lab.heard.rttsNanos.forEach(rtt -> assertEquals(200 * MILLI, rtt));
        assertTrue(lab.heard.rttsNanos.size() > 100);
        assertEquals(List.of(stepSeconds * SECOND), lab.heard.steps);
        assertEquals(1, lab.count(Counter.CLOCK_STEP));
        assertTrue(lab.count(Counter.RTT_FROM_MONOTONIC) > 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600})
    void wallClockSteppedBetweenTheStampAndTheReceiver(long stepSeconds) {
        EngineLab lab = new EngineLab(EngineLab.OPTIONS, false);
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        lab.receiver.cycle();
        FakeIcmpSocket.Sent sent = lab.v4.sent().get(0);
        lab.time.advance(Duration.ofMillis(30));
        lab.time.stepWall(Duration.ofSeconds(stepSeconds));
        lab.receiver.cycle();
        lab.receiver
                .matcher()
                .echoReply(
                        sent.cookie(),
                        sent.sequence(),
                        sent.wallNanos(),
                        sent.stamp(),
                        sent.wallNanos() + 25 * MILLI,
                        0,
                        sent.low(),
                        57);
        assertEquals(List.of(25 * MILLI), lab.heard.rttsNanos);
    }

    @Test
    void missingKernelStampIsReplacedByTheMonotonicClock() {
        EngineLab lab = new EngineLab(EngineLab.OPTIONS, false);
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        FakeIcmpSocket.Sent sent = lab.v4.sent().get(0);
        lab.receiver.cycle();
        lab.time.advance(Duration.ofMillis(30));
        lab.receiver
                .matcher()
                .echoReply(sent.cookie(), sent.sequence(), sent.wallNanos(), sent.stamp(), 0, 0, sent.low(), -1);
        assertEquals(List.of(30 * MILLI), lab.heard.rttsNanos);
    }

    @Test
    void stalledReceiverDoesNotTakeWaitingRepliesForLosses() {
        int[] ids = lab.addMany(1000);
        lab.v4.network((request, answers) -> answers.reply(20 * MILLI));
        lab.job(1, SECOND, ids);
        lab.run(SECOND);
        for (int i = 0; i < 5_000; i++) {
            lab.time.advanceNanos(MILLI);
            if (i % 1000 == 0) {
                lab.fire(1);
            }
            lab.sender.cycle();
        }
        lab.run(3 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(0, lab.count(Counter.LATE));
        assertEquals(1, lab.count(Counter.RECEIVER_STALL));
        lab.heard.rttsNanos.forEach(rtt -> assertEquals(20 * MILLI, rtt));
    }

    @Test
    void backlogOfEventsLongerThanOneDrainLosesNoReply() {
        int[] ids = lab.addMany(4_000);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.install(1, SECOND / 25, SECOND, ids);
        lab.cycle();
        // 120,000 events wait in the ring when the receiver comes back, and more arrive while it reads.
        for (int i = 0; i < 12_000; i++) {
            if (i % 400 == 0) {
                lab.fire(1);
            }
            lab.time.advanceNanos(MILLI / 10);
            lab.sender.cycle();
        }
        lab.time.advanceNanos(2 * MILLI);
        lab.receiver.cycle();
        lab.run(2 * SECOND);
        assertEquals(0, lab.count(Counter.REJECTED));
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(lab.count(Counter.SENT), lab.count(Counter.RECEIVED));
    }

    @Test
    void replyInTheSameCycleAsItsProbeIsMatched() {
        EngineLab lab = new EngineLab(EngineLab.OPTIONS, false);
        int target = lab.add(1);
        lab.cycle();
        FakeIcmpSocket.Sent[] request = new FakeIcmpSocket.Sent[1];
        lab.v4.network((sent, answers) -> request[0] = sent);
        lab.probeOnce(target);
        // The receiver has drained its events before this probe was announced.
        FakeIcmpSocket.Sent sent = request[0];
        lab.receiver
                .matcher()
                .echoReply(sent.cookie(), 1, sent.wallNanos(), sent.stamp(), sent.wallNanos(), 0, sent.low(), 57);
        assertEquals(1, lab.count(Counter.RECEIVED));
    }

    @Test
    void sequenceNumbersGoOnBeyondSixteenBits() {
        int target = lab.add(1);
        lab.cycle();
        lab.table.page(target).nextSequence[target] = 0xfff0;
        lab.v4.network((request, answers) -> answers.reply(10 * MILLI));
        lab.job(1, SECOND / 2, target);
        lab.run(20 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(40, lab.count(Counter.RECEIVED));
        assertEquals(0xfff0 + 39, lab.heard.repliedSequences.get(39));
    }

    @Test
    void eightyProbesOfOneTargetInFlight() {
        int target = lab.add(IpAddress.v4(1), new TargetSettings(100_000, -1, 10 * SECOND));
        lab.v4.network((request, answers) -> answers.reply(request.sequence() <= 80 ? 3_950 * MILLI : MILLI));
        lab.install(1, 50 * MILLI, 10 * SECOND, target);
        // Listing would stop the job.
        for (int i = 0; i < 80; i++) {
            lab.table.page(target).flags[target] &= (byte) ~TargetTable.IN_ERR_LIST;
            lab.fire(1);
            lab.run(50 * MILLI);
        }
        lab.run(20 * SECOND);
        assertEquals(80, lab.v4.sent().size());
        // Each probe is settled exactly once, even those that fell out of memory before their reply.
        assertEquals(80, lab.count(Counter.RECEIVED) + lab.count(Counter.INVALIDATED));
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(64, lab.count(Counter.RECEIVED));
        assertEquals(16, lab.count(Counter.LATE));
        assertEquals(0, lab.count(Counter.DUPLICATE));
        assertEquals(0, lab.receiver.openProbes());
    }

    /** Or whoever is probed so often would never be seen to go down. */
    @Test
    void ofASilentTargetAlsoProbesThatFellOutOfMemoryAreLost() {
        int target = lab.add(IpAddress.v4(1), new TargetSettings(1_000, -1, 10 * SECOND));
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.install(1, 50 * MILLI, 10 * SECOND, target);
        lab.fire(1);
        lab.run(50 * MILLI);
        lab.v4.network((request, answers) -> {});
        for (int i = 0; i < 600; i++) {
            lab.table.page(target).flags[target] &= (byte) ~TargetTable.IN_ERR_LIST;
            lab.fire(1);
            lab.run(50 * MILLI);
        }
        assertTrue(lab.count(Counter.LOST) > 0, "lost before its timeout is over");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 101, 113, 90, 13})
    void refusedSendCountsAsLost(int errno) {
        int target = lab.add(1);
        lab.v4.failSendsTo(0, EngineLab.address(1).low(), errno);
        lab.probeOnce(target);
        lab.run(10 * MILLI);
        assertEquals(List.of(errno), lab.heard.errnos);
        assertEquals(1, lab.count(Counter.SEND_ERROR));
        assertEquals(0, lab.count(Counter.SENT));
        assertTrue(lab.isListed(target));
        lab.run(2 * SECOND);
        assertEquals(1, lab.count(Counter.LOST));
    }

    @Test
    void fullQueueDefersTheProbeAndDoesNotCountItAsLost() {
        int[] ids = lab.addMany(50);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.cycle();
        lab.v4.failSends(SendErrors.ENOBUFS, 10);
        lab.job(1, SECOND, ids);
        lab.run(999 * MILLI);
        // All are of one /24, so those that become due meanwhile wait behind the first.
        assertTrue(lab.count(Counter.SEND_DEFERRED) >= 1);
        assertEquals(50, lab.count(Counter.SENT));
        lab.run(SECOND - 5 * MILLI);
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(100, lab.count(Counter.RECEIVED));
        for (int id : ids) {
            assertEquals(2, lab.sendTimes(id).size());
        }
    }

    @Test
    void fullKernelInABatchSkipsNobody() {
        int[] ids = lab.addMany(200);
        lab.v4.network((request, answers) -> {
            lab.time.advanceNanos(4 * MILLI);
            answers.reply(MILLI);
        });
        lab.install(1, 200 * MILLI, SECOND, ids);
        lab.cycle();
        lab.fire(1);
        // Too slow: after a while in batches, of which the kernel refuses a part.
        while (lab.count(Counter.SENT_BATCHED) == 0) {
            lab.run(MILLI);
        }
        lab.v4.failSends(SendErrors.ENOBUFS, 7);
        lab.run(SECOND);
        assertEquals(7, lab.count(Counter.SEND_DEFERRED));
        assertEquals(7, lab.heard.deferred);
        for (int id : ids) {
            assertEquals(1, lab.sendTimes(id).size(), "probes of target " + id);
        }
        lab.run(2 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(200, lab.count(Counter.RECEIVED));
    }

    @Test
    void probeDeferredAgainAndAgainDoesNotPushOutOneInFlight() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(800 * MILLI));
        lab.install(1, SECOND, SECOND, target);
        lab.fire(1);
        lab.run(50 * MILLI);
        lab.v4.failSends(SendErrors.EAGAIN, 60);
        lab.fire(1);
        lab.run(3 * SECOND);
        assertEquals(1, lab.count(Counter.SEND_DEFERRED));
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(2, lab.count(Counter.RECEIVED));
        assertEquals(2, lab.settledCount(target));
        assertFalse(lab.isListed(target));
    }

    @Test
    void deferredProbeHasItsWholeTimeoutFromWhenItWasSent() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(980 * MILLI));
        lab.install(1, SECOND, SECOND, target);
        lab.v4.failSends(SendErrors.EAGAIN, 100);
        lab.fire(1);
        lab.run(3 * SECOND);
        assertEquals(1, lab.count(Counter.SEND_DEFERRED));
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(1, lab.count(Counter.RECEIVED));
    }

    @Test
    void withoutASocketForItsFamilyAProbeIsLost() {
        EngineParts parts = lab.parts;
        Sender sender = new Sender(new EngineParts(
                parts.options(),
                parts.tables(),
                new Sockets(null, null),
                parts.clock(),
                parts.handovers(),
                new Counters(),
                parts.listener()));
        int target = lab.add(1);
        lab.install(1, SECOND, SECOND, target);
        lab.fire(1);
        sender.cycle();
        lab.receiver.cycle();
        assertEquals(List.of(97), lab.heard.errnos);
    }

    @Test
    void removedTargetsLateReplyIsStale() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(100 * MILLI));
        lab.probeOnce(target);
        lab.run(50 * MILLI);
        lab.install(99, SECOND, SECOND);
        lab.remove(target);
        lab.run(3 * SECOND);
        assertEquals(1, lab.count(Counter.STALE));
        assertEquals(0, lab.count(Counter.RECEIVED));
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(List.of(target), lab.heard.removed);
        assertEquals(0, lab.settledCount(target));
    }

    @Test
    void reusedIdStartsFromNothing() {
        int target = lab.add(1);
        lab.job(1, SECOND, target);
        lab.v4.network((request, answers) -> {});
        lab.run(10 * SECOND);
        assertTrue(lab.isListed(target));
        lab.silence(1);
        lab.install(1, SECOND, SECOND);
        lab.remove(target);
        lab.run(121 * SECOND);
        lab.heard.rttsNanos.clear();
        lab.v4.network((request, answers) -> answers.reply(3 * MILLI));
        assertEquals(target, lab.add(2), "the rested id is taken");
        lab.run(10 * MILLI);
        assertFalse(lab.isListed(target));
        assertEquals(0, lab.settledCount(target));
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(1, lab.settledCount(target));
        assertEquals(1, lab.answeredCount(target));
        assertEquals(List.of(3 * MILLI), lab.heard.rttsNanos);
    }

    @Test
    void firstReplyToAReusedIdInTheCycleThatAnnouncesItIsMatched() {
        EngineLab lab = new EngineLab(EngineLab.OPTIONS, false);
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(1, SECOND, target);
        lab.run(40 * SECOND);
        lab.silence(1);
        lab.install(1, SECOND, SECOND);
        lab.remove(target);
        lab.run(121 * SECOND);
        long received = lab.count(Counter.RECEIVED);
        FakeIcmpSocket.Sent[] request = new FakeIcmpSocket.Sent[1];
        lab.v4.network((sent, answers) -> request[0] = sent);
        assertEquals(target, lab.add(2));
        lab.probeOnce(target);
        FakeIcmpSocket.Sent sent = request[0];
        lab.receiver
                .matcher()
                .echoReply(
                        sent.cookie(),
                        sent.sequence(),
                        sent.wallNanos(),
                        sent.stamp(),
                        sent.wallNanos(),
                        0,
                        sent.low(),
                        57);
        assertEquals(received + 1, lab.count(Counter.RECEIVED));
    }

    @Test
    void twoJobsHaveOneStateAndEachItsOwnTimeout() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(500 * MILLI));
        lab.install(1, 10 * SECOND, SECOND, target);
        lab.install(2, 10 * SECOND, 200 * MILLI, target);
        lab.fire(1);
        lab.run(100 * MILLI);
        lab.fire(2);
        lab.run(5 * SECOND);
        assertEquals(List.of(1), lab.heard.repliedSequences);
        assertEquals(List.of(2), lab.heard.lostSequences);
        assertEquals(1, lab.count(Counter.LATE));
        assertEquals(2, lab.settledCount(target));
        assertEquals(1, lab.answeredCount(target));
    }

    @Test
    void identifierChangesWithoutLosingProbesInFlight() {
        EngineLab changing = new EngineLab(new EngineOptions(1000, 1, 0.02, 700 * MILLI));
        int[] ids = changing.addMany(10);
        changing.v4.network((request, answers) -> answers.reply(300 * MILLI));
        changing.job(1, SECOND, ids);
        changing.run(10 * SECOND);
        assertEquals(0, changing.count(Counter.LOST));
        assertTrue(changing.v4.sent().stream()
                        .mapToInt(FakeIcmpSocket.Sent::identifier)
                        .distinct()
                        .count()
                > 5);
    }
}
