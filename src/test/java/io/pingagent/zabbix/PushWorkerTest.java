package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Problem;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixHost;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.buffer.HeldValues;
import io.pingagent.zabbix.buffer.ValueBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In virtual time. */
class PushWorkerTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    private final FakeTargets targets = new FakeTargets(600);
    private ValueBuffer queue;
    private HeldValues held;
    private ValueCollector collector;
    private boolean hostPerAddress;
    private PushWorker worker;
    private long nowNanos = Long.MAX_VALUE - 30 * SECOND;
    private long wallNanos = 1_700_000_000L * SECOND;

    @BeforeEach
    void open() throws IOException {
        queue = new ValueBuffer(directory.resolve("q"), 64 << 20, Duration.ofDays(1), () -> wallNanos);
        held = new HeldValues(directory.resolve("h"), 64 << 20, Duration.ofDays(1), () -> wallNanos);
        start(false, EnumSet.of(AddressItem.STATUS, AddressItem.LOSS));
    }

    private void start(boolean errListOnly, Set<AddressItem> items) {
        collector = new ValueCollector(3, 3, targets::onErrList);
        BridgeSettings settings = new BridgeSettings(
                "a1",
                new BridgeSettings.Host("gza", "ping-agent test"),
                new BridgeSettings.Access(List.of(), new TlsSettings.Unencrypted()),
                new BridgeSettings.Values(
                        items, errListOnly, hostPerAddress, Duration.ofSeconds(60), Duration.ofMinutes(10)),
                new BridgeSettings.Thresholds(3, 3, Duration.ZERO),
                new BridgeSettings.Buffer(directory, 1 << 20, Duration.ofDays(1), 1));
        worker = new PushWorker(
                settings, targets, targets.facts, List::of, collector, new QueueAndHeld(queue, held), () -> wallNanos);
    }

    @AfterEach
    void close() throws IOException {
        queue.close();
        held.close();
    }

    /** One cycle, and the values it made. */
    private List<ZabbixValue> cycle(long stepNanos) {
        nowNanos += stepNanos;
        wallNanos += stepNanos;
        worker.work(nowNanos);
        List<ZabbixValue> made = new ArrayList<>();
        for (ValueBuffer.Batch batch = queue.peek(20_000); !batch.values().isEmpty(); batch = queue.peek(20_000)) {
            made.addAll(batch.values());
            queue.acknowledge(batch.endSequence());
        }
        return made;
    }

    private void probeAll() {
        for (int i = 0; i < targets.limit(); i++) {
            collector.replied(i, 1_000_000, wallNanos);
        }
    }

    @Test
    void eachTargetIsPushedOncePerIntervalEvenlySpreadAtAStablePhase() {
        cycle(0);
        probeAll();
        cycle(SECOND / 10);
        Map<String, Integer> phases = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            int most = 0;
            Map<String, Integer> seen = new HashMap<>();
            for (int step = 0; step < 600; step++) {
                int tick = step / 10;
                probeAll();
                int count = 0;
                for (ZabbixValue value : cycle(SECOND / 10)) {
                    if (value.key().startsWith("ping.loss")) {
                        count++;
                        assertEquals(null, seen.put(value.key(), tick), value.key());
                        assertEquals(wallNanos - SECOND / 10, value.clockSeconds() * SECOND + value.nanos());
                    }
                }
                most = Math.max(most, count);
            }
            assertEquals(600, seen.size());
            assertTrue(most <= 30, "in one tick " + most);
            if (round == 0) {
                phases.putAll(seen);
            }
            assertEquals(phases, seen);
        }
    }

    @Test
    void aChangeOfStatusIsMadeInTheNextCycleWithItsOwnStamp() {
        cycle(0);
        collector.replied(5, 1, wallNanos);
        cycle(SECOND / 10);
        targets.onErrList.add(5);
        long downNanos = 0;
        for (int i = 0; i < 3; i++) {
            downNanos = wallNanos + 7;
            collector.lost(5, downNanos);
        }
        List<ZabbixValue> made = cycle(SECOND / 10);
        assertEquals(List.of(ZabbixValue.at("gza", AddressItem.STATUS.key(FakeTargets.ip(5)), "0", downNanos)), made);
    }

    @Test
    void noStatusGoesOutTwiceWithOneStamp() {
        cycle(0);
        Set<ZabbixValue> seen = new java.util.HashSet<>();
        for (int i = 0; i < 650; i++) {
            if (i == 30) {
                probeAll();
            }
            for (ZabbixValue value : cycle(SECOND / 10)) {
                assertTrue(seen.add(value), "twice " + value);
            }
        }
    }

    @Test
    void aStatusIsToldInEveryIntervalAlsoWithoutAProbe() {
        cycle(0);
        probeAll();
        cycle(SECOND / 10);
        for (int round = 0; round < 3; round++) {
            Map<String, String> seen = new HashMap<>();
            for (int step = 0; step < 600; step++) {
                for (ZabbixValue value : cycle(SECOND / 10)) {
                    if (value.key().startsWith("ping.status")) {
                        seen.put(value.key(), value.value());
                        assertTrue(round == 0 || wallNanos / SECOND == value.clockSeconds(), value.toString());
                    } else if (round > 0) {
                        assertTrue(value.key().startsWith("ping.agent"), value.toString());
                    }
                }
            }
            assertTrue(round == 0 || seen.size() == 600, "statuses " + seen.size());
            assertTrue(round == 0 || Set.copyOf(seen.values()).equals(Set.of("1")));
        }
        worker.finish();
        assertEquals(0, queue.values());
    }

    @Test
    void onlyTheErrListSendsRowsIfThatIsWanted() {
        start(true, EnumSet.of(AddressItem.LOSS));
        targets.onErrList.add(17);
        cycle(0);
        probeAll();
        Set<String> keys = new java.util.HashSet<>();
        for (int i = 0; i < 600; i++) {
            cycle(SECOND / 10).forEach(value -> keys.add(value.key()));
        }
        keys.removeIf(key -> key.startsWith("ping.agent"));
        assertEquals(Set.of(AddressItem.LOSS.key(FakeTargets.ip(17))), keys);
    }

    @Test
    void theAgentTellsOfItselfOncePerInterval() {
        Map<String, List<String>> seen = new HashMap<>();
        for (int i = 0; i < 1_200; i++) {
            for (ZabbixValue value : cycle(i == 0 ? 0 : SECOND / 10)) {
                seen.computeIfAbsent(value.key(), key -> new ArrayList<>()).add(value.value());
            }
        }
        assertEquals(List.of("1700000000", "1700000060"), seen.get("ping.agent.heartbeat"));
        assertEquals(List.of("0.1.0"), seen.get("ping.agent.version"));
        assertEquals(List.of("600", "600"), seen.get("ping.agent.targets"));
        assertEquals(List.of("12.3457", "12.3457"), seen.get("ping.agent.probes.rate"));
        assertEquals(List.of("1", "1"), seen.get("ping.agent.redis.state"));
        assertEquals(List.of("0", "0"), seen.get("ping.agent.problems"));
        assertEquals(List.of("none", "none"), seen.get("ping.agent.problems.text"));
        assertEquals(AgentItem.values().length, seen.size());
    }

    @Test
    void problemsAreTold() {
        targets.problems = IntStream.range(0, 7)
                .mapToObj(i -> new Problem("job_" + i, "it is not JSON", "SET it again"))
                .toList();
        Map<String, String> seen = cycle(0).stream().collect(Collectors.toMap(ZabbixValue::key, ZabbixValue::value));
        assertEquals("7", seen.get("ping.agent.problems"));
        String text = seen.get("ping.agent.problems.text");
        assertTrue(text.startsWith("job_0: it is not JSON; SET it again\njob_1: "), text);
        assertTrue(text.endsWith("job_4: it is not JSON; SET it again\n2 more, see 'ping-agent status'"), text);
    }

    @Test
    void aLongPauseIsMadeUpForByOneRow() {
        cycle(0);
        probeAll();
        long rows = cycle(1_000 * SECOND).stream()
                .filter(value -> value.key().startsWith("ping.loss"))
                .count();
        assertEquals(600, rows);
    }

    @Test
    void targetsThatCameAreMeasuredAndTheEndTakesEverything() {
        cycle(0);
        targets.add();
        cycle(SECOND / 10);
        collector.replied(600, 1, wallNanos);
        worker.finish();
        assertTrue(queue.peek(10).values().stream()
                .anyMatch(value -> value.key().equals(AddressItem.LOSS.key(FakeTargets.ip(600)))));
    }

    @Test
    void aStartIsNoNewsUntilRedisAndTargetsAreThere() {
        targets.redisConnected = false;
        assertEquals(List.of(), cycle(0));
        assertEquals(List.of(), cycle(SECOND));
        targets.redisConnected = true;
        assertEquals(
                "1",
                cycle(SECOND).stream()
                        .filter(value -> value.key().equals(AgentItem.REDIS_STATE.key()))
                        .findFirst()
                        .orElseThrow()
                        .value());
    }

    @Test
    void aRedisThatStaysAwayIsTold() {
        targets.redisConnected = false;
        cycle(0);
        assertEquals(List.of(), cycle(14 * SECOND));
        assertEquals(
                "0",
                cycle(SECOND).stream()
                        .filter(value -> value.key().equals(AgentItem.REDIS_STATE.key()))
                        .findFirst()
                        .orElseThrow()
                        .value());
    }

    @Test
    void beforeTheFirstCatalogueNothingIsWatched() {
        targets.ready = false;
        start(false, EnumSet.of(AddressItem.LOSS));
        cycle(0);
        probeAll();
        worker.finish();
        assertEquals(List.of(), queue.peek(10).values());
    }

    private static ZabbixValue status(int target, String value, long stampNanos) {
        return ZabbixValue.at("gza", AddressItem.STATUS.key(FakeTargets.ip(target)), value, stampNanos);
    }

    private static ZabbixValue isolated(String value, long stampNanos) {
        return ZabbixValue.at("gza", AgentItem.ISOLATED.key(), value, stampNanos);
    }

    private List<ZabbixValue> interval() {
        List<ZabbixValue> made = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            made.addAll(cycle(SECOND));
        }
        return made;
    }

    private static List<ZabbixValue> of(List<ZabbixValue> values, String key) {
        return values.stream().filter(value -> value.key().equals(key)).toList();
    }

    @Test
    void nobodyGoesDownWhileIsolationIsSuspected() {
        cycle(0);
        probeAll();
        cycle(SECOND / 10);
        targets.onErrList.add(5);
        collector.isolationSuspected(true);
        for (int i = 0; i < 9; i++) {
            collector.lost(5, wallNanos + i);
        }
        assertEquals(List.of(), cycle(SECOND), "held, and rows with it");
        collector.isolationSuspected(false);
        collector.lost(5, wallNanos);
        assertTrue(cycle(SECOND / 10).contains(status(5, "0", wallNanos - SECOND / 10)));
    }

    @Test
    void isolationIsSentBeforeAnyChangeOfStatus() {
        cycle(0);
        probeAll();
        targets.onErrList.add(5);
        cycle(SECOND / 10);
        collector.isolated(true, wallNanos + 1);
        assertEquals(List.of(isolated("1", wallNanos + 1)), cycle(SECOND / 10));
        collector.isolated(false, wallNanos + 2);
        for (int i = 0; i < 3; i++) {
            collector.lost(5, wallNanos + 3 + i);
        }
        assertEquals(List.of(isolated("0", wallNanos + 2), status(5, "0", wallNanos + 5)), cycle(SECOND / 10));
    }

    @Test
    void lossesOfTheAgentsOwnOutageAreNotSent() {
        cycle(0);
        probeAll();
        interval();
        probeAll();
        for (int i = 0; i < targets.limit(); i++) {
            collector.lost(i, wallNanos);
        }
        collector.isolated(true, wallNanos);
        List<ZabbixValue> made = interval();
        collector.isolated(false, wallNanos);
        probeAll();
        made.addAll(interval());
        String loss = AddressItem.LOSS.key(FakeTargets.ip(7));
        assertEquals(
                List.of("0"), of(made, loss).stream().map(ZabbixValue::value).toList());
        List<ZabbixValue> statuses = of(made, AddressItem.STATUS.key(FakeTargets.ip(7)));
        assertEquals(2, statuses.size(), "the status that was known is repeated");
        assertTrue(statuses.stream().allMatch(value -> value.value().equals("1")));
        assertEquals(
                List.of("1", "1", "0", "0"),
                of(made, AgentItem.ISOLATED.key()).stream()
                        .map(ZabbixValue::value)
                        .toList());
    }

    @Test
    void lossesAfterAnOutageOfTheAgentsOwnAreSentAgain() {
        cycle(0);
        probeAll();
        collector.isolated(true, wallNanos);
        interval();
        collector.isolated(false, wallNanos);
        interval();
        interval();
        collector.replied(7, 1, wallNanos);
        collector.lost(7, wallNanos);
        String loss = AddressItem.LOSS.key(FakeTargets.ip(7));
        assertEquals(
                List.of("50"),
                of(interval(), loss).stream().map(ZabbixValue::value).toList());
    }

    @Test
    void isolationIsSentThoughTheRingOfChangesOverflowed() {
        start(false, EnumSet.of(AddressItem.STATUS));
        cycle(0);
        for (int i = 0; i < 20_000; i++) {
            collector.isolated(i % 2 == 0, wallNanos);
        }
        collector.isolated(true, wallNanos + 7);
        List<ZabbixValue> made = of(cycle(SECOND / 10), AgentItem.ISOLATED.key());
        assertEquals("1", made.get(made.size() - 1).value());
    }

    @Test
    void rowsGoOnAfterTheErrListUntilOneHasNoLosses() {
        start(true, EnumSet.of(AddressItem.STATUS, AddressItem.LOSS));
        String loss = AddressItem.LOSS.key(FakeTargets.ip(5));
        cycle(0);
        targets.onErrList.add(5);
        collector.lost(5, wallNanos);
        assertEquals("100", of(interval(), loss).get(0).value());
        targets.onErrList.remove(5);
        collector.lost(5, wallNanos);
        collector.replied(5, 1, wallNanos);
        assertEquals("50", of(interval(), loss).get(0).value());
        collector.replied(5, 1, wallNanos);
        assertEquals("0", of(interval(), loss).get(0).value());
        collector.replied(5, 1, wallNanos);
        assertEquals(List.of(), of(interval(), loss));
    }

    @Test
    void addressRemovedWhileDownGetsALastRow() {
        cycle(0);
        probeAll();
        targets.onErrList.add(599);
        for (int i = 0; i < 3; i++) {
            collector.lost(599, wallNanos + i);
        }
        interval();
        targets.count.set(599);
        targets.touch();
        List<ZabbixValue> made = cycle(SECOND / 10);
        assertEquals(
                List.of(
                        status(599, "1", wallNanos),
                        ZabbixValue.at("gza", AddressItem.LOSS.key(FakeTargets.ip(599)), "0", wallNanos)),
                made);
    }

    @Test
    void addressRemovedWhileUpGetsNone() {
        cycle(0);
        probeAll();
        interval();
        targets.count.set(599);
        targets.touch();
        assertEquals(List.of(), cycle(SECOND / 10));
    }

    private Set<String> hostsOfNextRows(int target) {
        Set<String> hosts = new HashSet<>();
        String ip = FakeTargets.ip(target);
        for (int step = 0; step < 61; step++) {
            probeAll();
            for (ZabbixValue value : cycle(SECOND)) {
                boolean isAgents = value.host().equals("gza");
                if (value.key().startsWith("ping.loss")
                        && (!isAgents || value.key().contains('"' + ip + '"'))) {
                    hosts.add(value.host());
                }
            }
        }
        return hosts;
    }

    @Test
    void valuesFollowTheHostsOfTheirAddress() {
        cycle(0);
        assertEquals(Set.of("gza"), hostsOfNextRows(7));

        targets.hosts.put(7, ZabbixHost.parse("router-1,router-2"));
        targets.touch();
        cycle(SECOND);
        assertEquals(Set.of("router-1", "router-2"), hostsOfNextRows(7));

        targets.hosts.remove(7);
        targets.touch();
        cycle(SECOND);
        assertEquals(Set.of("gza"), hostsOfNextRows(7));
    }

    private List<String> statusesAfterMove(int target, String hosts) {
        targets.hosts.put(target, ZabbixHost.parse(hosts));
        targets.touch();
        return cycle(SECOND / 10).stream()
                .filter(value ->
                        value.key().startsWith("ping.status") || value.key().equals("icmpping"))
                .map(value -> value.host() + ' ' + value.key() + '=' + value.value())
                .toList();
    }

    @Test
    void anOutageMovesWithItsAddress() {
        cycle(0);
        probeAll();
        cycle(SECOND / 10);
        targets.onErrList.add(7);
        for (int i = 0; i < 3; i++) {
            collector.lost(7, wallNanos + i);
        }
        cycle(SECOND / 10);
        String ip = FakeTargets.ip(7);

        assertEquals(
                List.of("gza ping.status[\"" + ip + "\"]=1", "r1 ping.status=0"),
                statusesAfterMove(7, "r1"),
                "the agent's own problem ends, the host has one at once");
        assertEquals(
                List.of("r2 icmpping=0", "r2 icmpping=0", "r2 icmpping=0"), statusesAfterMove(7, "r1,r2;icmpping"));
        assertEquals(List.of("r1 ping.status=1"), statusesAfterMove(7, "r2;icmpping"));
    }
}
