package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.FakeIcmpSocket;
import io.pingagent.icmp.IcmpError;
import io.pingagent.probe.validity.UnprovenErrors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ICMP errors from somebody who has not seen the probes that they are about. */
class ForgedErrorsTest {

    private static final long FORGER = EngineLab.address(99).low();

    private final EngineLab lab = new EngineLab();

    private void forge(FakeIcmpSocket.Sent request) {
        lab.v4.forgeError(FORGER, request.low(), request.identifier(), request.sequence());
    }

    /** The forger is probed, too, so the identifier is known to him; he tries every sequence number. */
    @Test
    void oneHostCannotSilenceOthers() {
        int[] victims = lab.addMany(10);
        List<FakeIcmpSocket.Sent> asked = new ArrayList<>();
        lab.v4.network((request, answers) -> {
            asked.add(request);
            answers.reply(200 * MILLI);
        });
        lab.job(1, SECOND, victims);
        lab.run(SECOND / 2);
        for (int round = 0; round < 5; round++) {
            int identifier = asked.get(asked.size() - 1).identifier();
            // All 16 bits of all victims once, while probes are in flight.
            int tried = round == 1 ? 0x1_0000 : 256;
            for (int victim = 1; victim <= victims.length; victim++) {
                for (int sequence = 0; sequence < tried; sequence++) {
                    lab.v4.forgeError(FORGER, EngineLab.address(victim).low(), identifier, sequence);
                }
            }
            lab.run(SECOND);
        }
        lab.run(SECOND);
        assertTrue(lab.count(Counter.UNPROVEN_ERROR) >= 5, lab.count(Counter.UNPROVEN_ERROR) + " met a probe");
        assertTrue(lab.count(Counter.RECEIVED) >= 60, lab.count(Counter.RECEIVED) + " received");
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(0, lab.count(Counter.UNREACHABLE));
        assertEquals(List.of(), lab.heard.causes);
        for (int victim : victims) {
            assertEquals(lab.settledCount(victim), lab.answeredCount(victim));
        }
    }

    @Test
    void whatIsMadeUpAboutADeadAddressIsHeardOnlyAtItsTimeout() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> forge(request));
        lab.probeOnce(target);
        lab.run(990 * MILLI);
        assertEquals(0, lab.count(Counter.LOST));
        assertFalse(lab.isListed(target));
        lab.run(20 * MILLI);
        assertEquals(List.of(IcmpError.HOST_UNREACHABLE), lab.heard.errors);
        assertEquals(1, lab.count(Counter.LOST));
    }

    @Test
    void reasonOfOneProbeIsNotThatOfTheNext() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> forge(request));
        lab.probeOnce(target);
        lab.v4.network((request, answers) -> {});
        lab.probeOnce(target);
        lab.run(2 * SECOND);
        assertEquals(2, lab.heard.errors.size());
        assertEquals(IcmpError.HOST_UNREACHABLE, lab.heard.errors.get(0));
        assertEquals(null, lab.heard.errors.get(1));
    }

    @Test
    void replyThatComesTooLateStillRefutesTheReason() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> {
            forge(request);
            answers.reply(1_001 * MILLI);
        });
        lab.probeOnce(target);
        lab.run(500 * MILLI);
        // The late reply is read together with the timeout.
        lab.time.advanceNanos(600 * MILLI);
        lab.run(SECOND);
        assertEquals(1, lab.count(Counter.LATE));
        assertEquals(0, lab.count(Counter.UNREACHABLE));
        assertEquals(1, lab.count(Counter.LOST));
        assertEquals(null, lab.heard.errors.get(0));
    }

    /** Else a forger could turn probes that this machine lost itself into losses of the address. */
    @Test
    void probeInDoubtStaysInDoubt() {
        int target = lab.add(1);
        // Of the packets that come in, most are replies: so what was dropped may well have been one.
        int[] answering = new int[20];
        Arrays.setAll(answering, i -> lab.add(100 + i));
        lab.v4.network((request, answers) -> {
            if (request.low() == EngineLab.address(1).low()) {
                forge(request);
            } else {
                answers.reply(MILLI);
            }
        });
        lab.job(1, 100 * MILLI, answering);
        lab.probeOnce(target);
        lab.run(100 * MILLI);
        lab.v4.kernelDrops(1);
        lab.run(2 * SECOND);
        assertEquals(List.of(target), lab.heard.invalidatedTargets);
        assertEquals(0, lab.count(Counter.LOST));
    }

    @Test
    void newestOfManyReasonsIsKeptAndTheOldestGiveWay() {
        UnprovenErrors errors = new UnprovenErrors();
        for (int target = 0; target < 100_000; target++) {
            errors.remember(target, -target, IcmpError.HOST_UNREACHABLE, target, 7);
            errors.remember(target, -target, IcmpError.NETWORK_UNREACHABLE, 0, 0);
            int said = errors.find(target, -target);
            assertEquals(IcmpError.HOST_UNREACHABLE, errors.reason(said), "the first word holds");
            assertEquals(target, errors.routerHigh(said));
            assertEquals(7, errors.routerLow(said));
        }
        int kept = 0;
        for (int target = 0; target < 100_000; target++) {
            kept += errors.find(target, -target) >= 0 ? 1 : 0;
        }
        assertTrue(kept > 2_000 && kept <= 4_096, kept + " kept");
        assertTrue(errors.find(99_999, 0) < 0);
        errors.forget(99_999, -99_999);
        assertTrue(errors.find(99_999, -99_999) < 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, -3, 0xffff, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void sequencesMayStartAnywhere(int first) {
        // One loss puts no target on the err list, where its job would probe it no more.
        EngineLab patient = new EngineLab(new EngineOptions(1_000, 2, 0.02, 3_600 * SECOND));
        patient.firstSequence = first;
        int target = patient.add(1);
        patient.v4.network((request, answers) -> {
            if (request.sequence() - first != 2) {
                answers.reply(30 * MILLI);
            }
        });
        patient.job(1, 2 * SECOND, target);
        patient.run(9_500 * MILLI);
        assertEquals(List.of(first, first + 1, first + 3, first + 4), patient.heard.repliedSequences);
        assertEquals(List.of(first + 2), patient.heard.lostSequences);
        assertEquals(0, patient.count(Counter.LATE) + patient.count(Counter.REJECTED) + patient.count(Counter.STALE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, -3, Integer.MIN_VALUE})
    void silenceBeginsWithTheFirstProbe(int first) {
        EngineLab patient = new EngineLab(new EngineOptions(1_000, 100, 0.02, 3_600 * SECOND));
        patient.firstSequence = first;
        int target = patient.add(1);
        patient.v4.network((request, answers) -> {});
        patient.run(20 * SECOND);
        for (int probe = 0; probe < 5; probe++) {
            patient.probeOnce(target);
            patient.run(2 * SECOND);
        }
        assertEquals(5, patient.v4.sent().size());
        EngineLab.assertNear(10 * SECOND, patient.table.silentNanos(target, patient.now()), 20 * MILLI);
        assertTrue(patient.table.lastRttNanos(target) < 0);
    }

    /** The target is announced, probed and answered while the receiver reads its sockets. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void replyBeforeTheTargetIsKnownIsMatched(int first) {
        EngineLab single = new EngineLab(EngineLab.OPTIONS, false);
        single.firstSequence = first;
        FakeIcmpSocket.Sent[] sent = new FakeIcmpSocket.Sent[1];
        single.v4.network((request, answers) -> sent[0] = request);
        single.probeOnce(single.add(1));
        FakeIcmpSocket.Sent request = sent[0];
        single.receiver
                .matcher()
                .echoReply(
                        request.cookie(),
                        request.sequence(),
                        request.wallNanos(),
                        request.stamp(),
                        request.wallNanos() + MILLI,
                        0,
                        request.low(),
                        57);
        assertEquals(1, single.count(Counter.RECEIVED));
    }
}
