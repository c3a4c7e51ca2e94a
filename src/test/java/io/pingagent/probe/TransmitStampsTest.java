package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static io.pingagent.probe.EngineLab.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.icmp.Rejection;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TransmitStamps;
import io.pingagent.probe.stamp.TransmitDelays;
import io.pingagent.probe.stamp.TransmitStamping;
import io.pingagent.probe.table.TargetWord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Round-trip times begin when the kernel transmits, as far as that is known. */
class TransmitStampsTest {

    /** A delay of one probe is kept in units of 64 ns. */
    private static final long TOLERANCE_NANOS = 32;

    private static EngineLab lab(TransmitStamps mode) {
        return lab(mode, 100_000);
    }

    private static EngineLab lab(TransmitStamps mode, int rateLimitPerSecond) {
        EngineLab lab =
                new EngineLab(new EngineOptions(rateLimitPerSecond, Integer.MAX_VALUE, 0.02, 3_600 * SECOND, mode));
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.v6.network((request, answers) -> answers.reply(MILLI));
        return lab;
    }

    private static long probe(EngineLab lab, int targetId) {
        lab.heard.rttsNanos.clear();
        lab.probeOnce(targetId);
        lab.run(4 * MILLI);
        assertEquals(1, lab.heard.rttsNanos.size());
        return lab.heard.rttsNanos.get(0);
    }

    private static void probeOften(EngineLab lab, int targetId, int times) {
        for (int i = 0; i < times; i++) {
            probe(lab, targetId);
        }
    }

    @Test
    void probeWithAStampOfItsOwnHasItsOwnDelayTakenOff() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.transmitDelays(request -> 1_000L * request.sequence());
        int targetId = lab.add(1);
        for (int sequence = 1; sequence <= 600; sequence++) {
            assertNear(MILLI - 1_000L * sequence, probe(lab, targetId), TOLERANCE_NANOS);
        }
        assertEquals(0, lab.v4.stampsWaiting());
    }

    @Test
    void probesWithoutOneHaveTheUsualDelayTakenOff() {
        EngineLab lab = lab(TransmitStamps.AUTO);
        lab.stamping.rate(100_000);
        lab.v4.transmitDelays(request -> 3_000 + request.sequence() % 2);
        int targetId = lab.add(1);
        assertEquals(MILLI, probe(lab, targetId));
        probeOften(lab, targetId, TransmitStamping.ONE_IN * TransmitDelays.FEW);
        assertNear(MILLI - 3_000, probe(lab, targetId), 1);
    }

    @Test
    void firstProbesAfterARestHaveAUsualDelayOfTheirOwn() {
        EngineLab lab = lab(TransmitStamps.AUTO);
        lab.stamping.rate(100_000);
        lab.v4.transmitDelays(request -> TargetWord.isRested(request.cookie()) ? 8_000 : 3_000);
        lab.job(1, SECOND, lab.addMany(4_000));
        lab.run(10 * SECOND);
        lab.heard.rttsNanos.clear();
        lab.run(SECOND);
        long rested =
                lab.heard.rttsNanos.stream().filter(rtt -> rtt == MILLI - 8_000).count();
        long busy =
                lab.heard.rttsNanos.stream().filter(rtt -> rtt == MILLI - 3_000).count();
        assertEquals(4_000, rested + busy);
        assertTrue(rested > 100 && busy > 2 * rested, rested + " after a rest, " + busy + " others");
    }

    @Test
    void delaysOfBothIpVersionsAreKeptApart() {
        EngineLab lab = lab(TransmitStamps.AUTO);
        lab.stamping.rate(100_000);
        lab.v4.transmitDelays(request -> 3_000);
        lab.v6.transmitDelays(request -> 9_000);
        int v4 = lab.add(1);
        int v6 = lab.add(IpAddress.v6(1, 2, 0), EngineLab.SETTINGS);
        for (int i = 0; i <= TransmitStamping.ONE_IN * TransmitDelays.FEW; i++) {
            probe(lab, v4);
            probe(lab, v6);
        }
        assertEquals(MILLI - 3_000, probe(lab, v4));
        assertEquals(MILLI - 9_000, probe(lab, v6));
    }

    @Test
    void withoutStampsNothingIsTakenOff() {
        EngineLab lab = lab(TransmitStamps.OFF);
        lab.v4.transmitDelays(request -> 3_000);
        int targetId = lab.add(1);
        probeOften(lab, targetId, 100);
        assertEquals(MILLI, probe(lab, targetId));
        assertEquals(0, lab.v4.stampEvery());
        assertEquals(0, lab.v4.stampsWaiting());
    }

    @Test
    void kernelThatKeepsSilentChangesNothing() {
        EngineLab lab = lab(TransmitStamps.ON);
        int targetId = lab.add(1);
        probeOften(lab, targetId, 20);
        assertEquals(MILLI, probe(lab, targetId));
    }

    @Test
    void impossibleDelaysAreIgnored() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.transmitDelays(request -> switch (request.sequence() % 3) {
            case 0 -> -SECOND;
            case 1 -> 2 * SECOND;
            default -> Long.MIN_VALUE / 2;
        });
        int targetId = lab.add(1);
        probeOften(lab, targetId, 50);
        assertEquals(MILLI, probe(lab, targetId));
    }

    @Test
    void stampLaterThanTheReplyIsNotBelieved() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.transmitDelays(request -> 3_000);
        int targetId = lab.add(1);
        probeOften(lab, targetId, 20);
        lab.v4.transmitDelays(request -> SECOND / 2);
        assertEquals(MILLI - 3_000, probe(lab, targetId));
    }

    @Test
    void delayAsLongAsTheRoundTripMakesItZeroNotNegative() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.transmitDelays(request -> MILLI + 20_000);
        assertEquals(0, probe(lab, lab.add(1)));
    }

    @Test
    void packetThatLeftBeforeItsForetoldStampGetsItsTimeBack() {
        EngineLab lab = lab(TransmitStamps.ON);
        int targetId = lab.add(1);
        for (long earlyNanos : new long[] {40_000, MILLI, 4 * MILLI}) {
            lab.v4.transmitDelays(request -> -earlyNanos);
            assertNear(MILLI + earlyNanos, probe(lab, targetId), TOLERANCE_NANOS);
        }
    }

    @Test
    void stampOfAnEarlierProbeIsNotTakenForThatOfTheNewest() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.transmitDelays(request -> request.sequence() == 1 ? 500_000 : -SECOND);
        int targetId = lab.add(1);
        assertNear(MILLI - 500_000, probe(lab, targetId), TOLERANCE_NANOS);
        assertEquals(MILLI, probe(lab, targetId));
    }

    @Test
    void nextOwnerOfATargetIdInheritsNoDelay() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.transmitDelays(request -> request.low() == EngineLab.address(1).low() ? 500_000 : -SECOND);
        int first = lab.add(1);
        probe(lab, first);
        lab.remove(first);
        lab.run(4 * MILLI);
        lab.time.advance(Duration.ofSeconds(TargetIds.QUARANTINE_SECONDS + 1));
        int second = lab.add(2);
        assertEquals(first, second);
        assertEquals(MILLI, probe(lab, second));
    }

    @Test
    void replyThatCameInSinceTheStampsWereReadFindsItsStamp() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.transmitDelays(request -> 7_000);
        TransmitDelays delays = new TransmitDelays(lab.stamping, lab.clock);
        IcmpHandler handler = noting(delays);
        delays.read(lab.v4, handler);
        long readNanos = lab.now();
        lab.time.advanceNanos(1);
        lab.v4.sendEcho(0, 1, 0, 5, 9, lab.time.wallNanos(), lab.now());
        assertEquals(0, delays.nanos(5, 9, readNanos, SECOND, lab.v4, handler));
        assertNear(7_000, delays.nanos(5, 9, lab.now(), SECOND, lab.v4, handler), TOLERANCE_NANOS);
    }

    @Test
    void senderHeldUpBetweenItsStampAndTheKernelIsNotTakenForTheNetwork() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.transmitDelays(request -> MILLI);
        TransmitDelays delays = new TransmitDelays(lab.stamping, lab.clock);
        IcmpHandler handler = noting(delays);
        long wallNanos = lab.time.wallNanos();
        long sentNanos = lab.now();
        // The receiver looks while the sender, its stamp written, waits for the processor.
        lab.time.advanceNanos(1_000);
        delays.read(lab.v4, handler);
        lab.time.advanceNanos(MILLI);
        lab.v4.sendEcho(0, 1, 0, 5, 9, wallNanos, sentNanos);
        assertNear(MILLI, delays.nanos(5, 9, lab.now(), SECOND, lab.v4, handler), TOLERANCE_NANOS);
    }

    private static IcmpHandler noting(TransmitDelays delays) {
        return new IcmpHandler() {
            @Override
            public void echoReply(
                    int targetId,
                    int sequence,
                    long sentWallNanos,
                    long sentMonotonicNanos,
                    long receivedWallNanos,
                    long sourceHigh,
                    long sourceLow,
                    int hopLimit) {}

            @Override
            public void error(
                    IcmpError reason,
                    int targetId,
                    int sequence,
                    long destinationHigh,
                    long destinationLow,
                    long routerHigh,
                    long routerLow) {}

            @Override
            public void transmitted(int targetId, int sequence, long sentWallNanos, long transmittedWallNanos) {
                delays.add(targetId, sequence, transmittedWallNanos - sentWallNanos);
            }

            @Override
            public void rejected(Rejection reason) {}
        };
    }

    @Test
    void stepOfTheClockIsNotTakenForADelay() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.transmitDelays(request -> 3_000);
        int targetId = lab.add(1);
        probeOften(lab, targetId, 20);
        // Stepped after the stamp in the packet, before the transmission.
        lab.v4.transmitDelays(request -> 3_000 + SECOND / 2);
        lab.heard.rttsNanos.clear();
        lab.probeOnce(targetId);
        lab.time.stepWall(Duration.ofMillis(500));
        lab.run(4 * MILLI);
        assertEquals(List.of(MILLI - 3_000), lab.heard.rttsNanos);
    }

    @Test
    void stampingFollowsTheRateWithoutSwitchingToAndFro() {
        EngineLab lab = lab(TransmitStamps.AUTO);
        assertEquals(1, lab.v4.stampEvery());
        lab.stamping.rate(11_900);
        assertEquals(1, lab.v4.stampEvery());
        lab.stamping.rate(12_100);
        assertEquals(TransmitStamping.ONE_IN, lab.v4.stampEvery());
        assertEquals(TransmitStamping.ONE_IN, lab.v6.stampEvery());
        lab.stamping.rate(10_100);
        assertEquals(TransmitStamping.ONE_IN, lab.v4.stampEvery());
        lab.stamping.rate(9_900);
        assertEquals(1, lab.v4.stampEvery());
        assertEquals(1, lab.v6.stampEvery());
    }

    @Test
    void fixedModesDoNotFollowTheRate() {
        EngineLab on = lab(TransmitStamps.ON);
        on.stamping.rate(1_000_000);
        assertEquals(1, on.v4.stampEvery());
        EngineLab off = lab(TransmitStamps.OFF);
        off.stamping.rate(1);
        assertEquals(0, off.v4.stampEvery());
    }

    @Test
    void refusalOfStampsIsNoError() {
        EngineLab lab = lab(TransmitStamps.ON);
        lab.v4.refuseStamps();
        lab.stamping.rate(1);
        lab.stamping.rate(1);
        assertEquals(MILLI, probe(lab, lab.add(1)));
    }

    @Test
    void lateProbesInABatchAreStampedForTheTimeTheyLeave() {
        // Half of what the job needs: it is always behind.
        EngineLab lab = lab(TransmitStamps.OFF, 500);
        lab.job(1, SECOND, lab.addMany(1_000));
        lab.run(2 * SECOND);
        assertTrue(lab.count(Counter.SENT_BATCHED) > 0);
        for (long rttNanos : lab.heard.rttsNanos) {
            assertEquals(MILLI, rttNanos);
        }
    }
}
