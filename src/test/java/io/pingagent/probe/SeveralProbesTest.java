package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static io.pingagent.probe.EngineLab.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Burst;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs with {@code count} and {@code gap}. */
class SeveralProbesTest {

    private static final int JOB = 1;
    private static final long INTERVAL = 10 * SECOND;
    private static final Burst FIVE = new Burst(5, 200 * MILLI);

    private final EngineLab lab = new EngineLab();

    private void everybodyAnswers() {
        lab.v4.network((request, answers) -> answers.reply(MILLI));
    }

    private void silentFrom(long nanos) {
        lab.v4.network((request, answers) -> {
            if (lab.now() < nanos) {
                answers.reply(MILLI);
            }
        });
    }

    @Test
    void eachAddressGetsItsProbesAtItsPlaceAndOneGapApart() {
        everybodyAnswers();
        int[] ids = lab.addMany(100);
        lab.job(JOB, INTERVAL, FIVE, ids);
        long startNanos = lab.now();
        lab.run(6 * INTERVAL);
        for (int id : ids) {
            List<Long> times = lab.sendTimes(id);
            assertTrue(times.size() >= 26, "probes: " + times.size());
            long placeNanos = times.get(0) - startNanos;
            for (int i = 0; i < times.size(); i++) {
                long wanted = startNanos + placeNanos + i / 5 * INTERVAL + i % 5 * 200L * MILLI;
                assertNear(wanted, times.get(i), 5 * MILLI);
            }
        }
        assertEquals(List.of(), lab.heard.overruns);
        assertEquals(List.of(), lab.heard.lostTargets);
    }

    @Test
    void theLossWindowHasThirtySamplesInsteadOfSix() {
        everybodyAnswers();
        int once = lab.add(1);
        int often = lab.add(2);
        lab.job(JOB, INTERVAL, once);
        lab.job(2, INTERVAL, FIVE, often);
        lab.run(90 * SECOND);
        assertNear(6, lab.settledCount(once), 1);
        assertNear(30, lab.settledCount(often), 5);
        assertEquals(lab.settledCount(often), lab.answeredCount(often));
    }

    /** The last pass of a round ends when the next round but one fires: by design, and not for want of time. */
    @ParameterizedTest
    @CsvSource({"10, 110", "10, 111", "2, 999", "32, 32", "3, 1", "2, 500"})
    void aBurstAlmostAsLongAsTheIntervalIsNoOverrun(int count, long gapMillis) {
        everybodyAnswers();
        lab.tick(20 * MILLI);
        int[] ids = lab.addMany(50);
        lab.job(JOB, SECOND, new Burst(count, gapMillis * MILLI), ids);
        lab.run(60 * SECOND);
        assertEquals(List.of(), lab.heard.overruns);
        assertEquals(0, lab.count(Counter.SENT_LATE));
        for (int id : ids) {
            assertNear(60L * count, lab.sendTimes(id).size(), 2L * count);
        }
    }

    @Test
    void aSlowJobsProbesMayBeFurtherApartThanItsRoundIsLong() {
        everybodyAnswers();
        int id = lab.add(1);
        lab.install(JOB, 2 * SECOND, SECOND, new Burst(3, 5 * SECOND), id);
        for (int firing = 0; firing < 4; firing++) {
            lab.fire(JOB);
            lab.run(11 * SECOND);
        }
        lab.run(10 * SECOND);
        assertEquals(12, lab.sendTimes(id).size());
        assertEquals(List.of(), lab.heard.overruns);
    }

    @Test
    void theRateLimitCountsAllProbesAndAnOverrunIsSaidOncePerFiring() {
        EngineLab slow = new EngineLab(new EngineOptions(200, 10_000, 0.02, 3_600 * SECOND));
        slow.v4.network((request, answers) -> answers.reply(MILLI));
        int[] ids = slow.addMany(100);
        slow.job(JOB, SECOND, new Burst(5, 100 * MILLI), ids);
        long startNanos = slow.now();
        slow.run(20 * SECOND);
        assertNear(20 * 200, slow.v4.sent().size(), 200);
        assertTrue(slow.heard.overruns.size() >= 5, "overruns: " + slow.heard.overruns.size());
        assertTrue(
                slow.heard.overruns.size() <= (slow.now() - startNanos) / SECOND + 1,
                "overruns: " + slow.heard.overruns.size());
    }

    @Test
    void onTheErrListThereIsOneProbeASecond() {
        int id = lab.add(1);
        silentFrom(lab.now() + 15 * SECOND);
        lab.errListEverySecond();
        lab.job(JOB, INTERVAL, FIVE, id);
        lab.run(40 * SECOND);
        assertTrue(lab.isListed(id));
        int before = lab.sendTimes(id).size();
        lab.run(30 * SECOND);
        assertNear(30, lab.sendTimes(id).size() - before, 1);
    }

    @Test
    void noMoreThanTheRememberedProbesAreInFlight() {
        EngineLab patient = new EngineLab(new EngineOptions(100_000, 10_000, 0.02, 3_600 * SECOND));
        patient.v4.network((request, answers) -> {});
        int id = patient.add(1);
        Burst burst = new Burst(20, 10 * MILLI);
        assertEquals(60, burst.mostInFlight(SECOND, 2_200 * MILLI));
        patient.install(JOB, SECOND, 2_200 * MILLI, burst, id);
        for (int second = 0; second < 20; second++) {
            patient.fire(JOB);
            patient.run(SECOND);
            int open = patient.receiver.openProbes();
            assertTrue(open <= 60, "open: " + open);
        }
        // Each is lost at its own timeout; none is pushed out of memory.
        patient.run(3 * SECOND);
        assertEquals(400, patient.heard.lostTargets.size());
    }

    @Test
    void anotherCountOrGapHoldsAtOnceAndLosesNothing() {
        everybodyAnswers();
        int[] ids = lab.addMany(20);
        lab.job(JOB, INTERVAL, FIVE, ids);
        lab.run(25 * SECOND);
        lab.install(JOB, INTERVAL, SECOND, new Burst(3, 50 * MILLI), ids);
        lab.run(10 * SECOND);
        int before = lab.v4.sent().size();
        lab.run(3 * INTERVAL);
        assertNear(3 * 3 * 20, lab.v4.sent().size() - before, 3);
        lab.install(JOB, INTERVAL, SECOND, ids);
        lab.run(10 * SECOND);
        before = lab.v4.sent().size();
        lab.run(3 * INTERVAL);
        assertEquals(3 * 20, lab.v4.sent().size() - before);
        lab.install(JOB, INTERVAL, SECOND, FIVE, ids);
        lab.run(10 * SECOND);
        before = lab.v4.sent().size();
        lab.run(3 * INTERVAL);
        assertNear(3 * 5 * 20, lab.v4.sent().size() - before, 5);
        assertEquals(List.of(), lab.heard.overruns);
        assertEquals(List.of(), lab.heard.lostTargets);
    }

    @Test
    void aJobThatJoinsItsRoundSendsAllItsProbes() {
        everybodyAnswers();
        int[] ids = lab.addMany(100);
        lab.install(JOB, INTERVAL, SECOND, FIVE, ids);
        lab.commands.add(new EngineCommand.JoinRounds(new int[] {JOB}, lab.now() - 4 * SECOND));
        lab.run(6 * SECOND);
        lab.fire(JOB);
        lab.run(INTERVAL);
        for (int id : ids) {
            int probes = lab.sendTimes(id).size();
            assertTrue(probes >= 5, "probes of " + id + ": " + probes);
        }
        assertEquals(List.of(), lab.heard.overruns);
    }

    @Test
    void aRemovedJobSendsNothingMore() {
        everybodyAnswers();
        lab.job(JOB, INTERVAL, FIVE, lab.addMany(20));
        lab.run(15 * SECOND);
        lab.commands.add(new EngineCommand.RemoveJob(JOB));
        lab.cycle();
        int before = lab.v4.sent().size();
        lab.run(20 * SECOND);
        assertEquals(before, lab.v4.sent().size());
    }
}
