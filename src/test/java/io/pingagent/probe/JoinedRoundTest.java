package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static io.pingagent.probe.EngineLab.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.probe.round.JobPlan;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that the engine gets in the middle of what would be its round. */
class JoinedRoundTest {

    private static final long CADENCE = 10 * SECOND;
    private static final int JOB = 1;

    private final EngineLab lab = new EngineLab();

    private void join(long startNanos) {
        lab.commands.add(new EngineCommand.JoinRounds(new int[] {JOB}, startNanos));
    }

    /** Fires the job at each multiple of its cadence after {@code startNanos}. */
    private void run(long startNanos, long nanos) {
        long endNanos = lab.now() + nanos;
        long nextNanos = startNanos;
        while (lab.now() - endNanos < 0) {
            while (nextNanos - lab.now() <= 0) {
                nextNanos += CADENCE;
            }
            lab.run(Math.min(nextNanos, endNanos) - lab.now());
            if (lab.now() - nextNanos == 0) {
                lab.fire(JOB);
            }
        }
        lab.cycle();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 400, 3_700, 9_990, 9_999})
    void eachAddressIsProbedWithinItsIntervalAndAtItsOwnPlace(long elapsedMillis) {
        int[] ids = lab.addMany(200);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.install(JOB, CADENCE, SECOND, ids);
        long installedNanos = lab.now();
        long startNanos = installedNanos - elapsedMillis * MILLI;
        join(startNanos);
        run(startNanos, 4 * CADENCE);
        JobPlan plan = JobPlan.empty().with(ids);
        for (int position = 0; position < ids.length; position++) {
            List<Long> times = lab.sendTimes(plan.targetId(position));
            assertEquals(4, times.size());
            assertTrue(times.get(0) - installedNanos <= CADENCE + 5 * MILLI, "first after " + times);
            for (long time : times) {
                long placeNanos = Math.floorMod(time - startNanos, CADENCE);
                assertNear(plan.offsetNanos(position, CADENCE), placeNanos, 5 * MILLI);
            }
        }
        assertEquals(0, lab.count(Counter.OVERRUN));
        assertEquals(0, lab.count(Counter.SENT_LATE));
        assertTrue(lab.sender.lateness().snapshot().quantileNanos(1) < 10 * MILLI);
    }

    @Test
    void anOutageIsListedAnIntervalAndATimeoutAfterTheStart() {
        int[] ids = lab.addMany(100);
        lab.v4.network((request, answers) -> {});
        lab.install(JOB, CADENCE, SECOND, ids);
        long startNanos = lab.now() - 6 * SECOND;
        join(startNanos);
        run(startNanos, CADENCE + SECOND + 100 * MILLI);
        for (int id : ids) {
            assertTrue(lab.isListed(id), "target " + id);
        }
    }

    @Test
    void aRoundThatRunsAlreadyIsLeftAlone() {
        int[] ids = lab.addMany(100);
        lab.install(JOB, CADENCE, SECOND, ids);
        lab.cycle();
        lab.fire(JOB);
        lab.run(4 * SECOND);
        int sent = lab.v4.sent().size();
        join(lab.now() - 2 * SECOND);
        lab.run(5_990 * MILLI);
        assertEquals(100, lab.v4.sent().size(), sent + " before");
    }

    @Test
    void theFiringOfTheJoinedRoundIsNotASecondRound() {
        int[] ids = lab.addMany(100);
        lab.install(JOB, CADENCE, SECOND, ids);
        long startNanos = lab.now();
        join(startNanos);
        lab.run(20 * MILLI);
        // Posted by Quartz before the join, or held up there; by another reading of the clocks.
        lab.commands.add(new EngineCommand.RoundsDue(new int[] {JOB}, startNanos + 15_000));
        run(startNanos, 3 * CADENCE);
        for (int id : ids) {
            assertEquals(3, lab.sendTimes(id).size());
        }
        assertEquals(0, lab.count(Counter.OVERRUN));
    }

    @Test
    void aRoundThatIsOverIsNotJoined() {
        lab.install(JOB, CADENCE, SECOND, lab.addMany(10));
        join(lab.now() - CADENCE);
        lab.run(CADENCE);
        assertEquals(0, lab.v4.sent().size());
    }

    @Test
    void anUnknownJobIsNotJoined() {
        lab.commands.add(new EngineCommand.JoinRounds(new int[] {0, 7}, lab.now()));
        lab.run(SECOND);
        assertEquals(0, lab.v4.sent().size());
    }

    @Test
    void anotherCadenceIsJoinedAtOnceAndNothingIsHurried() {
        int[] ids = lab.addMany(600);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.install(JOB, 60 * SECOND, SECOND, ids);
        lab.cycle();
        lab.fire(JOB);
        lab.run(33 * SECOND);
        lab.v4.forgetSent();
        long changedNanos = lab.now();
        lab.install(JOB, CADENCE, SECOND, ids);
        join(changedNanos - 3 * SECOND);
        run(changedNanos - 3 * SECOND, 2 * CADENCE);
        for (int id : ids) {
            List<Long> times = lab.sendTimes(id);
            assertEquals(2, times.size());
            assertTrue(times.get(0) - changedNanos <= CADENCE + 5 * MILLI);
            assertNear(CADENCE, times.get(1) - times.get(0), 5 * MILLI);
        }
        assertEquals(0, lab.count(Counter.OVERRUN));
    }

    /** It used to be overdue at once, for which all rounds of all jobs were held up. */
    @Test
    void aNewAddressWhosePlaceIsPastWaitsForTheNextRoundAndDelaysNobody() {
        int first = lab.add(1);
        int other = lab.add(2);
        int[] added = {lab.add(3), lab.add(4), lab.add(5)};
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(JOB, CADENCE, first);
        lab.job(2, CADENCE, other);
        lab.run(8 * SECOND);
        long addedNanos = lab.now();
        lab.install(JOB, CADENCE, SECOND, first, added[0], added[1], added[2]);
        lab.run(31 * SECOND);
        for (int id : new int[] {first, other}) {
            List<Long> times = lab.sendTimes(id);
            assertEquals(4, times.size());
            for (int i = 1; i < times.size(); i++) {
                assertNear(CADENCE, times.get(i) - times.get(i - 1), 5 * MILLI);
            }
        }
        for (int id : added) {
            assertTrue(lab.sendTimes(id).get(0) - addedNanos <= CADENCE, "target " + id + lab.sendTimes(id));
        }
        assertEquals(0, lab.count(Counter.SENT_LATE));
        assertEquals(0, lab.count(Counter.OVERRUN));
    }

    @Test
    void anAddressOfAnEmptyJobIsProbedWithinAnInterval() {
        int id = lab.add(1);
        lab.job(JOB, CADENCE);
        lab.run(7 * SECOND);
        long addedNanos = lab.now();
        lab.install(JOB, CADENCE, SECOND, id);
        lab.run(CADENCE);
        List<Long> times = lab.sendTimes(id);
        assertEquals(1, times.size());
        assertTrue(times.get(0) - addedNanos <= CADENCE);
        assertFalse(lab.count(Counter.OVERRUN) > 0);
    }

    /** Held-up probes of those that were there before are still sent. */
    @Test
    void aChangeOfTheGroupsSkipsNobodyWhoIsLate() {
        EngineLab slow = new EngineLab(new EngineOptions(100, 1, 0.02, 3_600 * SECOND));
        int[] ids = slow.addMany(300);
        slow.v4.network((request, answers) -> answers.reply(MILLI));
        slow.job(JOB, 2 * SECOND, ids);
        for (int i = 0; i < 30; i++) {
            slow.run(2 * SECOND);
            slow.install(JOB, 2 * SECOND, SECOND, i % 2 == 0 ? Arrays.copyOf(ids, 299) : ids);
        }
        for (int id : Arrays.copyOf(ids, 299)) {
            int sent = slow.sendTimes(id).size();
            assertTrue(sent >= 18 && sent <= 21, "target " + id + " was probed " + sent + " times");
        }
    }

    @Test
    void aFailingListenerDoesNotTakeTheOtherJobsOfItsSpecAlong() {
        int[] ids = lab.addMany(3);
        for (int job = 0; job < 3; job++) {
            lab.install(job, SECOND, SECOND, ids[job]);
        }
        int[] jobs = {0, 1, 2};
        lab.cycle();
        lab.fire(0);
        lab.fire(0);
        lab.cycle();
        lab.heard.failure = new IllegalStateException("on purpose");
        lab.commands.add(new EngineCommand.RoundsDue(jobs, lab.now()));
        try {
            lab.cycle();
        } catch (IllegalStateException e) {
            lab.cycle();
        }
        lab.run(SECOND);
        for (int id : ids) {
            assertFalse(lab.sendTimes(id).isEmpty(), "target " + id);
        }
    }
}
