package io.pingagent.templates;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.pingagent.testkit.ZabbixApi;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.testkit.ZabbixStack.Value;
import io.pingagent.testkit.ZabbixVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What real servers make of rows that name items, names and labels, and of values that only some agents send. */
@Execution(ExecutionMode.SAME_THREAD)
@ParameterizedClass
@EnumSource
@Tag("root")
class TemplateOptInIT {

    private static final String IP = "192.0.2.7";
    private static final Set<String> ALWAYS = Set.of("status", "loss", "rtt", "rtt.min", "rtt.max", "jitter");

    private static final Map<ZabbixVersion, ZabbixStack> STACKS = new ConcurrentHashMap<>();

    @Parameter
    ZabbixVersion version;

    private ZabbixStack zabbix;
    private ZabbixApi api;
    private String host;
    private String name;

    @BeforeParameterizedClassInvocation
    static void start(ZabbixVersion version) throws IOException {
        ZabbixStack stack = ZabbixStack.started(version);
        STACKS.put(version, stack);
        stack.api().importYaml(Files.readString(version.template(TemplateFile.AGENT)));
        stack.api().importYaml(Files.readString(version.template(TemplateFile.HOSTS)));
        stack.api().importYaml(Files.readString(version.template(TemplateFile.ICMP)));
    }

    @AfterParameterizedClassInvocation
    static void stop(ZabbixVersion version) {
        ZabbixStack stack = STACKS.remove(version);
        if (stack != null) {
            stack.close();
        }
    }

    @BeforeEach
    void open() {
        zabbix = STACKS.get(version);
        api = zabbix.api();
    }

    private void host(String agent, String... templates) throws IOException {
        name = agent;
        List<String> ids = new ArrayList<>();
        for (String template : templates) {
            ids.add(api.templateId(template));
        }
        host = api.createHost(agent, ids.toArray(String[]::new));
        zabbix.reloadConfiguration();
    }

    private static String row(String items, String named) {
        return rowOf(IP, named + ",\"{#ITEMS}\":\"" + items + "\"");
    }

    /** @param more macros that agents had not always */
    private static String rowOf(String ip, String more) {
        return "{\"{#IP}\":\"" + ip + "\",\"{#GROUP}\":\"core\",\"{#JOB}\":\"j\",\"{#AGENT}\":\"gza\"" + more + "}";
    }

    private static String names(String who, String name, String labels, String site) {
        return ",\"{#WHO}\":\"" + who + "\",\"{#NAME}\":\"" + name + "\",\"{#LABELS}\":\"" + labels
                + "\",\"{#LABEL.SITE}\":\"" + site + "\",\"{#PARENT}\":\"\"";
    }

    private Value value(String key, String text) {
        Instant now = Instant.now();
        return new Value(name, key, now.getEpochSecond(), now.getNano(), text);
    }

    private void send(String item, String text) throws IOException {
        zabbix.sendAccepted(List.of(value("ping." + item + "[\"" + IP + "\"]", text)));
    }

    /** Names of the items of the address. */
    private Set<String> items() throws IOException {
        return api.items(host).keySet().stream()
                .filter(key -> key.endsWith("[\"" + IP + "\"]"))
                .map(key -> key.substring("ping.".length(), key.indexOf('[')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void discover(String key, String row, Set<String> expected) throws IOException {
        patiently().untilAsserted(() -> {
            zabbix.sendAccepted(List.of(value(key, "[" + row + "]")));
            await().atMost(Duration.ofSeconds(8)).untilAsserted(() -> assertEquals(new TreeSet<>(expected), items()));
        });
        zabbix.reloadConfiguration();
    }

    private String ruleError(String key) throws IOException {
        return api.discoveryRules(host).get(key).get("error").getAsString();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(300));
    }

    private void awaitProblems(String... expected) {
        patiently()
                .untilAsserted(() -> assertEquals(
                        new TreeSet<>(Set.of(expected)),
                        new TreeSet<>(api.problems(host).keySet())));
    }

    private static Set<String> with(String... more) {
        Set<String> all = new TreeSet<>(ALWAYS);
        all.addAll(List.of(more));
        return all;
    }

    private static String tags(JsonObject of) {
        List<String> tags = new ArrayList<>();
        of.getAsJsonArray("tags")
                .forEach(tag -> tags.add(tag.getAsJsonObject().get("tag").getAsString() + "="
                        + tag.getAsJsonObject().get("value").getAsString()));
        return tags.stream().sorted().collect(Collectors.joining(" "));
    }

    /** Agents and templates are not updated at the same moment. */
    @Test
    void rowsOfAnEarlierAgentMakeTheItemsThatTheyAlwaysMade() throws IOException {
        host("earlier", "Ping agent by Zabbix trapper");
        discover("ping.discovery", rowOf(IP, ""), ALWAYS);
        // Said once for all rows of a list; nothing comes of it.
        assertTrue(ruleError("ping.discovery").contains("no value received for macro"), ruleError("ping.discovery"));
        assertEquals(
                Set.of("Ping " + IP + ": Down", "Ping " + IP + ": High loss", "Ping " + IP + ": High round-trip time"),
                ownTriggers());
        assertEquals(
                "address=" + IP + " component=ping group=core job=j",
                tags(api.items(host).get("ping.status[\"" + IP + "\"]")));
    }

    private Set<String> ownTriggers() throws IOException {
        return api.triggers(host).keySet().stream()
                .filter(trigger -> trigger.contains(IP))
                .collect(Collectors.toSet());
    }

    @Test
    void onlyItemsThatTheRowNamesAreMadeWithTheirTriggers() throws IOException {
        host("opted", "Ping agent by Zabbix trapper");
        discover("ping.discovery", row("rtt.p95,ttl", names(IP, IP, "", "")), with("rtt.p95", "ttl"));
        assertEquals("", ruleError("ping.discovery"));
        assertTrue(
                ownTriggers().contains("Ping " + IP + ": Path length has changed"),
                ownTriggers().toString());
        assertFalse(
                ownTriggers().contains("Ping " + IP + ": Path at the outage"),
                ownTriggers().toString());
        send("rtt.p95", "0.0123");
        send("ttl", "57");
        send("ttl", "57");
        awaitProblems();
        send("ttl", "52");
        awaitProblems("Ping " + IP + ": Path length has changed");
        assertEquals(
                "TTL: 52",
                api.problems(host)
                        .get("Ping " + IP + ": Path length has changed")
                        .get("opdata")
                        .getAsString());
    }

    @Test
    void namesAndLabelsAreInEventsAndTags() throws IOException {
        host("named", "Ping agent by Zabbix trapper");
        discover(
                "ping.discovery",
                row(
                        "rtt.p50,rtt.p95,rtt.p99,rtt.stddev,ttl,path",
                        names("core-1 (" + IP + ")", "core-1", "site=ams role=core", "ams")),
                with("rtt.p50", "rtt.p95", "rtt.p99", "rtt.stddev", "ttl", "path"));
        String tags = "address=" + IP + " component=ping group=core job=j labels=site=ams role=core name=core-1";
        assertEquals(tags + " site=ams", tags(api.items(host).get("ping.status[\"" + IP + "\"]")));
        send("status", "1");
        send("status", "0");
        String down = "Ping core-1 (" + IP + "): Down";
        awaitProblems(down);
        assertEquals(
                tags + " scope=availability site=ams target=ping-agent",
                tags(api.problems(host).get(down)));
        String hops = "1 10.0.0.1 0.4 ms\n2 10.1.0.1 0.9 ms\n3 *\n4 *";
        send("path", hops);
        String path = "Ping core-1 (" + IP + "): Path at the outage";
        awaitProblems(down, path);
        // Whole: Zabbix cuts texts in operational data to 20 characters, unless a function of the macro made them.
        assertEquals(hops, api.problems(host).get(path).get("opdata").getAsString());
        send("status", "1");
        awaitProblems();
    }

    @Test
    void statusTwoNeitherRaisesAnOutageNorEndsOne() throws IOException {
        host("behind", "Ping agent by Zabbix trapper");
        discover("ping.discovery", row("", names(IP, IP, "", "")), ALWAYS);
        send("status", "1");
        send("status", "2");
        send("loss", "100");
        awaitHistory("status", 2);
        awaitProblems();
        send("status", "0");
        String down = "Ping " + IP + ": Down";
        awaitProblems(down);
        send("status", "2");
        awaitHistory("status", 4);
        awaitProblems(down);
        assertEquals(
                "Status: Behind a dead parent (2)",
                api.problems(host).get(down).get("opdata").getAsString());
        send("status", "1");
        awaitProblems();
    }

    /** The first loss of an outage is a partial one, and stays the least of a window that has lost its last good one. */
    @Test
    void aDeadParentRaisesNoLossWhenTheLastGoodValueLeavesTheWindow() throws IOException {
        host("children", "Ping agent by Zabbix trapper", "Ping address by Zabbix trapper", "ICMP Ping by ping-agent");
        discover("ping.discovery", row("", names(IP, IP, "", "")), ALWAYS);
        List<String> keys = List.of("ping.loss[\"" + IP + "\"]", "ping.loss", "icmppingloss");
        send("status", "2");
        long now = Instant.now().getEpochSecond();
        int[] losses = {0, 87, 100, 100, 100, 100};
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            long time = now - 58L * (losses.length - 1 - i);
            String loss = Integer.toString(losses[i]);
            keys.forEach(key -> values.add(new Value(name, key, time, 0, loss)));
        }
        long last = now + 20;
        keys.forEach(key -> values.add(new Value(name, key, last, 0, "100")));
        zabbix.sendAccepted(values);
        for (String key : keys) {
            patiently().until(() -> api.history(api.items(host).get(key)).size() == losses.length + 1);
        }
        String down = "Ping " + IP + ": Down";
        send("status", "0");
        awaitProblems(down);
        send("status", "1");
        awaitProblems();
        List<Value> partial = new ArrayList<>();
        keys.forEach(key -> partial.add(new Value(name, key, last + 1, 0, "87")));
        zabbix.sendAccepted(partial);
        String official = version == ZabbixVersion.V6_0 ? "High ICMP ping loss" : "ICMP Ping: High ICMP ping loss";
        awaitProblems("Ping " + IP + ": High loss", "Ping: High loss", official);
    }

    @Test
    void anOutageSoonAfterAnotherWaitsForItsOwnPath() throws IOException {
        host("flapping", "Ping agent by Zabbix trapper");
        discover("ping.discovery", row("path", names(IP, IP, "", "")), with("path"));
        String down = "Ping " + IP + ": Down";
        String path = "Ping " + IP + ": Path at the outage";
        long first = Instant.now().getEpochSecond() - 120;
        sendAt(first, "status", "0");
        sendAt(first + 4, "path", "1 10.0.0.1 0.4 ms");
        awaitProblems(down, path);
        sendAt(first + 30, "status", "1");
        awaitProblems();
        sendAt(first + 60, "status", "0");
        awaitProblems(down);
        sendAt(first + 64, "path", "1 *");
        awaitProblems(down, path);
        assertEquals("1 *", api.problems(host).get(path).get("opdata").getAsString());
    }

    @Test
    void aGroupWithoutAlertsHasNoPathAtTheOutage() throws IOException {
        host("silent", "Ping agent by Zabbix trapper");
        api.addHostMacro(host, "{$PING.CONTROL:\"core\"}", "0");
        zabbix.reloadConfiguration();
        discover("ping.discovery", row("path,ttl", names(IP, IP, "", "")), with("path", "ttl"));
        send("status", "0");
        send("path", "1 *");
        awaitHistory("path", 1);
        send("ttl", "57");
        send("ttl", "52");
        awaitProblems("Ping " + IP + ": Path length has changed");
    }

    private void sendAt(long time, String item, String text) throws IOException {
        zabbix.sendAccepted(List.of(new Value(name, "ping." + item + "[\"" + IP + "\"]", time, 0, text)));
    }

    private void awaitHistory(String item, int count) {
        patiently()
                .until(() -> api.history(api.items(host).get("ping." + item + "[\"" + IP + "\"]"))
                                .size()
                        >= count);
    }

    /** The formula in the manual. */
    private static double rFactor(double rtt, double jitter, double loss) {
        double delay = 1_000 * (rtt / 2 + 2 * jitter) + 10;
        double r = 93.2 - 0.024 * delay - (delay > 177.3 ? 0.11 * (delay - 177.3) : 0) - 95 * loss / (loss + 25.1);
        return loss >= 100 ? 0 : Math.max(0, Math.min(100, r));
    }

    private static double mos(double r) {
        return Math.max(1, Math.min(4.5, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r)));
    }

    @Test
    void groupsThatWantThemHaveRFactorAndMos() throws IOException {
        host("voice", "Ping agent by Zabbix trapper");
        api.addHostMacro(host, "{$PING.LLD.MOS.GROUP.MATCHES}", "^core$");
        zabbix.reloadConfiguration();
        discover("ping.discovery", row("", names(IP, IP, "", "")), with("rfactor", "mos"));
        double[][] cases = {{0.02, 0.001, 0}, {0.3, 0.02, 2.5}, {1.5, 0.2, 40}, {0.02, 0.001, 100}};
        for (double[] one : cases) {
            send("rtt", Double.toString(one[0]));
            send("jitter", Double.toString(one[1]));
            send("loss", Double.toString(one[2]));
            double r = rFactor(one[0], one[1], one[2]);
            awaitValue("rfactor", r);
            awaitValue("mos", mos(r));
        }
    }

    private void awaitValue(String item, double expected) {
        patiently().untilAsserted(() -> {
            JsonObject found = api.items(host).get("ping." + item + "[\"" + IP + "\"]");
            JsonObject task = new JsonObject();
            task.addProperty("type", 6);
            task.add("request", ZabbixApi.object("itemid", found.get("itemid").getAsString()));
            api.call("task.create", task);
            List<ZabbixApi.HistoryValue> history = api.history(found);
            assertFalse(history.isEmpty(), item + ": " + found.get("error"));
            assertEquals(
                    expected, Double.parseDouble(history.get(history.size() - 1).value()), 0.001, item);
        });
    }

    @Test
    void aHostOfAnAddressHasItsNameAndTags() throws IOException {
        host("hosts", "Ping addresses as hosts by Zabbix trapper");
        String rows = rowOf("192.0.2.7", names("core-1 (192.0.2.7)", "core-1", "site=ams", "ams")) + ","
                + rowOf("192.0.2.8", "");
        patiently().untilAsserted(() -> {
            zabbix.sendAccepted(List.of(value("ping.hosts.discovery", "[" + rows + "]")));
            await().atMost(Duration.ofSeconds(8))
                    .untilAsserted(
                            () -> assertEquals(
                                    "192.0.2.8 (gza),core-1 (192.0.2.7) (gza)",
                                    zabbix.sql(
                                            "select string_agg(name, ',' order by name) from hosts where host like 'ping gza %'")));
        });
        assertEquals(
                "labels=site=ams,name=core-1,site=ams",
                zabbix.sql("select string_agg(tag || '=' || value, ',' order by tag) from host_tag join hosts using"
                        + " (hostid) where host like 'ping gza %' and tag in ('labels', 'name', 'site')"));
    }
}
