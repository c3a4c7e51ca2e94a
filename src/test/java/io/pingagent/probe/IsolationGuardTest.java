package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.SendErrors;
import io.pingagent.model.TargetSettings;
import io.pingagent.model.TransmitStamps;
import io.pingagent.probe.table.TargetWord;
import io.pingagent.probe.validity.IsolationSample;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whether it is the agent that is cut off, or the addresses that are down. */
class IsolationGuardTest {

    private static final long CADENCE_NANOS = 10 * SECOND;

    private final EngineLab lab = guarded(0.8);
    private final Set<Integer> silent = new HashSet<>();

    private static EngineLab guarded(double share) {
        return new EngineLab(new EngineOptions(100_000, 1, 0.02, 3_600 * SECOND, TransmitStamps.AUTO, share));
    }

    /** Targets probed every 10 s for half a minute; those in {@link #silent} do not answer. */
    private int[] probed(int count) {
        return probed(lab, count);
    }

    private int[] probed(EngineLab where, int count) {
        int[] ids = where.addMany(count);
        where.v4.network((request, answers) -> {
            if (!silent.contains(TargetWord.targetId(request.cookie()))) {
                answers.reply(MILLI);
            }
        });
        where.errListEverySecond();
        where.job(1, CADENCE_NANOS, ids);
        where.run(30 * SECOND);
        return ids;
    }

    private void silence(int... ids) {
        Arrays.stream(ids).forEach(silent::add);
    }

    private static int[] every(int[] ids, IntPredicate index) {
        return IntStream.range(0, ids.length).filter(index).map(i -> ids[i]).toArray();
    }

    private Isolation.State state() {
        return lab.receiver.guard().isolation().state();
    }

    private long listed(int[] ids) {
        return Arrays.stream(ids).filter(lab::isListed).count();
    }

    /** Runs until the state is that, and returns how long it took. */
    private long awaitNanos(Isolation.State wanted, long mostNanos) {
        long startNanos = lab.now();
        while (state() != wanted) {
            assertTrue(
                    lab.now() - startNanos < mostNanos, () -> state() + " after " + (lab.now() - startNanos) + " ns");
            lab.run(10 * MILLI);
        }
        return lab.now() - startNanos;
    }

    @Test
    void deadUplinkIsKnownWithinACadence() {
        int[] ids = probed(200);
        silence(ids);
        assertTrue(awaitNanos(Isolation.State.ISOLATED, CADENCE_NANOS) < CADENCE_NANOS);
        assertEquals(List.of(true), lab.heard.isolations);
        EngineLab.assertNear(
                lab.time.wallNanos(), lab.receiver.guard().isolation().sinceWallNanos(), CADENCE_NANOS);
    }

    @Test
    void nothingIsLostWhileCutOff() {
        int[] ids = probed(200);
        silence(ids);
        awaitNanos(Isolation.State.ISOLATED, CADENCE_NANOS);
        int lostBefore = lab.heard.lostTargets.size();
        lab.run(100 * SECOND);
        assertEquals(lostBefore, lab.heard.lostTargets.size());
        assertTrue(lab.heard.invalidatedTargets.size() > 10 * ids.length / 2, "invalidated instead");
    }

    @Test
    void noAddressIsLostThreeTimesBeforeItIsKnown() {
        for (int count : new int[] {5, 6, 10, 50, 200, 1_000}) {
            EngineLab other = guarded(0.8);
            int[] ids = probed(other, count);
            silence(ids);
            other.run(30 * SECOND);
            assertEquals(List.of(true), other.heard.isolations, count + " addresses");
            var losses =
                    other.heard.lostTargets.stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));
            boolean isThrice = losses.values().stream().anyMatch(times -> times >= 3);
            assertFalse(isThrice, count + " addresses");
            silent.clear();
        }
    }

    @Test
    void entriesOfAnOutageOfOneOwnLeaveAtOnceWhenItEnds() {
        int[] ids = probed(200);
        silence(ids);
        lab.run(100 * SECOND);
        assertEquals(200, listed(ids));
        assertEquals(200, lab.receiver.listed());
        assertEquals(200, lab.receiver.listedCutOff());
        silent.clear();
        assertTrue(awaitNanos(Isolation.State.CONNECTED, 3 * SECOND) < 3 * SECOND);
        lab.run(10 * MILLI);
        assertEquals(0, listed(ids));
        assertEquals(0, lab.receiver.listed());
        assertEquals(0, lab.receiver.listedCutOff());
        assertEquals(List.of(true, false), lab.heard.isolations);
        lab.check();
        lab.run(60 * SECOND);
        assertEquals(0, listed(ids), "their silence was not theirs");
        for (int id : ids) {
            assertEquals(lab.settledCount(id), lab.answeredCount(id), "nothing of it is left in the loss");
        }
    }

    @Test
    void whoeverIsReallyDownIsListedAfterIt() {
        int[] ids = probed(200);
        int[] dead = every(ids, i -> i % 5 == 0);
        silence(ids);
        lab.run(100 * SECOND);
        silent.clear();
        silence(dead);
        awaitNanos(Isolation.State.CONNECTED, 5 * SECOND);
        lab.run(CADENCE_NANOS + 2 * SECOND);
        assertEquals(dead.length, listed(ids));
        assertEquals(dead.length, listed(dead));
        assertEquals(Isolation.State.CONNECTED, state());
    }

    @Test
    void whoeverWasDownBeforeStaysListed() {
        int[] ids = probed(200);
        int[] dead = every(ids, i -> i % 10 == 0);
        silence(dead);
        lab.run(60 * SECOND);
        assertEquals(dead.length, listed(ids));
        silence(ids);
        lab.run(60 * SECOND);
        assertEquals(Isolation.State.ISOLATED, state());
        silent.clear();
        silence(dead);
        awaitNanos(Isolation.State.CONNECTED, 3 * SECOND);
        lab.run(10 * MILLI);
        assertEquals(dead.length, listed(ids));
        assertEquals(dead.length, listed(dead));
    }

    @Test
    void cutOffAddressesKeepTheCadenceOfTheirJobs() {
        int[] ids = probed(1_000);
        silence(ids);
        awaitNanos(Isolation.State.ISOLATED, CADENCE_NANOS);
        lab.run(2 * SECOND);
        long before = lab.count(Counter.SENT);
        lab.run(100 * SECOND);
        long perSecond = (lab.count(Counter.SENT) - before) / 100;
        EngineLab.assertNear(100 + IsolationSample.MOST, perSecond, 5);
    }

    @Test
    void fiftyPercentDownAreDown() {
        int[] ids = probed(200);
        silence(every(ids, i -> i % 2 == 0));
        lab.run(30 * SECOND);
        assertEquals(List.of(), lab.heard.isolations);
        assertEquals(100, listed(ids));
        assertFalse(lab.heard.suspicions.isEmpty());
        assertFalse(lab.heard.suspicions.get(lab.heard.suspicions.size() - 1), "it is decided");
    }

    /** Of what is settled in two seconds nearly all are addresses of the fast job. */
    @Test
    void fastJobThatDiesIsNotTheWholeNetwork() {
        int[] ids = lab.addMany(300);
        lab.v4.network((request, answers) -> {
            if (!silent.contains(TargetWord.targetId(request.cookie()))) {
                answers.reply(MILLI);
            }
        });
        lab.errListEverySecond();
        int[] fast = Arrays.copyOf(ids, 100);
        lab.job(1, SECOND, fast);
        lab.job(2, 60 * SECOND, Arrays.copyOfRange(ids, 100, 300));
        lab.run(90 * SECOND);
        silence(fast);
        lab.run(30 * SECOND);
        assertEquals(List.of(), lab.heard.isolations);
        assertEquals(100, listed(fast));
    }

    @Test
    void slowJobDoesNotHideADeadUplink() {
        int[] ids = lab.addMany(300);
        lab.v4.network((request, answers) -> {
            if (!silent.contains(TargetWord.targetId(request.cookie()))) {
                answers.reply(MILLI);
            }
        });
        lab.errListEverySecond();
        int[] fast = Arrays.copyOf(ids, 50);
        int[] slow = Arrays.copyOfRange(ids, 50, 300);
        lab.job(1, 10 * SECOND, fast);
        lab.job(2, 120 * SECOND, slow);
        for (int id : slow) {
            lab.targets.set(id, new TargetSettings(241_000, -1, SECOND));
        }
        lab.run(240 * SECOND);
        silence(ids);
        assertTrue(awaitNanos(Isolation.State.ISOLATED, CADENCE_NANOS) < CADENCE_NANOS);
    }

    @Test
    void oneOfFiveIsDownAsSoonAsEver() {
        int[] ids = probed(5);
        silence(ids[3]);
        lab.run(CADENCE_NANOS + SECOND + 10 * MILLI);
        assertTrue(lab.isListed(ids[3]));
        lab.run(3 * SECOND);
        long lost = lab.heard.lostTargets.stream().filter(id -> id == ids[3]).count();
        assertTrue(lost >= 3, lost + " losses");
        assertEquals(List.of(), lab.heard.isolations);
    }

    @Test
    void fourAddressesWithoutACanaryMayAllBeDown() {
        int[] ids = probed(4);
        silence(ids);
        lab.run(30 * SECOND);
        assertEquals(List.of(), lab.heard.isolations);
        assertEquals(4, listed(ids));
    }

    @Test
    void canaryThatAnswersMeansItIsNotWe() {
        int[] ids = probed(201);
        int canary = ids[200];
        lab.receiver.guard().canaries(new int[] {canary});
        silence(Arrays.copyOf(ids, 200));
        lab.run(30 * SECOND);
        assertEquals(List.of(), lab.heard.isolations);
        assertEquals(200, listed(ids));
    }

    @Test
    void silentCanariesDecideForAFewAddresses() {
        int[] ids = probed(3);
        lab.receiver.guard().canaries(new int[] {ids[2]});
        silence(ids);
        lab.run(30 * SECOND);
        assertEquals(List.of(true), lab.heard.isolations);
        silent.remove(ids[2]);
        awaitNanos(Isolation.State.CONNECTED, 5 * SECOND);
    }

    @Test
    void refusedProbesAreKnownFaster() {
        int[] ids = probed(200);
        lab.v4.failSends(SendErrors.ENODEV, Integer.MAX_VALUE);
        assertTrue(awaitNanos(Isolation.State.ISOLATED, 4 * SECOND) < 4 * SECOND);
        lab.v4.failSends(0, 0);
        awaitNanos(Isolation.State.CONNECTED, 3 * SECOND);
        lab.run(10 * MILLI);
        assertEquals(0, listed(ids));
    }

    @Test
    void agentThatStartsCutOffKnowsIt() {
        int[] ids = lab.addMany(100);
        lab.v4.network((request, answers) -> {
            if (!silent.contains(TargetWord.targetId(request.cookie()))) {
                answers.reply(MILLI);
            }
        });
        silence(ids);
        lab.errListEverySecond();
        lab.job(1, CADENCE_NANOS, ids);
        assertTrue(awaitNanos(Isolation.State.ISOLATED, CADENCE_NANOS) < CADENCE_NANOS);
        silent.clear();
        awaitNanos(Isolation.State.CONNECTED, 3 * SECOND);
        lab.run(10 * MILLI);
        assertEquals(0, listed(ids));
    }

    @Test
    void targetsRemovedMeanwhileEndItAndLeaveNothing() {
        int[] ids = probed(20);
        silence(ids);
        awaitNanos(Isolation.State.ISOLATED, CADENCE_NANOS);
        for (int id : ids) {
            lab.remove(id);
        }
        lab.install(1, CADENCE_NANOS, SECOND);
        awaitNanos(Isolation.State.CONNECTED, 3 * SECOND);
        lab.run(10 * MILLI);
        assertEquals(0, lab.receiver.listed());
        assertEquals(0, lab.receiver.listedCutOff());
    }

    @Test
    void linkThatComesAndGoesLeavesNoLosses() {
        int[] ids = probed(100);
        for (int i = 0; i < 5; i++) {
            silence(ids);
            lab.run(15 * SECOND);
            silent.clear();
            lab.run(15 * SECOND);
        }
        assertEquals(List.of(true, false, true, false, true, false, true, false, true, false), lab.heard.isolations);
        assertEquals(0, listed(ids));
        assertEquals(0, lab.receiver.listed());
    }

    /** As IPv6 addresses do, which are tentative for a second or two. */
    @Test
    void partOfTheNetworkMayReturnALittleLater() {
        int[] ids = probed(200);
        int[] later = every(ids, i -> i % 3 == 0);
        silence(ids);
        lab.run(30 * SECOND);
        silent.clear();
        silence(later);
        lab.run(2 * SECOND);
        silent.clear();
        lab.run(CADENCE_NANOS);
        assertEquals(List.of(true, false), lab.heard.isolations);
        assertEquals(0, listed(ids));
    }

    /** Addresses of this machine's own network answer, but for a probe now and then. */
    @Test
    void fewLossyAddressesThatAnswerDoNotEndIt() {
        int[] ids = lab.addMany(200);
        int[] near = Arrays.copyOf(ids, 30);
        AtomicInteger probes = new AtomicInteger();
        lab.v4.network((request, answers) -> {
            int id = TargetWord.targetId(request.cookie());
            if (!silent.contains(id) && (id >= near.length || probes.incrementAndGet() % 20 != 0)) {
                answers.reply(MILLI);
            }
        });
        lab.errListEverySecond();
        lab.job(1, CADENCE_NANOS, ids);
        lab.run(30 * SECOND);
        silence(Arrays.copyOfRange(ids, 30, 200));
        lab.run(300 * SECOND);
        assertEquals(List.of(true), lab.heard.isolations);
        assertEquals(170, listed(Arrays.copyOfRange(ids, 30, 200)));
    }

    @Test
    void longTimeOutsAreWaitedFor() {
        int[] ids = lab.addMany(50);
        lab.v4.network((request, answers) -> {
            if (!silent.contains(TargetWord.targetId(request.cookie()))) {
                answers.reply(MILLI);
            }
        });
        for (int id : ids) {
            lab.targets.set(id, new TargetSettings(150_000, -1, 30 * SECOND));
        }
        lab.errListEverySecond();
        lab.install(1, 60 * SECOND, 30 * SECOND, ids);
        for (int i = 0; i < 2; i++) {
            lab.fire(1);
            lab.run(60 * SECOND);
        }
        silence(ids);
        lab.fire(1);
        assertTrue(awaitNanos(Isolation.State.ISOLATED, 70 * SECOND) < 70 * SECOND);
    }

    @Test
    void startCutOffEndsWithTheFirstReplies() {
        int[] ids = lab.addMany(100);
        int[] existing = Arrays.copyOf(ids, 10);
        lab.v4.network((request, answers) -> {
            if (!silent.contains(TargetWord.targetId(request.cookie()))) {
                answers.reply(MILLI);
            }
        });
        silence(ids);
        lab.errListEverySecond();
        lab.job(1, CADENCE_NANOS, ids);
        awaitNanos(Isolation.State.ISOLATED, CADENCE_NANOS);
        Arrays.stream(existing).forEach(silent::remove);
        awaitNanos(Isolation.State.CONNECTED, 20 * SECOND);
        lab.run(30 * SECOND);
        assertEquals(List.of(true, false), lab.heard.isolations);
        assertEquals(90, listed(ids));
    }

    @Test
    void silentCanaryDoesNotHideTheOneAddressThatIsDown() {
        int[] ids = lab.addMany(2);
        silence(ids[1]);
        lab.v4.network((request, answers) -> {
            if (!silent.contains(TargetWord.targetId(request.cookie()))) {
                answers.reply(MILLI);
            }
        });
        lab.receiver.guard().canaries(new int[] {ids[1]});
        lab.errListEverySecond();
        lab.job(1, CADENCE_NANOS, ids);
        lab.run(60 * SECOND);
        silence(ids[0]);
        lab.run(60 * SECOND);
        assertEquals(List.of(), lab.heard.isolations);
        assertTrue(lab.isListed(ids[0]));
    }

    @Test
    void whoeverIsTakenOffTheListByHandIsNotCountedForEver() {
        int[] ids = probed(100);
        silence(ids);
        awaitNanos(Isolation.State.ISOLATED, CADENCE_NANOS);
        lab.run(20 * SECOND);
        for (int i = 0; i < 50; i++) {
            lab.forward(EventRing.LEAVE_ERR_LIST, 0, ids[i]);
        }
        lab.run(SECOND);
        silent.clear();
        awaitNanos(Isolation.State.CONNECTED, 5 * SECOND);
        lab.run(100 * MILLI);
        assertEquals(0, lab.receiver.listedCutOff());
        assertEquals(0, lab.receiver.listed());
    }

    @Test
    void whoeverWasOnTheListThoughItAnsweredStaysThere() {
        int[] ids = probed(100);
        lab.enter(ids[7], ErrListCause.BY_HAND);
        lab.run(2 * SECOND);
        silence(ids);
        awaitNanos(Isolation.State.ISOLATED, CADENCE_NANOS);
        lab.run(20 * SECOND);
        silent.clear();
        awaitNanos(Isolation.State.CONNECTED, 5 * SECOND);
        lab.run(100 * MILLI);
        assertEquals(1, listed(ids));
        assertTrue(lab.isListed(ids[7]));
        assertEquals(0, lab.receiver.listedCutOff());
    }

    @Test
    void shareOfZeroSwitchesItOff() {
        EngineLab off = guarded(0);
        int[] ids = probed(off, 100);
        silence(ids);
        off.run(30 * SECOND);
        assertEquals(List.of(), off.heard.isolations);
        assertTrue(Arrays.stream(ids).allMatch(off::isListed));
    }
}
