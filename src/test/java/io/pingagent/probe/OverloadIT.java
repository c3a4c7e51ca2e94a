package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static io.pingagent.probe.EngineLab.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.SendErrors;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.round.JobPlan;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetWord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More is asked for than rate limit or kernel give: all addresses are late alike, and none is blamed. */
class OverloadIT {

    private static EngineLab lab(int perSecond) {
        EngineLab lab = new EngineLab(new EngineOptions(perSecond, 1, 0.02, 3_600 * SECOND));
        lab.v4.network((request, answers) -> answers.reply(MILLI));
        return lab;
    }

    private static Map<Integer, List<Long>> sendTimes(EngineLab lab) {
        Map<Integer, List<Long>> times = new HashMap<>();
        lab.v4
                .sent()
                .forEach(sent -> times.computeIfAbsent(TargetWord.targetId(sent.cookie()), id -> new ArrayList<>())
                        .add(lab.sentNanos(sent)));
        return times;
    }

    /** All equally often, and all gaps those of a cadence so many times as long. */
    private static void assertEvenlyLate(
            Map<Integer, List<Long>> times, int[] ids, long intervalNanos, double stretch, double tolerance) {
        int fewest = Integer.MAX_VALUE;
        int most = 0;
        double wanted = stretch * intervalNanos;
        for (int id : ids) {
            List<Long> sent = times.getOrDefault(id, List.of());
            fewest = Math.min(fewest, sent.size());
            most = Math.max(most, sent.size());
            for (int i = 1; i < sent.size(); i++) {
                double gap = sent.get(i) - sent.get(i - 1);
                assertTrue(
                        Math.abs(gap - wanted) <= tolerance * wanted,
                        () -> "target " + id + ": " + gap / SECOND + " s instead of " + wanted / SECOND);
            }
        }
        assertTrue(fewest >= 2 && most - fewest <= 1, fewest + " to " + most + " probes");
    }

    /** Keys expire as Redis would have it, for every target silent for longer than its TTL. */
    private static void expireKeys(EngineLab lab, int[] ids) {
        for (int id : ids) {
            if (TargetTable.silentNanos(lab.table.page(id), id & TargetTable.PAGE_MASK, lab.now()) > 21 * SECOND) {
                lab.enter(id, ErrListCause.EXPIRED);
            }
        }
        lab.check();
    }

    private static void assertNobodyBlamed(EngineLab lab) {
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(0, lab.count(Counter.INVALIDATED));
        assertEquals(List.of(), lab.heard.causes);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.05, 1.3, 3})
    void everyAddressIsEquallyLate(double demand) {
        EngineLab lab = lab(100);
        int[] ids = lab.addMany((int) (1_000 * demand));
        lab.job(1, 10 * SECOND, ids);
        for (int i = 0; i < 40; i++) {
            lab.run(5 * SECOND);
            expireKeys(lab, ids);
        }
        assertEvenlyLate(sendTimes(lab), ids, 10 * SECOND, demand, 0.06);
        assertNobodyBlamed(lab);
        assertTrue(lab.count(Counter.OVERRUN) > 0);
        assertTrue(lab.count(Counter.SENT_LATE) > lab.count(Counter.SENT) / 3);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.3, 3})
    void jobsOfAnySizeAndCadenceAreLateInProportion(double demand) {
        EngineLab lab = lab((int) Math.round(300 / demand));
        int[] second = lab.addMany(100);
        int[] five = new int[500];
        Arrays.setAll(five, i -> lab.add(1_000 + i));
        int[] ten = new int[900];
        Arrays.setAll(ten, i -> lab.add(3_000 + i));
        int[] single = new int[100];
        lab.job(1, SECOND, second);
        lab.job(2, 5 * SECOND, five);
        lab.job(3, 10 * SECOND, ten);
        for (int i = 0; i < single.length; i++) {
            single[i] = lab.add(5_000 + i);
            lab.job(10 + i, 10 * SECOND, single[i]);
            // As the engine does: jobs lie at different places of their common cadence.
            JobPlan turned = JobPlan.empty(10 + i).with(new int[] {single[i]});
            lab.commands.add(new EngineCommand.InstallJob(10 + i, turned, 10 * SECOND, lab.timeouts.classOf(SECOND)));
        }
        lab.run(20 * SECOND);
        lab.v4.forgetSent();
        lab.run(120 * SECOND);
        Map<Integer, List<Long>> times = sendTimes(lab);
        assertEvenlyLate(times, second, SECOND, demand, 0.1);
        assertEvenlyLate(times, five, 5 * SECOND, demand, 0.05);
        assertEvenlyLate(times, ten, 10 * SECOND, demand, 0.05);
        assertEvenlyLate(times, single, 10 * SECOND, demand, 0.05);
        assertNobodyBlamed(lab);
    }

    @Test
    void aQueueThatTakesHalfOfTheProbesIsNobodysLoss() {
        EngineLab lab = lab(100_000);
        int[] ids = lab.addMany(2_000);
        lab.tick(10 * MILLI);
        lab.job(1, 10 * SECOND, ids);
        for (int i = 0; i < 11_000; i++) {
            // Room for one packet in each 10 ms, of which two are asked for.
            lab.v4.failSendsAfter(1, SendErrors.ENOBUFS);
            lab.run(10 * MILLI);
        }
        Map<Integer, List<Long>> times = sendTimes(lab);
        for (int id : ids) {
            assertTrue(times.get(id).size() >= 4, () -> "probes of target " + id + " in 110 s: " + times.get(id));
        }
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(0, lab.count(Counter.OVERRUN));
        assertNobodyBlamed(lab);
        assertTrue(lab.count(Counter.SEND_DEFERRED) > 1_000);
        assertNear(11_000, lab.count(Counter.SEND_OMITTED), 2_200);
    }

    @Test
    void cadenceIsKeptAgainOnceThereIsRoom() {
        EngineLab lab = lab(200);
        int[] ids = lab.addMany(1_000);
        int[] more = new int[2_000];
        Arrays.setAll(more, i -> lab.add(10_000 + i));
        lab.job(1, 10 * SECOND, ids);
        lab.job(2, 10 * SECOND, more);
        lab.run(60 * SECOND);
        lab.silence(2);
        lab.commands.add(new EngineCommand.RemoveJob(2));
        lab.run(40 * SECOND);
        long overruns = lab.count(Counter.OVERRUN);
        long late = lab.count(Counter.SENT_LATE);
        lab.v4.forgetSent();
        lab.run(60 * SECOND);
        assertEvenlyLate(sendTimes(lab), ids, 10 * SECOND, 1, 0.01);
        assertEquals(overruns, lab.count(Counter.OVERRUN));
        assertEquals(late, lab.count(Counter.SENT_LATE));
        assertNobodyBlamed(lab);
    }

    @Test
    void roundThatStartsAfterAStandstillIsNotPostponedByIt() {
        EngineLab lab = lab(10_000);
        int[] ids = lab.addMany(20);
        lab.job(1, 10 * SECOND, Arrays.copyOf(ids, 10));
        lab.run(3 * SECOND);
        lab.time.advanceNanos(60 * SECOND);
        lab.install(2, 10 * SECOND, SECOND, Arrays.copyOfRange(ids, 10, 20));
        lab.fire(2);
        lab.v4.forgetSent();
        lab.run(10 * SECOND);
        Map<Integer, List<Long>> times = sendTimes(lab);
        for (int id : Arrays.copyOfRange(ids, 10, 20)) {
            assertTrue(times.containsKey(id), "target " + id);
        }
        lab.run(60 * SECOND);
        lab.silence(2);
        lab.v4.forgetSent();
        lab.run(40 * SECOND);
        assertEvenlyLate(sendTimes(lab), Arrays.copyOf(ids, 10), 10 * SECOND, 1, 0.01);
        assertNobodyBlamed(lab);
    }

    @Test
    void keyThatExpiresBeforeTheFirstOverrunIsTheLatenessesFault() {
        // A TTL of little more than the cadence, as a job's pttl may say.
        EngineLab lab = lab(100);
        int[] ids = new int[1_300];
        Arrays.setAll(ids, i -> lab.add(EngineLab.address(i), new TargetSettings(11_000, -1, SECOND)));
        lab.job(1, 10 * SECOND, ids);
        lab.run(2 * SECOND);
        int first = TargetWord.targetId(lab.v4.sent().get(0).cookie());
        lab.enter(first, ErrListCause.EXPIRED);
        lab.run(9_500 * MILLI);
        assertEquals(List.of(), lab.heard.causes, "its time was not over");
        assertEquals(0, lab.count(Counter.OVERRUN));
        for (int id : ids) {
            lab.enter(id, ErrListCause.EXPIRED);
        }
        lab.run(10 * MILLI);
        int expired = 0;
        for (int id : ids) {
            if (TargetTable.silentNanos(lab.table.page(id), id & TargetTable.PAGE_MASK, lab.now()) > 11 * SECOND) {
                assertFalse(lab.isListed(id), "target " + id);
                expired++;
            }
        }
        assertTrue(expired > 20, expired + " keys had expired");
    }

    @Test
    void manyGoingDarkAtOnceAreListedInTimeAndLeaveTheOthersTheirCadence() {
        // A tenth of: 900,000 live ones at 10 s and 100,000 dark ones at 1 s, where 100,000 packets a second are
        // allowed.
        EngineLab lab = lab(10_000);
        int[] ids = lab.addMany(100_000);
        int dark = 10_000;
        boolean[] isDark = new boolean[1];
        lab.v4.network((request, answers) -> {
            if (!isDark[0] || TargetWord.targetId(request.cookie()) % 10 != 0) {
                answers.reply(MILLI);
            }
        });
        lab.job(1, 10 * SECOND, ids);
        lab.errListEverySecond();
        lab.run(20 * SECOND);
        isDark[0] = true;
        long darkNanos = lab.now();
        while (lab.heard.causes.size() < dark && lab.now() - darkNanos < 60 * SECOND) {
            lab.v4.forgetSent();
            lab.run(SECOND / 2);
        }
        assertEquals(dark, lab.heard.causes.size());
        EngineLab.assertNear(8 * SECOND, lab.now() - darkNanos, 8 * SECOND);
        lab.run(10 * SECOND);
        lab.v4.forgetSent();
        lab.run(40 * SECOND);
        Map<Integer, List<Long>> times = sendTimes(lab);
        int[] live = Arrays.stream(ids).filter(id -> id % 10 != 0).toArray();
        int[] listed = Arrays.stream(ids).filter(id -> id % 10 == 0).toArray();
        assertEvenlyLate(times, live, 10 * SECOND, 1.03, 0.07);
        for (int id : listed) {
            int sent = times.getOrDefault(id, List.of()).size();
            assertTrue(sent >= 3 && sent <= 5, sent + " probes of a dark address in 40 s");
        }
        assertEquals(dark, lab.heard.causes.size(), "and nobody else");
    }

    @Test
    void hundredThousandDarkAddressesAreListedWithinCadenceTimeoutAndFiveSeconds() {
        EngineLab lab = lab(100_000);
        int[] ids = lab.addMany(100_000);
        lab.errListEverySecond();
        lab.job(1, 10 * SECOND, ids);
        lab.run(10 * SECOND);
        lab.v4.network((request, answers) -> {});
        for (int i = 0; i < 16; i++) {
            lab.v4.forgetSent();
            lab.run(SECOND);
        }
        assertEquals(100_000, lab.heard.causes.size());
        assertEquals(100_000, lab.sender.errListSize(), "and ping-send knows of them");
    }

    /** A machine that slept, a stopped process. */
    @Test
    void holdUpDelaysNothingThatWasNotDueMeanwhile() {
        EngineLab lab = lab(1_000);
        int often = lab.add(1);
        int seldom = lab.add(2);
        lab.install(1, SECOND, SECOND, often);
        lab.install(2, 3_600 * SECOND, SECOND, seldom);
        lab.fire(1);
        lab.run(2 * MILLI);
        lab.time.advance(Duration.ofSeconds(100));
        lab.fire(2);
        lab.run(2 * MILLI);
        assertEquals(1, sendTimes(lab).getOrDefault(seldom, List.of()).size());
        lab.fire(1);
        lab.run(2 * SECOND);
        assertEquals(2, sendTimes(lab).getOrDefault(often, List.of()).size());
    }

    /** Each nap of a millisecond would cost a sixth of what the machine can do. */
    @Test
    void senderTakesNoNapWhileItIsBehind() {
        EngineLab lab = lab(1_000_000);
        lab.v4.network((request, answers) -> lab.time.advance(Duration.ofNanos(10_000)));
        int[] ids = lab.addMany(10_000);
        lab.install(1, SECOND / 100, SECOND, ids);
        lab.fire(1);
        long wakeNanos = lab.sender.cycle();
        assertTrue(lab.v4.sent().size() < ids.length, "a cycle ends also when there is more to send");
        assertTrue(wakeNanos - lab.now() < -MILLI, "wakes " + (wakeNanos - lab.now()) + " ns from now");
    }
}
