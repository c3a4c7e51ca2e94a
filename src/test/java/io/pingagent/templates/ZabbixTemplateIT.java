package io.pingagent.templates;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.testkit.ZabbixApi;
import io.pingagent.testkit.ZabbixApi.HistoryValue;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.testkit.ZabbixStack.Value;
import io.pingagent.zabbix.AgentItem;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The templates on a real Zabbix server. Every test has a Zabbix host of its own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("root")
class ZabbixTemplateIT {

    private static final String AGENT_TEMPLATE = "Ping agent by Zabbix trapper";
    private static final String HOSTS_TEMPLATE = "Ping addresses as hosts by Zabbix trapper";
    private static final List<String> ADDRESS_ITEMS =
            List.of("ping.status", "ping.loss", "ping.rtt", "ping.rtt.min", "ping.rtt.max", "ping.jitter");

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static ZabbixStack zabbix;
    private static ZabbixApi api;
    private static String agentYaml;
    private static String hostsYaml;

    @BeforeAll
    static void start() throws IOException {
        ZabbixStack.require();
        agentYaml = Files.readString(TemplateFile.path("6.0", TemplateFile.AGENT));
        hostsYaml = Files.readString(TemplateFile.path("6.0", TemplateFile.HOSTS));
        long startNanos = System.nanoTime();
        zabbix = ZabbixStack.started();
        System.out.printf("Zabbix stack started in %.1f s%n", (System.nanoTime() - startNanos) / 1e9);
        api = zabbix.api();
        api.importYaml(agentYaml);
        api.importYaml(hostsYaml);
    }

    @AfterAll
    static void stop() {
        if (zabbix != null) {
            zabbix.close();
        }
    }

    /** The last: an import writes to the hosts of all other tests, and one of them may still be running. */
    @Test
    @Order(Integer.MAX_VALUE)
    void importsASecondTimeWithoutAnyChange() throws IOException {
        assertEquals("[]", api.importCompare(agentYaml).toString());
        assertEquals("[]", api.importCompare(hostsYaml).toString());
        String id = new Agent("agent-import").id;
        // Of the templates and of one host that nobody else changes; widgets belong to templates alone.
        String items = "items i join hosts h using (hostid) where h.status = 3 or h.hostid = " + id;
        String countAll = "select (select count(*) from " + items
                + "), (select count(distinct triggerid) from functions"
                + " where itemid in (select itemid from " + items + ")), (select count(distinct graphid) from"
                + " graphs_items where itemid in (select itemid from " + items + ")), (select count(*) from widget),"
                + " (select count(*) from valuemap join hosts h using (hostid) where h.status = 3),"
                + " (select count(*) from hosts where status = 3)";
        String before = zabbix.sql(countAll);
        api.importYaml(agentYaml);
        api.importYaml(hostsYaml);
        assertEquals(before, zabbix.sql(countAll));
        assertEquals("[]", api.importCompare(agentYaml).toString());
    }

    @Test
    void everyItemOfAnAddressTakesItsValueWithClockAndNanos() throws IOException {
        Agent agent = new Agent("agent-values");
        List<String> addresses = List.of("192.0.2.1", "2001:db8::1", "fe80::1%eth0");
        agent.discover(document(rows("core", addresses)));
        long now = System.currentTimeMillis() / 1_000;
        List<Value> values = new ArrayList<>();
        List<String> texts = List.of("1", "2.5", "0.011204", "0.0105", "0.0131", "0.0004");
        for (String address : addresses) {
            for (int i = 0; i < ADDRESS_ITEMS.size(); i++) {
                values.add(
                        new Value(agent.name, key(ADDRESS_ITEMS.get(i), address), now, 123_456_000 + i, texts.get(i)));
            }
        }
        zabbix.sendAccepted(values);
        for (Value value : values) {
            List<HistoryValue> history = agent.awaitHistory(value.key(), 1);
            assertEquals(now, history.get(0).clock(), value.key());
            assertEquals(value.nanos(), history.get(0).nanos(), value.key());
            assertEquals(
                    Double.parseDouble(value.value()),
                    Double.parseDouble(history.get(0).value()),
                    value.key());
        }
        JsonObject status = agent.items().get(key("ping.status", "fe80::1%eth0"));
        assertEquals(
                Set.of("address=fe80::1%eth0", "component=ping", "group=core", "job=j"),
                tags(status.getAsJsonArray("tags")));
        assertTrue(api.graphs(agent.id)
                .containsAll(List.of(
                        "Ping 2001:db8::1: Round-trip time and loss",
                        "Ping 2001:db8::1: Loss",
                        "Ping agent: Addresses")));
    }

    @Test
    void everyItemOfTheAgentTakesItsValue() throws IOException {
        Agent agent = new Agent("agent-items");
        for (int round = 0; round < 2; round++) {
            List<Value> values = new ArrayList<>();
            for (String key : agent.items().keySet()) {
                values.add(agent.value(key, key.equals("ping.agent.version") ? "0.1.0" : Integer.toString(round + 1)));
            }
            assertEquals(AgentItem.values().length, values.size(), values.toString());
            zabbix.sendAccepted(values);
        }
        for (String key : agent.items().keySet()) {
            agent.awaitHistory(key, 1);
        }
        agent.items().forEach((key, item) -> assertEquals("", item.get("error").getAsString(), key));
    }

    @Test
    void anOutageIsAProblemAtOnceAndRecovers() throws IOException {
        Agent agent = new Agent("agent-outage");
        agent.discover(document(rows("core", List.of("192.0.2.1", "192.0.2.2"))));
        agent.sendNew("ping.status", "192.0.2.1", "1");
        agent.sendNew("ping.status", "192.0.2.2", "1");
        long startNanos = System.nanoTime();
        agent.send("ping.status", "192.0.2.1", "0");
        agent.awaitProblems("Ping 192.0.2.1: Down");
        System.out.printf("status 0 to problem: %.2f s%n", (System.nanoTime() - startNanos) / 1e9);
        JsonObject problem = api.problems(agent.id).get("Ping 192.0.2.1: Down");
        assertEquals("4", problem.get("severity").getAsString());
        assertEquals("Status: Down (0)", problem.get("opdata").getAsString());
        assertEquals(
                Set.of(
                        "address=192.0.2.1",
                        "component=ping",
                        "group=core",
                        "job=j",
                        "scope=availability",
                        "target=ping-agent"),
                tags(problem.getAsJsonArray("tags")));
        agent.send("ping.status", "192.0.2.1", "1");
        agent.awaitProblems();
    }

    @Test
    void aGroupHasThresholdsOfItsOwn() throws IOException {
        Agent agent = new Agent("agent-groups");
        api.addHostMacro(agent.id, "{$PING.RTT.WARN:\"edge\"}", "0.5");
        api.addHostMacro(agent.id, "{$PING.LOSS.WARN:\"edge\"}", "60");
        api.addHostMacro(agent.id, "{$PING.CONTROL:\"lab\"}", "0");
        agent.discover(document(
                rows("core", List.of("192.0.2.1")),
                rows("edge", List.of("192.0.2.2")),
                rows("lab", List.of("192.0.2.3"))));
        for (String address : List.of("192.0.2.1", "192.0.2.2")) {
            agent.sendNew("ping.loss", address, "50");
            agent.sendNew("ping.loss", address, "50");
        }
        agent.sendNew("ping.rtt", "192.0.2.1", "0.3");
        agent.sendNew("ping.rtt", "192.0.2.1", "0.3");
        agent.awaitHistory(key("ping.rtt", "192.0.2.1"), 2);
        // A few values, as of an address that was just discovered, are no problem.
        agent.onlyProblems();
        for (String address : List.of("192.0.2.1", "192.0.2.2")) {
            agent.sendNew("ping.loss", address, "50");
        }
        agent.awaitProblems("Ping 192.0.2.1: High loss");
        for (String address : List.of("192.0.2.1", "192.0.2.2")) {
            agent.sendNewOften("ping.rtt", address, "0.3");
        }
        agent.sendNew("ping.status", "192.0.2.3", "0");
        agent.awaitHistory(key("ping.rtt", "192.0.2.1"), 5);
        // The RTT problem of an address waits while it loses packets.
        agent.onlyProblems("Ping 192.0.2.1: High loss");
        agent.send("ping.rtt", "192.0.2.2", "1.9");
        agent.awaitProblems("Ping 192.0.2.1: High loss", "Ping 192.0.2.2: High round-trip time");
    }

    @Test
    void lossWaitsWhileTheAddressIsDown() throws IOException {
        Agent agent = new Agent("agent-loss");
        agent.discover(document(rows("core", List.of("192.0.2.1"))));
        agent.sendNew("ping.status", "192.0.2.1", "0");
        agent.awaitProblems("Ping 192.0.2.1: Down");
        agent.sendNewOften("ping.loss", "192.0.2.1", "50");
        agent.sendNewOften("ping.rtt", "192.0.2.1", "0.9");
        agent.awaitHistory(key("ping.rtt", "192.0.2.1"), 3);
        agent.onlyProblems("Ping 192.0.2.1: Down");
        agent.send("ping.status", "192.0.2.1", "1");
        agent.awaitProblems();
        agent.send("ping.loss", "192.0.2.1", "40");
        agent.awaitProblems("Ping 192.0.2.1: High loss");
    }

    @Test
    void anIsolatedAgentIsOneProblemThatLeavesNoneBehind() throws IOException {
        Agent agent = new Agent("agent-cut");
        api.addHostMacro(agent.id, "{$PING.MASS.MIN}", "2");
        agent.discover(document(rows("core", List.of("192.0.2.1"))));
        agent.sendNew("ping.status", "192.0.2.1", "0");
        agent.awaitProblems("Ping 192.0.2.1: Down");
        Set<String> troubles = Set.of(
                "ping.agent.send.errors", "ping.agent.send.omitted", "ping.agent.targets", "ping.agent.errlist.size");
        agent.sendAgent("ping.agent.isolated", "0");
        agent.sendAgent(troubles, unused -> "1");
        agent.sendAgent("ping.agent.isolated", "1");
        String cutOff = "Ping agent: agent-cut is cut off from its network";
        agent.awaitProblems("Ping 192.0.2.1: Down", cutOff);
        assertEquals("4", api.problems(agent.id).get(cutOff).get("severity").getAsString());
        agent.sendAgent(troubles, unused -> "2");
        agent.sendAgent("ping.agent.problems.text", "network: no probe was answered");
        agent.awaitHistory("ping.agent.problems.text", 1);
        agent.onlyProblems("Ping 192.0.2.1: Down", cutOff);
        agent.sendAgent("ping.agent.errlist.size", "0");
        agent.sendAgent("ping.agent.problems.text", "none");
        agent.sendAgent("ping.agent.isolated", "0");
        agent.sendAgent(Set.of("ping.agent.send.errors", "ping.agent.send.omitted"), unused -> "3");
        agent.send("ping.status", "192.0.2.1", "1");
        agent.awaitProblems();
        agent.awaitHistory("ping.agent.send.errors", 2);
        agent.onlyProblems();
    }

    @Test
    void halfOfAllAddressesIsAWarningOfItsOwn() throws IOException {
        Agent agent = new Agent("agent-mass");
        api.addHostMacro(agent.id, "{$PING.MASS.MIN}", "2");
        agent.discover(document(rows("core", List.of("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"))));
        agent.sendNew("ping.status", "192.0.2.1", "1");
        agent.sendAgent("ping.agent.targets", "4");
        agent.sendAgent("ping.agent.errlist.size", "1");
        agent.awaitHistory("ping.agent.errlist.size", 1);
        agent.onlyProblems();
        agent.sendAgent("ping.agent.errlist.size", "2");
        String mass = "Ping agent: 2 of 4 addresses are on the err list";
        agent.awaitProblems(mass);
        assertEquals("2", api.problems(agent.id).get(mass).get("severity").getAsString());
        // Those of single addresses neither wait for it nor end with it.
        agent.send("ping.status", "192.0.2.1", "0");
        agent.awaitProblems(mass, "Ping 192.0.2.1: Down");
        agent.send("ping.status", "192.0.2.1", "1");
        agent.awaitProblems(mass);
        agent.sendAgent("ping.agent.errlist.size", "1");
        agent.awaitProblems();
    }

    @Test
    void theAgentsTroublesAreProblemsUntilTheyEnd() throws IOException {
        Agent agent = new Agent("agent-troubles");
        api.addHostMacro(agent.id, "{$PING.AGENT.WINDOW}", "12s");
        api.addHostMacro(agent.id, "{$PING.BUFFER.MAX}", "10");
        zabbix.reloadConfiguration();
        Map<String, String> problems = Map.ofEntries(
                Map.entry("ping.agent.kernel.drops", "Ping agent: The kernel drops packets"),
                Map.entry("ping.agent.overruns", "Ping agent: Rounds do not end in time"),
                Map.entry("ping.agent.invalidated", "Ping agent: Probes do not count because the agent is overloaded"),
                Map.entry("ping.agent.send.errors", "Ping agent: Probes cannot be sent"),
                Map.entry("ping.agent.send.omitted", "Ping agent: Probes find no room in the send queues"),
                Map.entry("ping.agent.refused", "Ping agent: Many replies are refused"),
                Map.entry("ping.agent.buffer.dropped", "Ping agent: Values were dropped"),
                Map.entry("ping.agent.buffer.values", "Ping agent: Values wait too long"),
                Map.entry("ping.agent.redis.state", "Ping agent: Redis is unreachable"),
                Map.entry("ping.agent.targets", "Ping agent: No address is probed"));
        // Totals of the agent that were there before the template are no news.
        for (int i = 0; i < 3; i++) {
            agent.sendAgent(problems.keySet(), key -> {
                boolean away = key.equals("ping.agent.redis.state") || key.equals("ping.agent.targets");
                return away ? "1" : key.equals("ping.agent.buffer.values") ? "0" : "1000";
            });
        }
        agent.awaitHistory("ping.agent.kernel.drops", 2);
        agent.onlyProblems();
        for (int i = 0; i < 3; i++) {
            agent.sendAgent(problems.keySet(), key -> {
                boolean away = key.equals("ping.agent.redis.state") || key.equals("ping.agent.targets");
                return away ? "0" : "1500";
            });
        }
        agent.awaitProblems(problems.values().toArray(String[]::new));
        // A restart of the agent begins its counters anew, which is no loss either.
        pause(13);
        for (int i = 0; i < 2; i++) {
            agent.sendAgent(problems.keySet(), key -> {
                boolean away = key.equals("ping.agent.redis.state") || key.equals("ping.agent.targets");
                return away ? "1" : key.equals("ping.agent.buffer.dropped") ? "1500" : "3";
            });
        }
        agent.awaitProblems();
        agent.sendAgent("ping.agent.version", "0.1.0");
        agent.sendAgent("ping.agent.version", "0.2.0");
        agent.awaitProblems("Ping agent: Version has changed");
    }

    @Test
    void whatPeopleHaveToMendIsAProblemWithItsText() throws IOException {
        Agent agent = new Agent("agent-attention");
        agent.sendAgent("ping.agent.problems.text", "none");
        agent.awaitHistory("ping.agent.problems.text", 1);
        agent.onlyProblems();
        String text = "job_core: it is not JSON, the definition of 06:00:00Z goes on; SET it again\njob_b: the same";
        agent.sendAgent("ping.agent.problems.text", text);
        agent.awaitProblems("Ping agent: Something needs attention");
        assertEquals(
                text, agent.awaitHistory("ping.agent.problems.text", 2).get(1).value());
        agent.sendAgent("ping.agent.problems.text", "none");
        agent.awaitProblems();
    }

    /** Beside the other tests, as it waits for half a minute and more. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void nothingElseIsToldWhileTheAgentIsAway() throws IOException {
        Agent agent = new Agent("agent-away");
        api.addHostMacro(agent.id, "{$PING.AGENT.NODATA}", "5s");
        agent.discover(document(rows("core", List.of("192.0.2.1"))));
        agent.sendNew("ping.status", "192.0.2.1", "1");
        agent.sendAgent("ping.agent.heartbeat", Long.toString(System.currentTimeMillis() / 1_000));
        // Zabbix looks every 30 s whether data is missing.
        String away = "Ping agent: No data received from agent-away for 5s";
        agent.await(Duration.ofMinutes(3))
                .until(() -> api.problems(agent.id).keySet().equals(Set.of(away)));
        agent.send("ping.status", "192.0.2.1", "0");
        agent.sendAgent("ping.agent.redis.state", "0");
        agent.sendAgent("ping.agent.redis.state", "0");
        agent.awaitHistory("ping.agent.redis.state", 2);
        agent.awaitHistory(key("ping.status", "192.0.2.1"), 2);
        agent.onlyProblems(away);
        // Again and again: it has to last until it is seen.
        agent.await(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            agent.sendAgent("ping.agent.heartbeat", Long.toString(System.currentTimeMillis() / 1_000));
            return api.problems(agent.id).isEmpty();
        });
    }

    @Test
    void filtersAndBriefGroupsLeaveItemsOut() throws IOException {
        Agent agent = new Agent("agent-filter");
        api.addHostMacro(agent.id, "{$PING.LLD.FILTER.GROUP.NOT_MATCHES}", "^lab$");
        api.addHostMacro(agent.id, "{$PING.LLD.BRIEF.GROUP.MATCHES}", "^brief$");
        api.addHostMacro(agent.id, "{$PING.LLD.HEARTBEAT}", "1s");
        String document = document(
                rows("brief", List.of("192.0.2.1")),
                rows("lab", List.of("192.0.2.2")),
                rows("core", List.of("192.0.2.3")));
        agent.discover(document);
        Set<String> keys = agent.items().keySet();
        assertTrue(keys.contains(key("ping.rtt", "192.0.2.1")));
        assertFalse(keys.contains(key("ping.rtt.min", "192.0.2.1")));
        assertFalse(keys.contains(key("ping.rtt.max", "192.0.2.1")));
        assertFalse(keys.contains(key("ping.jitter", "192.0.2.1")));
        assertFalse(keys.contains(key("ping.status", "192.0.2.2")));
        assertTrue(keys.contains(key("ping.jitter", "192.0.2.3")));
        assertEquals("", agent.ruleError("ping.discovery"));
        List<String> graphs = api.graphs(agent.id);
        assertTrue(graphs.contains("Ping 192.0.2.1: Loss"), graphs.toString());
        assertFalse(graphs.contains("Ping 192.0.2.1: Round-trip time and loss"), graphs.toString());
        // A changed macro acts with the next list, although that is the same.
        JsonObject parameters = ZabbixApi.object("hostids", agent.id);
        parameters.add("filter", ZabbixApi.object("macro", "{$PING.LLD.FILTER.GROUP.NOT_MATCHES}"));
        String macroId = api.call("usermacro.get", parameters)
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("hostmacroid")
                .getAsString();
        api.call("usermacro.update", ZabbixApi.object("hostmacroid", macroId, "value", "^none$"));
        zabbix.reloadConfiguration();
        // The heartbeat's second.
        pause(1);
        discover(
                agent.value("ping.discovery", document),
                () -> agent.items().containsKey(key("ping.status", "192.0.2.2")));
    }

    @Test
    void theErrListHasItemsOfItsOwn() throws IOException {
        Agent agent = new Agent("agent-errlist");
        api.addHostMacro(agent.id, "{$PING.LLD.ERRLIST.MAX}", "2");
        agent.discover(document(rows("core", List.of("192.0.2.1", "192.0.2.2", "192.0.2.3"))));
        agent.sendNew("ping.loss", "192.0.2.1", "12.5");
        String loss = key("ping.errlist.loss", "192.0.2.1");
        discover(
                agent.value("ping.errlist.discovery", document(rows("core", List.of("192.0.2.1")))),
                () -> agent.items().containsKey(loss));
        zabbix.reloadConfiguration();
        JsonObject task = new JsonObject();
        task.addProperty("type", 6);
        task.add(
                "request",
                ZabbixApi.object("itemid", agent.items().get(loss).get("itemid").getAsString()));
        api.call("task.create", task);
        assertEquals(12.5, Double.parseDouble(agent.awaitHistory(loss, 1).get(0).value()));
        // A long list, as in a large outage, changes nothing, and the rule says why.
        zabbix.sendAccepted(List.of(agent.value(
                "ping.errlist.discovery", document(rows("core", List.of("192.0.2.1", "192.0.2.2", "192.0.2.3"))))));
        agent.await(PATIENCE)
                .until(() -> agent.ruleError("ping.errlist.discovery")
                        .contains("the err list has 3 addresses, more than 2"));
        assertTrue(agent.items().containsKey(loss));
        assertFalse(agent.items().containsKey(key("ping.errlist.loss", "192.0.2.2")));
        discover(
                agent.value("ping.errlist.discovery", document(rows("core", List.of("192.0.2.1", "192.0.2.2")))),
                () -> agent.items().containsKey(key("ping.errlist.loss", "192.0.2.2")));
        agent.await(PATIENCE)
                .until(() -> agent.ruleError("ping.errlist.discovery").isEmpty());
    }

    @Test
    void eachAddressBecomesAHost() throws IOException {
        String agent = "agent-hosts";
        String id = api.createHost(agent, api.templateId(AGENT_TEMPLATE), api.templateId(HOSTS_TEMPLATE));
        api.addHostMacro(id, "{$PING.HOSTS.FILTER.GROUP.NOT_MATCHES}", "^lab$");
        zabbix.reloadConfiguration();
        long now = System.currentTimeMillis() / 1_000;
        Value discovery = new Value(
                agent,
                "ping.hosts.discovery",
                now,
                1,
                document(
                        rows("core", List.of("192.0.2.1", "2001:db8::1", "fe80::1%eth0")),
                        rows("lab", List.of("192.0.2.9"))));
        List<String> names = List.of("ping gza 192.0.2.1", "ping gza 2001-db8--1", "ping gza fe80--1-eth0");
        discover(
                discovery,
                () -> names.stream()
                        .allMatch(name -> zabbix.sql("select hostid from hosts where host = '" + name + "'")
                                .matches("[0-9]+")));
        assertEquals("3", zabbix.sql("select count(*) from hosts where host like 'ping gza %'"));
        zabbix.reloadConfiguration();
        List<Value> values = new ArrayList<>();
        for (String name : names) {
            for (String item : ADDRESS_ITEMS) {
                values.add(new Value(name, item, now, 5, item.equals("ping.status") ? "1" : "0.1"));
            }
            values.add(new Value(name, "ping.status", now + 1, 5, "0"));
        }
        zabbix.sendAccepted(values);
        String second = api.hostId("ping gza 2001-db8--1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertEquals(
                        Set.of("Ping: 2001:db8::1 (gza) is down"),
                        api.problems(second).keySet()));
        // For the search, and for the scripts Ping and Traceroute.
        for (int i = 0; i < names.size(); i++) {
            assertEquals(
                    List.of("192.0.2.1", "2001:db8::1", "fe80::1%eth0").get(i),
                    zabbix.sql(
                            "select ip from interface join hosts using (hostid) where host = '" + names.get(i) + "'"));
        }
        assertEquals(
                "Ping addresses,Ping addresses/gza/core",
                zabbix.sql("select string_agg(g.name, ',' order by g.name) from hstgrp g join hosts_groups h using"
                        + " (groupid) where h.hostid = " + second));
    }

    /**
     * Sends a discovery until it has had its effect, as agents do: the server gives one up where its transaction meets one of
     * the API, of a test beside this one. Each time as of now: the same list within a second is discarded, by its time and not
     * by when it comes.
     */
    private static void discover(Value discovery, Callable<Boolean> hasDone) throws IOException {
        for (int i = 0; i < 6; i++) {
            Instant now = Instant.now();
            zabbix.sendAccepted(List.of(new Value(
                    discovery.host(), discovery.key(), now.getEpochSecond(), now.getNano(), discovery.value())));
            try {
                await().atMost(PATIENCE.dividedBy(3))
                        .pollInterval(Duration.ofMillis(100))
                        .until(hasDone);
                return;
            } catch (ConditionTimeoutException e) {
                System.out.println("nothing has come of " + discovery.key() + " of " + discovery.host() + " yet");
                // A reload that comes while the server is at another one is lost.
                zabbix.reloadConfiguration();
            }
        }
        throw new AssertionError("no discovery:\n" + zabbix.serverLog());
    }

    private static void pause(long seconds) {
        await().pollDelay(Duration.ofSeconds(seconds))
                .timeout(PATIENCE.plusSeconds(seconds))
                .until(() -> true);
    }

    private static String key(String item, String address) {
        return item + "[\"" + address + "\"]";
    }

    private static List<String> rows(String group, List<String> addresses) {
        return addresses.stream()
                .map(address -> "{\"{#IP}\":\"" + address + "\",\"{#GROUP}\":\"" + group
                        + "\",\"{#JOB}\":\"j\",\"{#AGENT}\":\"gza\",\"{#WHO}\":\"" + address
                        + "\",\"{#ITEMS}\":\"\",\"{#NAME}\":\"" + address
                        + "\",\"{#LABELS}\":\"\",\"{#LABEL.SITE}\":\"\",\"{#PARENT}\":\"\"}")
                .toList();
    }

    @SafeVarargs
    private static String document(List<String>... rows) {
        List<String> all = new ArrayList<>();
        for (List<String> group : rows) {
            all.addAll(group);
        }
        return "[" + String.join(",", all) + "]";
    }

    private static Set<String> tags(JsonArray tags) {
        Set<String> texts = new TreeSet<>();
        tags.forEach(tag -> texts.add(tag.getAsJsonObject().get("tag").getAsString() + "="
                + tag.getAsJsonObject().get("value").getAsString()));
        assertEquals(tags.size(), texts.size(), tags.toString());
        return texts;
    }

    /** A Zabbix host with the agent's template, known to the server. */
    private static final class Agent {

        private final String name;
        private final String id;

        Agent(String name) throws IOException {
            this.name = name;
            this.id = api.createHost(name, api.templateId(AGENT_TEMPLATE));
            zabbix.reloadConfiguration();
        }

        ConditionFactory await(Duration limit) {
            return Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(100));
        }

        /** Waits until all that comes of a document with one address or more is there, and known to the server. */
        void discover(String document) throws IOException {
            int ownGraphs = api.graphs(id).size();
            // The server must know the macros of this host before.
            zabbix.reloadConfiguration();
            // Graphs come last, after items and triggers.
            ZabbixTemplateIT.discover(
                    value("ping.discovery", document), () -> api.graphs(id).size() > ownGraphs);
            zabbix.reloadConfiguration();
        }

        /** A value measured now. */
        Value value(String key, String text) {
            Instant now = Instant.now();
            return new Value(name, key, now.getEpochSecond(), now.getNano(), text);
        }

        /** The first value of a discovered item, which the server may not know at once. */
        void sendNew(String item, String address, String text) throws IOException {
            zabbix.sendAccepted(List.of(value(key(item, address), text)));
        }

        /** Enough values for a problem. */
        void sendNewOften(String item, String address, String text) throws IOException {
            for (int i = 0; i < 3; i++) {
                sendNew(item, address, text);
            }
        }

        void send(String item, String address, String text) throws IOException {
            sendAgent(key(item, address), text);
        }

        void sendAgent(String key, String text) throws IOException {
            sendAgent(Set.of(key), unused -> text);
        }

        /** All at once. */
        void sendAgent(Set<String> keys, UnaryOperator<String> textOfKey) throws IOException {
            List<Value> values =
                    keys.stream().map(key -> value(key, textOfKey.apply(key))).toList();
            assertEquals(new ZabbixStack.Sent(values.size(), 0), zabbix.send(values));
        }

        Map<String, JsonObject> items() throws IOException {
            return api.items(id);
        }

        String ruleError(String key) throws IOException {
            return api.discoveryRules(id).get(key).get("error").getAsString();
        }

        List<HistoryValue> awaitHistory(String key, int count) throws IOException {
            JsonObject item = items().get(key);
            await(PATIENCE).until(() -> api.history(item).size() >= count);
            return api.history(item);
        }

        /** As {@link #awaitProblems}, and nothing else comes for two seconds. */
        void onlyProblems(String... names) throws IOException {
            awaitProblems(names);
            pause(2);
            awaitProblems(names);
        }

        /** Waits until exactly these are open. */
        void awaitProblems(String... names) throws IOException {
            Set<String> expected = new TreeSet<>(List.of(names));
            try {
                await(PATIENCE).until(() -> new TreeSet<>(api.problems(id).keySet()).equals(expected));
            } catch (ConditionTimeoutException e) {
                assertEquals(expected, new TreeSet<>(api.problems(id).keySet()), "problems of " + name);
            }
        }
    }
}
