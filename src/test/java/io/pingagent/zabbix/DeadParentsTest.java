package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.AddressStatus;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixHost;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.buffer.HeldValues;
import io.pingagent.zabbix.buffer.ValueBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Zabbix gets of addresses behind others, in virtual time. */
class DeadParentsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long CYCLE_NANOS = SECOND / 10;

    private static final int ROUTER = 0;
    private static final int SWITCH = 1;
    private static final int HOST = 2;
    private static final int OTHER_HOST = 3;
    private static final int ALONE = 4;

    /** Three replies at the err list's interval of 1 s, and 2 s for a busy machine. */
    private static final long RETURN_NANOS = 5 * SECOND;
    /** Four intervals for three losses that count, the timeout of 1 s, and 2 s for a busy machine. */
    private static final long VERDICT_NANOS = 7 * SECOND;

    @TempDir
    Path directory;

    private final FakeTargets targets = new FakeTargets(5);
    private final Map<Integer, Long> lastReplyNanos = new HashMap<>();
    private ValueBuffer queue;
    private HeldValues held;
    private ValueCollector collector;
    private PushWorker worker;
    private long nowNanos = Long.MAX_VALUE - 30 * SECOND;
    private long wallNanos = 1_700_000_000L * SECOND;

    @BeforeEach
    void open() throws IOException {
        queue = new ValueBuffer(directory.resolve("q"), 64 << 20, Duration.ofDays(1), () -> wallNanos);
        held = new HeldValues(directory.resolve("h"), 64 << 20, Duration.ofDays(1), () -> wallNanos);
        targets.silentNanos = id -> lastReplyNanos.containsKey(id) ? nowNanos - lastReplyNanos.get(id) : Long.MAX_VALUE;
        targets.parents.put(SWITCH, ROUTER);
        targets.parents.put(HOST, SWITCH);
        targets.parents.put(OTHER_HOST, SWITCH);
        for (int id = 0; id < 5; id++) {
            targets.onErrList.add(id);
        }
        start();
    }

    /** Without anything known, as after a restart. */
    private void start() {
        collector = new ValueCollector(3, 3, targets::onErrList);
        BridgeSettings settings = new BridgeSettings(
                "a1",
                new BridgeSettings.Host("gza", "ping-agent test"),
                new BridgeSettings.Access(List.of(), new TlsSettings.Unencrypted()),
                new BridgeSettings.Values(
                        Set.of(AddressItem.STATUS), false, false, Duration.ofSeconds(60), Duration.ofMinutes(10)),
                new BridgeSettings.Thresholds(3, 3, Duration.ZERO),
                new BridgeSettings.Buffer(directory, 1 << 20, Duration.ofDays(1), 1));
        worker = new PushWorker(
                settings, targets, targets.facts, List::of, collector, new QueueAndHeld(queue, held), () -> wallNanos);
        cycle();
    }

    @AfterEach
    void close() throws IOException {
        queue.close();
        held.close();
    }

    private List<ZabbixValue> cycle() {
        nowNanos += CYCLE_NANOS;
        wallNanos += CYCLE_NANOS;
        worker.work(nowNanos);
        return taken();
    }

    private List<ZabbixValue> taken() {
        List<ZabbixValue> made = new ArrayList<>();
        for (ValueBuffer.Batch batch = queue.peek(20_000); !batch.values().isEmpty(); batch = queue.peek(20_000)) {
            made.addAll(batch.values());
            queue.acknowledge(batch.endSequence());
        }
        return made;
    }

    /** Statuses of a target in the time from now on. */
    private List<String> statuses(int target, long nanos) {
        return statusesOf(nanos).getOrDefault(target, List.of());
    }

    private Map<Integer, List<String>> statusesOf(long nanos) {
        Map<Integer, List<String>> seen = new HashMap<>();
        for (long left = nanos; left > 0; left -= CYCLE_NANOS) {
            for (ZabbixValue value : cycle()) {
                for (int id = 0; id < 5; id++) {
                    if (value.key().equals(AddressItem.STATUS.key(FakeTargets.ip(id)))) {
                        seen.computeIfAbsent(id, key -> new ArrayList<>()).add(value.value());
                    }
                }
            }
        }
        return seen;
    }

    private void answer(int... ids) {
        for (int id : ids) {
            collector.replied(id, 1_000_000, wallNanos);
            lastReplyNanos.put(id, nowNanos);
        }
    }

    private void allAreUp() {
        for (int i = 0; i < 3; i++) {
            answer(ROUTER, SWITCH, HOST, OTHER_HOST, ALONE);
            cycle();
        }
    }

    /** Three losses; returns the stamp of the last. */
    private long goesDown(int id) {
        for (int i = 0; i < 3; i++) {
            collector.lost(id, wallNanos - 2 + i);
        }
        return wallNanos;
    }

    private void returns(int id) {
        for (int i = 0; i < 3; i++) {
            answer(id);
        }
    }

    private static String key(int id) {
        return AddressItem.STATUS.key(FakeTargets.ip(id));
    }

    @Test
    void whoeverGoesDownAfterItsParentIsBehindIt() {
        allAreUp();
        goesDown(SWITCH);
        statusesOf(CYCLE_NANOS);
        goesDown(ROUTER);
        assertEquals(Map.of(ROUTER, List.of("0"), SWITCH, List.of("2")), statusesOf(CYCLE_NANOS));
        long verdictNanos = goesDown(HOST);
        assertEquals(List.of(ZabbixValue.at("gza", key(HOST), "2", verdictNanos)), cycle());
    }

    @Test
    void whoeverIsJudgedBeforeItsParentIsHeldBackUntilThatIsJudgedToo() {
        allAreUp();
        long verdictNanos = goesDown(HOST);
        assertEquals(List.of(), statuses(HOST, 4 * SECOND));
        long parentsNanos = goesDown(SWITCH);
        assertEquals(List.of(ZabbixValue.at("gza", key(HOST), "2", verdictNanos)), cycle());
        goesDown(ROUTER);
        assertEquals(
                Set.of(
                        ZabbixValue.at("gza", key(ROUTER), "0", wallNanos),
                        ZabbixValue.at("gza", key(SWITCH), "2", parentsNanos)),
                Set.copyOf(cycle()));
    }

    @Test
    void aDeadGrandparentIsEnough() {
        allAreUp();
        goesDown(ROUTER);
        cycle();
        goesDown(HOST);
        assertEquals(List.of("2"), statuses(HOST, SECOND));
    }

    /** Its job may be slow: nobody would know for a minute. */
    @Test
    void allAboveThatHaveNotAnsweredSinceAreAskedAndOnlyThey() {
        allAreUp();
        goesDown(HOST);
        cycle();
        assertEquals(Set.of(SWITCH, ROUTER), new TreeSet<>(targets.asked));
        targets.asked.clear();
        answer(ROUTER);
        cycle();
        assertEquals(List.of(SWITCH), targets.asked);
    }

    @Test
    void whoseParentAnswersIsDownWithTheStampOfTheVerdict() {
        allAreUp();
        long verdictNanos = goesDown(HOST);
        assertEquals(List.of(), cycle());
        answer(SWITCH);
        assertEquals(List.of(ZabbixValue.at("gza", key(HOST), "0", verdictNanos)), cycle());
        targets.asked.clear();
        cycle();
        assertEquals(List.of(), targets.asked);
    }

    /** The path up to the grandparent says nothing of the parent. */
    @Test
    void anAnswerOfTheGrandparentAloneProvesNothing() {
        allAreUp();
        goesDown(HOST);
        cycle();
        answer(ROUTER);
        assertEquals(List.of(), statuses(HOST, 2 * SECOND));
    }

    @Test
    void theWaitForAParentOfWhichNothingIsHeardIsBounded() {
        allAreUp();
        goesDown(HOST);
        assertEquals(List.of(), statuses(HOST, VERDICT_NANOS));
        assertEquals(List.of("0"), statuses(HOST, SECOND));
    }

    /** It was away for less than it takes to call it down, and its children return just after it. */
    @Test
    void aParentThatAnswersLateGivesItsChildrenTimeToAnswer() {
        allAreUp();
        goesDown(HOST);
        goesDown(OTHER_HOST);
        statusesOf(3 * SECOND);
        answer(SWITCH);
        assertEquals(Map.of(), statusesOf(RETURN_NANOS - SECOND));
        returns(HOST);
        assertEquals(Map.of(HOST, List.of("1")), statusesOf(CYCLE_NANOS));
        assertEquals(Map.of(OTHER_HOST, List.of("0")), statusesOf(2 * SECOND));
    }

    @Test
    void noAlarmOfChildrenTheMomentTheirParentReturns() {
        allAreUp();
        goesDown(SWITCH);
        goesDown(ROUTER);
        goesDown(HOST);
        goesDown(OTHER_HOST);
        statusesOf(30 * SECOND);
        returns(ROUTER);
        assertEquals(Map.of(ROUTER, List.of("1")), statusesOf(SECOND));
        returns(SWITCH);
        answer(ROUTER, SWITCH);
        assertEquals(Map.of(SWITCH, List.of("1")), statusesOf(4 * SECOND));
        returns(HOST);
        answer(ROUTER, SWITCH);
        assertEquals(Map.of(HOST, List.of("1")), statusesOf(CYCLE_NANOS));
        answer(ROUTER, SWITCH);
        Map<Integer, List<String>> after = statusesOf(2 * SECOND);
        assertEquals(Map.of(OTHER_HOST, List.of("0")), after);
    }

    @Test
    void aParentThatDiesAgainMeanwhileKeepsThemBehindIt() {
        allAreUp();
        goesDown(SWITCH);
        goesDown(HOST);
        answer(ROUTER);
        statusesOf(SECOND);
        returns(SWITCH);
        statusesOf(2 * SECOND);
        goesDown(SWITCH);
        answer(ROUTER);
        assertEquals(Map.of(SWITCH, List.of("0")), statusesOf(2 * RETURN_NANOS));
    }

    @Test
    void anOutageThatZabbixKnowsBecomesOneBehindADeadParentAndComesBack() {
        allAreUp();
        goesDown(HOST);
        cycle();
        answer(SWITCH);
        assertEquals(List.of("0"), statuses(HOST, CYCLE_NANOS));
        goesDown(SWITCH);
        assertEquals(Map.of(HOST, List.of("2")), statusesOf(CYCLE_NANOS));
        answer(ROUTER);
        assertEquals(Map.of(SWITCH, List.of("0")), statusesOf(2 * SECOND));
        returns(SWITCH);
        assertFalse(statuses(HOST, RETURN_NANOS - SECOND).contains("0"));
        answer(SWITCH);
        assertEquals(List.of("0"), statuses(HOST, 2 * SECOND));
    }

    @Test
    void statusesAreRepeatedAsTheyWereShownAndNotWhileHeldBack() {
        allAreUp();
        goesDown(ROUTER);
        goesDown(SWITCH);
        goesDown(HOST);
        goesDown(ALONE);
        statusesOf(SECOND);
        Map<Integer, List<String>> seen = statusesOf(121 * SECOND);
        assertEquals(Set.of("0"), Set.copyOf(seen.get(ROUTER)));
        assertEquals(Set.of("0"), Set.copyOf(seen.get(ALONE)));
        assertEquals(Set.of("2"), Set.copyOf(seen.get(SWITCH)));
        assertEquals(Set.of("2"), Set.copyOf(seen.get(HOST)));
        assertEquals(Set.of("1"), Set.copyOf(seen.get(OTHER_HOST)));
    }

    /** A row with the old status would be newer than the verdict that is sent later. */
    @Test
    void noRowOfOneThatIsHeldBackHasAStatus() {
        allAreUp();
        targets.timeoutNanos = 120 * SECOND;
        goesDown(HOST);
        for (int i = 0; i < 61; i++) {
            collector.lost(HOST, wallNanos);
            assertEquals(List.of(), statuses(HOST, SECOND));
        }
        goesDown(SWITCH);
        assertEquals(List.of("2"), statuses(HOST, CYCLE_NANOS));
    }

    @Test
    void afterARestartWithBothOnTheErrListOnlyTheParentIsDown() {
        goesDown(HOST);
        assertEquals(List.of(), statuses(HOST, SECOND));
        goesDown(ROUTER);
        goesDown(SWITCH);
        Map<Integer, List<String>> seen = statusesOf(90 * SECOND);
        assertEquals(Set.of("0"), Set.copyOf(seen.get(ROUTER)));
        assertEquals(Set.of("2"), Set.copyOf(seen.get(SWITCH)));
        assertEquals(Set.of("2"), Set.copyOf(seen.get(HOST)));
    }

    /** Its losses may not have put it on the err list, so that nobody judges it. */
    @Test
    void aSilentOneThatWasNeverJudgedIsHeldBackToo() {
        targets.onErrList.remove(HOST);
        goesDown(ROUTER);
        goesDown(HOST);
        assertEquals(List.of("2"), statuses(HOST, 61 * SECOND));
        for (int i = 0; i < 3; i++) {
            collector.lost(HOST, wallNanos);
        }
        assertEquals(List.of("2"), statuses(HOST, 60 * SECOND));
        answer(HOST);
        assertEquals("1", statuses(HOST, SECOND).get(0));
    }

    @Test
    void aParentThatIsRemovedProtectsNobodyAnyMore() {
        allAreUp();
        goesDown(ROUTER);
        goesDown(SWITCH);
        goesDown(HOST);
        statusesOf(SECOND);
        targets.parents.clear();
        targets.touch();
        assertEquals(Map.of(SWITCH, List.of("0"), HOST, List.of("0")), statusesOf(SECOND));
        returns(HOST);
        assertEquals(List.of("1"), statuses(HOST, SECOND));
        goesDown(HOST);
        assertEquals(List.of("0"), statuses(HOST, SECOND));
    }

    @Test
    void whoeverGetsAParentWhileDownIsBehindItFromThenOn() {
        targets.parents.clear();
        targets.touch();
        allAreUp();
        goesDown(ROUTER);
        goesDown(HOST);
        assertEquals(List.of("0"), statuses(HOST, SECOND));
        targets.parents.put(HOST, ROUTER);
        targets.touch();
        assertEquals(List.of("2"), statuses(HOST, SECOND));
    }

    @Test
    void aParentThatIsNotBridgedHasNoEffectButThatAboveItHas() {
        targets.unbridged.add(SWITCH);
        targets.touch();
        allAreUp();
        goesDown(HOST);
        cycle();
        answer(ROUTER);
        assertEquals(List.of("0"), statuses(HOST, CYCLE_NANOS));
        goesDown(ROUTER);
        assertEquals(List.of("2"), statuses(HOST, CYCLE_NANOS));
        targets.unbridged.add(ROUTER);
        targets.touch();
        assertEquals(List.of("0"), statuses(HOST, CYCLE_NANOS));
    }

    @Test
    void nobodyHeldBackIsDecidedOnWhileTheAgentIsCutOffNorRightAfterIt() {
        allAreUp();
        goesDown(HOST);
        cycle();
        collector.isolated(true, wallNanos);
        assertEquals(List.of(), statuses(HOST, 5 * VERDICT_NANOS));
        collector.isolated(false, wallNanos);
        answer(ROUTER, SWITCH);
        assertEquals(List.of(), statuses(HOST, RETURN_NANOS - SECOND));
        returns(HOST);
        assertEquals(List.of("1"), statuses(HOST, 10 * SECOND));
    }

    @Test
    void nobodyHeldBackIsDecidedOnWhileIsolationIsSuspected() {
        allAreUp();
        goesDown(HOST);
        collector.isolationSuspected(true);
        answer(SWITCH);
        assertEquals(List.of(), statuses(HOST, 2 * VERDICT_NANOS));
        collector.isolationSuspected(false);
        answer(SWITCH);
        assertEquals(List.of("0"), statuses(HOST, RETURN_NANOS + SECOND));
    }

    @Test
    void missedChangesGiveWhatIsShown() {
        allAreUp();
        goesDown(ROUTER);
        goesDown(SWITCH);
        goesDown(HOST);
        for (int i = 0; i < 10_000; i++) {
            returns(ALONE);
            goesDown(ALONE);
        }
        Map<Integer, List<String>> seen = statusesOf(SECOND);
        assertTrue(seen.get(ALONE).contains("0"));
        assertEquals(Set.of("0"), Set.copyOf(seen.get(ROUTER)));
        assertEquals(Set.of("2"), Set.copyOf(seen.get(SWITCH)));
        assertEquals(Set.of("2"), Set.copyOf(seen.get(HOST)));
    }

    /** Zabbix's own key has no value for it, and its trigger wants to see three of 0. */
    @Test
    void existingHostsKeepTheirLastIcmppingAndNewOnesGetWhatIsShown() {
        targets.hosts.put(HOST, ZabbixHost.parse("r1,r2;icmpping"));
        targets.touch();
        allAreUp();
        goesDown(SWITCH);
        goesDown(HOST);
        cycle();
        answer(ROUTER);
        List<ZabbixValue> made = new ArrayList<>(cycle());
        for (int i = 0; i < 610; i++) {
            made.addAll(cycle());
        }
        assertEquals(
                List.of(),
                made.stream().filter(value -> value.host().equals("r2")).toList());
        targets.hosts.put(HOST, ZabbixHost.parse("r1,r2;icmpping,r3"));
        targets.touch();
        assertEquals(List.of(ZabbixValue.at("r3", AddressItem.STATUS.key(), "2", wallNanos + CYCLE_NANOS)), cycle());
        returns(SWITCH);
        long deadlineNanos = nowNanos + RETURN_NANOS + SECOND;
        List<ZabbixValue> after = new ArrayList<>();
        while (nowNanos - deadlineNanos < 0) {
            answer(SWITCH);
            after.addAll(cycle());
        }
        assertEquals(
                List.of("0", "0", "0"),
                after.stream()
                        .filter(value -> value.host().equals("r2"))
                        .map(ZabbixValue::value)
                        .toList());
    }

    @Test
    void whoeverIsRemovedWhileBehindADeadParentHasAnEndOfIt() {
        allAreUp();
        goesDown(ROUTER);
        goesDown(SWITCH);
        goesDown(HOST);
        statusesOf(SECOND);
        targets.unbridged.add(HOST);
        targets.touch();
        assertEquals(List.of("1"), statuses(HOST, SECOND));
    }

    @Test
    void atTheEndNobodyHeldBackBecomesDown() {
        allAreUp();
        goesDown(HOST);
        cycle();
        collector.lost(HOST, wallNanos);
        worker.finish();
        assertEquals(
                List.of(),
                taken().stream().filter(value -> value.key().equals(key(HOST))).toList());
    }

    /** Not even a list that is wrong for a moment. */
    @Test
    void aCircleEndsNowhere() {
        targets.parents.put(ROUTER, HOST);
        targets.touch();
        allAreUp();
        goesDown(HOST);
        goesDown(SWITCH);
        assertEquals(Map.of(HOST, List.of("2"), SWITCH, List.of("2")), statusesOf(CYCLE_NANOS));
    }

    /** {@code zabbix send}: all at the same time, so nobody waits. */
    @Test
    void aFewProbesByHandShowItToo() {
        ZabbixRows rows = new ZabbixRows(FakeTargets.settings(Set.of(AddressItem.STATUS), false), targets);
        for (int i = 0; i < 3; i++) {
            rows.lost(HOST, wallNanos);
            rows.lost(ROUTER, wallNanos);
            rows.lost(ALONE, wallNanos);
            rows.replied(SWITCH, 1_000, wallNanos, 64);
        }
        assertEquals(
                Map.of(key(ROUTER), "0", key(SWITCH), "1", key(HOST), "2", key(ALONE), "0"),
                rows.take().stream().collect(Collectors.toMap(ZabbixValue::key, ZabbixValue::value)));
    }

    @Test
    void withoutAnyParentNothingIsKept() {
        DeadParents parents =
                new DeadParents(new BridgeSettings.Thresholds(3, 3, Duration.ZERO), targets, collector::status);
        targets.parents.clear();
        parents.update();
        parents.changed(HOST, false, wallNanos, nowNanos);
        assertFalse(parents.hasParent(HOST));
        parents.decide(false, nowNanos, wallNanos, (target, status, stamp) -> {
            throw new AssertionError("of " + target);
        });
        assertEquals(AddressStatus.DOWN, parents.status(HOST, StatusJudge.Status.DOWN));
    }

    /** Zabbix takes the newest stamp for the present status. */
    @Test
    void noUpIsStampedBeforeWhatItEnds() {
        allAreUp();
        goesDown(SWITCH);
        goesDown(HOST);
        long behindNanos = 0;
        while (behindNanos == 0) {
            behindNanos = cycle().stream()
                    .filter(value -> value.equals(ZabbixValue.at("gza", key(HOST), "2", wallNanos)))
                    .mapToLong(value -> wallNanos)
                    .sum();
        }
        for (int i = 0; i < 3; i++) {
            // They came before that was decided.
            collector.replied(HOST, 1_000_000, behindNanos - CYCLE_NANOS / 2);
        }
        List<ZabbixValue> made = cycle();
        assertTrue(made.contains(ZabbixValue.at("gza", key(HOST), "1", behindNanos + 1)), made.toString());
    }
}
