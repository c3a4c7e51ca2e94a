package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static io.pingagent.probe.EngineLab.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.probe.round.JobPlan;
import io.pingagent.probe.table.TargetWord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When probes go out. */
class CadenceTest {

    private final EngineLab lab = new EngineLab();

    @ParameterizedTest
    @ValueSource(longs = {2, 5})
    void keepsGapsWithinThirtyPercentAndSpreadsTheRound(long cadenceSeconds) {
        int[] ids = lab.addMany(220);
        lab.tick(5 * MILLI);
        lab.v4.network((request, answers) -> answers.reply(5 * MILLI));
        lab.job(1, cadenceSeconds * SECOND, ids);
        // A few members come and go, as in life.
        lab.run(3 * cadenceSeconds * SECOND);
        lab.install(1, cadenceSeconds * SECOND, SECOND, Arrays.copyOfRange(ids, 20, 220));
        lab.run(cadenceSeconds * SECOND / 3);
        lab.install(1, cadenceSeconds * SECOND, SECOND, ids);
        lab.run(10 * cadenceSeconds * SECOND);
        for (int i = 20; i < ids.length; i++) {
            assertGaps(lab.sendTimes(ids[i]), cadenceSeconds * SECOND, 0.3);
        }
        long[] times = lab.v4.sent().stream().mapToLong(lab::sentNanos).toArray();
        long tenth = cadenceSeconds * SECOND / 10;
        for (int from = 0, to = 0; from < times.length; from++) {
            while (to < times.length && times[to] - times[from] < tenth) {
                to++;
            }
            assertTrue(to - from <= 66, to - from + " probes within a tenth of a round");
        }
    }

    private static void assertGaps(List<Long> times, long intervalNanos, double tolerance) {
        assertTrue(times.size() > 5);
        for (int i = 1; i < times.size(); i++) {
            assertNear(intervalNanos, times.get(i) - times.get(i - 1), (long) (tolerance * intervalNanos));
        }
    }

    @Test
    void jobsChangeInARunningRoundLeavesTheOthersCadenceAlone() {
        int[] ids = lab.addMany(100);
        int[] others = new int[50];
        for (int i = 0; i < others.length; i++) {
            others[i] = lab.add(1000 + i);
        }
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(1, 10 * SECOND, ids);
        lab.job(2, 10 * SECOND, others);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 60; i++) {
            lab.run(1_700 * MILLI);
            int[] some = Arrays.stream(ids, 50, 100)
                    .filter(id -> random.nextBoolean())
                    .toArray();
            int[] wanted = Arrays.copyOf(ids, 50 + some.length);
            System.arraycopy(some, 0, wanted, 50, some.length);
            lab.install(1, 10 * SECOND, SECOND, wanted);
        }
        for (int i = 0; i < 50; i++) {
            assertGaps(lab.sendTimes(ids[i]), 10 * SECOND, 0.001);
            assertGaps(lab.sendTimes(others[i]), 10 * SECOND, 0.001);
        }
    }

    @Test
    void manyJobsOfOneAddressAndCadenceAreSpreadAndLoseNothing() {
        int target = lab.add(1);
        lab.v4.network((request, answers) -> answers.reply(50 * MILLI));
        for (int job = 0; job < 100; job++) {
            lab.job(job, 5 * SECOND, target);
            // As the engine does; the other tests go without, to know when a probe is due.
            JobPlan turned = JobPlan.empty(job).with(new int[] {target});
            lab.commands.add(new EngineCommand.InstallJob(job, turned, 5 * SECOND, lab.timeouts.classOf(SECOND)));
        }
        lab.run(20 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        List<Long> times = lab.sendTimes(target);
        assertTrue(times.size() >= 390, times.size() + " probes");
        long tenth = SECOND / 2;
        for (int from = 0, to = 0; from < times.size(); from++) {
            while (to < times.size() && times.get(to) - times.get(from) < tenth) {
                to++;
            }
            assertTrue(to - from <= 15, to - from + " of 100 jobs' probes within a tenth of their cadence");
        }
    }

    @Test
    void removedJobIsProbedNoMore() {
        int[] ids = lab.addMany(10);
        lab.job(1, 10 * SECOND, ids);
        lab.run(5 * SECOND);
        int sent = lab.v4.sent().size();
        lab.commands.add(new EngineCommand.RemoveJob(1));
        lab.run(20 * SECOND);
        assertEquals(sent, lab.v4.sent().size());
        lab.install(1, 10 * SECOND, SECOND, ids);
        lab.v4.forgetSent();
        lab.run(14_900 * MILLI);
        assertEquals(10, lab.v4.sent().size(), "and again once it is back");
    }

    @Test
    void roundIsNotDoubled() {
        int[] ids = lab.addMany(100);
        lab.install(1, 10 * SECOND, SECOND, ids);
        lab.fire(1);
        lab.run(SECOND);
        lab.fire(1);
        lab.run(SECOND);
        lab.fire(1);
        lab.fire(1);
        lab.run(100 * MILLI);
        assertTrue(lab.v4.sent().size() < 30, lab.v4.sent().size() + " probes in 2.1 s");
        assertEquals(List.of(1, 1), lab.heard.overruns);
        lab.run(60 * SECOND);
        for (int id : ids) {
            assertEquals(2, lab.sendTimes(id).size());
        }
        assertEquals(3, lab.count(Counter.OVERRUN));
    }

    @ParameterizedTest
    @ValueSource(longs = {300, 900, 1_200, 3_000, 9_000})
    void oneLateFiringDoesNotDisturbTheRoundsAfterIt(long lateMillis) {
        int[] ids = lab.addMany(220);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.install(1, 10 * SECOND, SECOND, ids);
        lab.cycle();
        long dueNanos = lab.now();
        lab.run(lateMillis * MILLI);
        for (int round = 0; round < 6; round++) {
            lab.commands.add(new EngineCommand.RoundsDue(new int[] {1}, dueNanos));
            dueNanos += 10 * SECOND;
            lab.run(dueNanos - lab.now());
        }
        long overruns = lab.count(Counter.OVERRUN);
        assertTrue(overruns <= 1, overruns + " overruns after one late firing");
        long[] times = lab.v4.sent().stream().mapToLong(lab::sentNanos).toArray();
        for (int from = 0, to = 0; from < times.length; from++) {
            while (to < times.length && times[to] - times[from] < SECOND) {
                to++;
            }
            assertTrue(to - from <= 66, to - from + " probes within a tenth of a round");
        }
        for (int id : ids) {
            List<Long> sent = lab.sendTimes(id);
            assertEquals(6, sent.size());
            assertGaps(append(sent), 10 * SECOND, 0.01);
        }
    }

    /** The last rounds, repeated at their cadence so that there are enough for {@link #assertGaps}. */
    private static List<Long> append(List<Long> sent) {
        long last = sent.get(5);
        return List.of(sent.get(2), sent.get(3), sent.get(4), last, last + 10 * SECOND, last + 20 * SECOND);
    }

    @Test
    void overloadMakesEveryAddressEquallyLate() {
        EngineLab slow = new EngineLab(new EngineOptions(100, 1, 0.02, 3_600 * SECOND));
        int[] ids = slow.addMany(300);
        slow.v4.network((request, answers) -> answers.reply(MILLI));
        slow.job(1, 2 * SECOND, Arrays.copyOfRange(ids, 0, 150));
        slow.job(2, 2 * SECOND, Arrays.copyOfRange(ids, 150, 300));
        slow.run(60 * SECOND);
        for (int id : ids) {
            int sent = slow.sendTimes(id).size();
            assertTrue(sent >= 18 && sent <= 21, "target " + id + " was probed " + sent + " times");
        }
        assertEquals(0, slow.count(Counter.LOST));
        assertTrue(slow.count(Counter.OVERRUN) > 10);
    }

    @Test
    void rateLimitCapsAllTogether() {
        EngineLab slow = new EngineLab(new EngineOptions(500, 1, 0.02, 3_600 * SECOND));
        int[] ids = slow.addMany(2_000);
        slow.v4.network((request, answers) -> answers.reply(MILLI));
        slow.job(1, SECOND, ids);
        slow.job(2, SECOND, Arrays.copyOf(ids, 1_000));
        slow.run(10 * SECOND);
        assertNear(5_000, slow.v4.sent().size(), 20);
    }

    @Test
    void errListInFloodLeavesTheJobsTheirShare() {
        EngineLab slow = new EngineLab(new EngineOptions(1_000, 1, 0.02, 3_600 * SECOND));
        int[] ids = slow.addMany(6_000);
        slow.errListEverySecond();
        slow.v4.network((request, answers) -> {});
        for (int i = 0; i < 2_000; i++) {
            slow.enter(ids[i], ErrListCause.BY_HAND);
        }
        slow.run(2 * SECOND);
        slow.v4.network((request, answers) -> {
            if (TargetWord.targetId(request.cookie()) >= 2_000) {
                answers.reply(MILLI);
            }
        });
        slow.v4.forgetSent();
        // 800 probes a second of the jobs, 2,000 of the err list, and 1,000 allowed.
        slow.job(1, 5 * SECOND, Arrays.copyOfRange(ids, 2_000, 6_000));
        slow.run(30 * SECOND);
        long listed = slow.v4.sent().stream()
                .filter(sent -> TargetWord.targetId(sent.cookie()) < 2_000)
                .count();
        long normal = slow.v4.sent().size() - listed;
        assertNear(24_000, normal, 400);
        assertNear(6_000, listed, 400);
        for (int i = 2_000; i < 6_000; i += 97) {
            assertGaps(padded(slow.sendTimes(ids[i])), 5 * SECOND, 0.1);
        }
    }

    private static List<Long> padded(List<Long> times) {
        assertTrue(times.size() >= 5, times.size() + " probes");
        Long last = times.get(times.size() - 1);
        return times.size() > 5
                ? times
                : List.of(times.get(0), times.get(1), times.get(2), times.get(3), last, last + 5 * SECOND);
    }

    @Test
    void jobsInFloodLeaveTheErrListItsShare() {
        EngineLab slow = new EngineLab(new EngineOptions(1_000, 1, 0.02, 3_600 * SECOND));
        int[] ids = slow.addMany(10_000);
        slow.v4.network((request, answers) -> answers.reply(MILLI));
        slow.errListEverySecond();
        for (int i = 0; i < 50; i++) {
            slow.enter(ids[i], ErrListCause.BY_HAND);
        }
        slow.job(1, SECOND, Arrays.copyOfRange(ids, 50, 10_000));
        slow.run(3 * SECOND);
        slow.v4.forgetSent();
        slow.run(20 * SECOND);
        for (int i = 0; i < 50; i++) {
            assertGaps(slow.sendTimes(ids[i]), SECOND, 0.1);
        }
    }

    @Test
    void sameTargetFailingInTheListenerDoesNotEndItsJob() {
        int[] ids = lab.addMany(10);
        lab.install(1, SECOND, SECOND, ids);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.cycle();
        lab.fire(1);
        lab.run(10 * MILLI);
        lab.fire(1);
        lab.cycle();
        lab.heard.failure = new IllegalStateException("from the listener");
        assertThrows(IllegalStateException.class, () -> lab.run(10 * SECOND));
        lab.run(3 * SECOND);
        lab.v4.forgetSent();
        lab.fire(1);
        lab.run(2 * SECOND);
        assertEquals(10, lab.v4.sent().size());
    }

    @Test
    void probeThatCannotBeSentForABugDoesNotHoldUpTheOthers() {
        int[] ids = lab.addMany(10);
        lab.install(1, SECOND, SECOND, ids);
        lab.v4.network((request, answers) -> {
            if (request.low() == EngineLab.address(4).low()) {
                throw new IllegalStateException("a bug");
            }
            answers.reply(MILLI);
        });
        lab.cycle();
        lab.fire(1);
        int failures = 0;
        for (int i = 0; i < 600; i++) {
            try {
                lab.run(5 * MILLI);
            } catch (IllegalStateException e) {
                failures++;
            }
        }
        assertEquals(1, failures);
        assertEquals(9, lab.count(Counter.RECEIVED));
    }

    @Test
    void fullRingDoesNotSpoilTheSendStamp() throws InterruptedException {
        EventRing small = new EventRing(2);
        EngineParts parts = lab.parts;
        EngineParts.Handovers handovers = parts.handovers();
        Sender sender = new Sender(new EngineParts(
                parts.options(),
                parts.tables(),
                parts.sockets(),
                parts.clock(),
                new EngineParts.Handovers(
                        handovers.commands(),
                        small,
                        handovers.errListChanges(),
                        handovers.held(),
                        handovers.stamping(),
                        handovers.profiles()),
                parts.counters(),
                parts.listener()));
        int target = lab.targets.add(EngineLab.address(1), EngineLab.SETTINGS);
        small.offer(EventRing.CHECK, 0, 0, 0, 0);
        small.offer(EventRing.CHECK, 0, 0, 0, 0);
        lab.install(1, SECOND, SECOND, target);
        lab.fire(1);
        Thread sending = new Thread(sender::cycle, "ping-send-test");
        sending.start();
        Thread.sleep(50);
        assertEquals(0, lab.v4.sent().size());
        lab.time.advance(Duration.ofSeconds(5));
        small.drain((kind, argument, targetId, sequence, nanos) -> {}, 2);
        sending.join(60_000);
        assertEquals(1, lab.v4.sent().size());
        assertEquals(lab.now(), lab.sentNanos(lab.v4.sent().get(0)));
    }

    @Test
    void batchesOnlyWhileTheMachineCannotKeepUp() {
        int[] ids = lab.addMany(1_000);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.job(1, SECOND, ids);
        lab.run(5 * SECOND);
        // A hold-up is made up for one by one, and so is the next one.
        for (int i = 0; i < 3; i++) {
            lab.time.advance(Duration.ofMillis(200));
            lab.run(SECOND);
        }
        assertEquals(0, lab.count(Counter.SENT_BATCHED));
        lab.v4.network((request, answers) -> {
            lab.time.advanceNanos(2 * MILLI);
            answers.reply(MILLI);
        });
        lab.run(SECOND);
        assertTrue(lab.count(Counter.SENT_BATCHED) > 50);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.run(SECOND);
        long batched = lab.count(Counter.SENT_BATCHED);
        lab.run(5 * SECOND);
        assertEquals(batched, lab.count(Counter.SENT_BATCHED));
        assertEquals(0, lab.count(Counter.LOST));
    }

    @Test
    void calmErrListIsNotBatched() {
        int[] ids = lab.addMany(2_000);
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        lab.errListEverySecond();
        for (int id : ids) {
            lab.enter(id, ErrListCause.BY_HAND);
        }
        lab.run(10 * SECOND);
        assertEquals(0, lab.count(Counter.SENT_BATCHED));
        assertEquals(0, lab.count(Counter.OVERRUN));
    }
}
