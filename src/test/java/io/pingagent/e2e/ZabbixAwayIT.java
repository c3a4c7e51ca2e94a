package io.pingagent.e2e;

import static io.pingagent.e2e.ItemHistory.key;
import static io.pingagent.e2e.ZabbixLab.ITEMS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.pingagent.e2e.IntervalCheck.Run;
import io.pingagent.e2e.IntervalCheck.Sums;
import io.pingagent.e2e.ItemHistory.Row;
import io.pingagent.testkit.Behaviour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What {@code ping-agent run} does while the Zabbix server is away, and after. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
@Tag("root")
class ZabbixAwayIT {

    private static final String VICTIM = "10.9.1.21";
    private static final List<String> WELL = Catalogue.range("10.9.1.1", 20);

    private static final long SECOND = 1_000_000_000L;
    private static final long INTERVAL_NANOS = 4 * SECOND;
    /** A cadence, a timeout, and what a busy machine takes to do things. */
    private static final long SLACK_NANOS = 3 * SECOND;

    private static ZabbixLab lab;

    @BeforeAll
    static void start() throws Exception {
        ZabbixLab.require();
        lab = new ZabbixLab();
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static long buffered() {
        JsonObject zabbix = lab.catalogue().stats("gza").getAsJsonObject("zabbix");
        return zabbix == null ? Long.MAX_VALUE : zabbix.get("buffered").getAsLong();
    }

    private static void awaitProbes(AgentProcess agent, int more) {
        int before = lab.requests(WELL.get(0)).size();
        ZabbixLab.until(agent::log, () -> lab.requests(WELL.get(0)).size() >= before + more);
    }

    /** Of any address: an agent that starts joins the round, so none is certain to be the first. */
    private static long firstProbeWallNanos(Map<String, Integer> requestsBefore) {
        long earliestNanos = WELL.stream()
                .mapToLong(address -> lab.requests(address)
                        .get(requestsBefore.getOrDefault(address, 0))
                        .timeNanos())
                .min()
                .orElseThrow();
        return ZabbixLab.wallNanos(earliestNanos);
    }

    /** A busy machine may give the agent problems of its own. */
    private static List<String> withoutTheAgentsOwn(Collection<String> problems) {
        return problems.stream()
                .filter(problem -> !problem.startsWith("Ping agent: "))
                .toList();
    }

    @Test
    void nothingIsLostOrDoubledAndNoOldValueAlarmsThoughTheAgentIsKilled() throws Exception {
        lab.responder().behave(Behaviour.delayed(Duration.ofMillis(5)));
        lab.catalogue().group("core", WELL).group("edge", VICTIM).job("second", "* * * * * *", "core", "edge");
        String hostId = lab.host("gza");
        Path configuration = lab.configuration("gza", List.of("push-interval: 4s"), "probe: {timeout: 600ms}");
        List<String> all = new ArrayList<>(WELL);
        all.add(VICTIM);

        AgentProcess first = lab.agent(configuration);
        ZabbixLab.until(first::log, () -> {
            ItemHistory history = lab.history(hostId);
            return all.stream()
                    .allMatch(address -> history.of(key("ping.jitter", address)).size() >= 2);
        });
        long awayNanos = ZabbixLab.wallNanos();
        lab.zabbix().stopServer();
        ZabbixLab.until(first::log, () -> first.log().contains("no Zabbix server takes values"));
        long waitedBefore = buffered();
        lab.responder().behave(VICTIM, Behaviour.silent());
        ZabbixLab.until(
                first::log,
                () -> lab.requests(VICTIM).stream()
                                .filter(request -> !request.answered())
                                .count()
                        >= 6);
        lab.responder().behave(VICTIM, Behaviour.delayed(Duration.ofMillis(5)));
        awaitProbes(first, 6);
        ZabbixLab.until(
                () -> first.log() + waitedBefore + " to " + buffered() + " values wait",
                () -> buffered() < Long.MAX_VALUE && buffered() > waitedBefore);
        long killedNanos = ZabbixLab.wallNanos();
        first.signal("KILL");
        first.awaitEnd(60);
        Map<String, Integer> requestsOfFirst = new HashMap<>();
        WELL.forEach(
                address -> requestsOfFirst.put(address, lab.requests(address).size()));

        AgentProcess second = lab.agent(configuration);
        awaitProbes(second, 8);
        long secondFromNanos = firstProbeWallNanos(requestsOfFirst);
        lab.zabbix().startServer();
        long backNanos = ZabbixLab.wallNanos();
        ZabbixLab.until(() -> second.log() + lab.zabbix().serverLog(), () -> {
            ItemHistory history = lab.history(hostId);
            return buffered() < 6L * all.size()
                    && all.stream().allMatch(address -> {
                        List<Row> rows = history.of(key("ping.jitter", address));
                        return rows.get(rows.size() - 1).stampNanos() > backNanos + INTERVAL_NANOS;
                    });
        });
        assertTrue(second.log().contains("takes values"), second.log());

        ItemHistory history = lab.history(hostId);
        assertEquals(0, history.doubled());
        long firstFromNanos = firstProbeWallNanos(Map.of());
        IntervalCheck check = new IntervalCheck(
                INTERVAL_NANOS,
                SLACK_NANOS,
                new Run(firstFromNanos, killedNanos),
                new Run(secondFromNanos, backNanos + INTERVAL_NANOS));
        Sums sums = Sums.NONE;
        for (String address : WELL) {
            Set<Long> stamps = history.of(key("ping.loss", address)).stream()
                    .map(Row::stampNanos)
                    .collect(Collectors.toSet());
            for (String item : ITEMS) {
                List<Row> rows = new ArrayList<>(history.of(key(item, address)));
                if (item.equals("ping.status")) {
                    // Changes are told beside.
                    rows.removeIf(row -> !stamps.contains(row.stampNanos()));
                }
                Sums ofItem = check.check(rows);
                assertTrue(ofItem.faultless(), item + " of " + address + ": " + ofItem + " " + rows);
                sums = sums.plus(ofItem);
            }
        }
        System.out.printf(
                "server away %.0f s, kill -9 of the agent after %.0f s of it: %s%n",
                (backNanos - awayNanos) / 1e9, (killedNanos - awayNanos) / 1e9, sums);

        StringBuilder statuses = new StringBuilder();
        long downNanos = 0;
        for (Row row : history.of(key("ping.status", VICTIM))) {
            statuses.append(row.value());
            downNanos = downNanos == 0 && row.value().signum() == 0 ? row.stampNanos() : downNanos;
        }
        assertTrue(statuses.toString().matches("1+0+1+"), statuses.toString());
        // The one outage, at the time when it was, and over.
        String problem = "Ping " + VICTIM + ": Down";
        assertEquals(List.of(problem), withoutTheAgentsOwn(lab.problemNames(hostId)));
        assertEquals(
                String.format("%d|%d", downNanos / SECOND, downNanos % SECOND),
                lab.zabbix()
                        .sql("select clock, ns from events where source = 0 and object = 0 and value = 1 and name = '"
                                + problem + "'"));
        assertEquals(List.of(), withoutTheAgentsOwn(lab.problems(hostId).keySet()));
    }
}
