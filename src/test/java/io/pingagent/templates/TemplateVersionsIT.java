package io.pingagent.templates;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.testkit.Directories;
import io.pingagent.testkit.ZabbixAgentd;
import io.pingagent.testkit.ZabbixApi;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.testkit.ZabbixStack.Value;
import io.pingagent.testkit.ZabbixVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The template files of each version on a real server of that version. */
@Tag("root")
class TemplateVersionsIT {

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ICMP_TEMPLATE = "ICMP Ping by ping-agent";
    private static final String AGENT2_TEMPLATE = "Ping agent by Zabbix agent 2";
    private static final List<String> ICMP_KEYS = List.of("icmpping", "icmppingloss", "icmppingsec");

    private static final Map<ZabbixVersion, ZabbixStack> STACKS = new EnumMap<>(ZabbixVersion.class);

    @AfterAll
    static void stop() {
        STACKS.values().forEach(ZabbixStack::close);
    }

    /** One of each version, with all templates. */
    private static synchronized ZabbixStack stack(ZabbixVersion version) throws IOException {
        ZabbixStack zabbix = STACKS.get(version);
        if (zabbix == null) {
            zabbix = ZabbixStack.started(version);
            STACKS.put(version, zabbix);
            importAll(zabbix, version);
        }
        return zabbix;
    }

    @ParameterizedTest
    @EnumSource(ZabbixVersion.class)
    void anImportOverItselfShowsNoChange(ZabbixVersion version) throws IOException {
        for (String name : TemplateFile.NAMES) {
            String yaml = Files.readString(version.template(name));
            assertEquals("[]", stack(version).api().importCompare(yaml).toString(), name);
        }
    }

    @Test
    void laterFilesUpdateWhatThoseOfTheFirstVersionMade() throws IOException {
        try (ZabbixStack zabbix = ZabbixStack.started(ZabbixVersion.V7_0)) {
            importAll(zabbix, ZabbixVersion.V6_0);
            String host = zabbix.api().createHost("gza", zabbix.api().templateId("Ping agent by Zabbix trapper"));
            Map<String, String> before = ids(zabbix.api().items(host), "itemid");
            importAll(zabbix, ZabbixVersion.V7_0);
            Map<String, String> after = ids(zabbix.api().items(host), "itemid");
            assertEquals(before, retained(after, before.keySet()));
            assertEquals(Set.of("ping.agent.good"), without(after.keySet(), before.keySet()));
            assertEquals("5", zabbix.sql("select count(*) from hosts where status = 3 and vendor_name = 'ping-agent'"));
        }
    }

    private static void importAll(ZabbixStack zabbix, ZabbixVersion version) throws IOException {
        for (String name : TemplateFile.NAMES) {
            zabbix.api().importYaml(Files.readString(version.template(name)));
        }
    }

    @ParameterizedTest
    @EnumSource(ZabbixVersion.class)
    void hostsGoOverFromZabbixsOwnIcmpPing(ZabbixVersion version) throws IOException {
        ZabbixStack zabbix = stack(version);
        ZabbixApi api = zabbix.api();
        String prefix = zabbix.version() == ZabbixVersion.V6_0 ? "" : "ICMP Ping: ";
        String template = zabbixsOwnTemplate(zabbix, prefix + "Unavailable by ICMP ping");
        String first = hostWithInterface(api, "first", 10_050, template);
        String second = hostWithInterface(api, "second", 10_050, template);
        Map<String, String> items = ids(api.items(second), "itemid");
        String name = prefix + "Unavailable by ICMP ping";
        String trigger = id(api.triggers(second).get(name), "triggerid");
        JsonObject dependent = ZabbixApi.object("triggerid", trigger);
        dependent.add(
                "dependencies",
                list(ZabbixApi.object("triggerid", id(api.triggers(first).get(name), "triggerid"))));
        api.call("trigger.update", dependent);

        JsonObject unlink = new JsonObject();
        unlink.add("hostids", list(first, second));
        unlink.add("templateids", list(template));
        api.call("host.massremove", unlink);
        link(api, api.templateId(ICMP_TEMPLATE), first, second);

        assertEquals(items, ids(api.items(second), "itemid"));
        api.items(second).values().forEach(item -> assertEquals("2", id(item, "type"), id(item, "key_")));
        assertEquals(trigger, id(api.triggers(second).get(name), "triggerid"));
        assertEquals(4, api.triggers(second).size());
        zabbix.reloadConfiguration();
        for (int i = 0; i < 3; i++) {
            Instant now = Instant.now();
            zabbix.sendAccepted(List.of(
                    new Value("second", "icmpping", now.getEpochSecond(), now.getNano(), "0"),
                    new Value("second", "icmppingloss", now.getEpochSecond(), now.getNano(), "100"),
                    new Value("second", "icmppingsec", now.getEpochSecond(), now.getNano(), "0")));
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertEquals(Set.of(name), api.problems(second).keySet()));
        // The dependency goes on.
        assertEquals("1", zabbix.sql("select count(*) from trigger_depends where triggerid_down = " + trigger));
    }

    /** With the keys and the trigger that count for a swap; this stack has no templates of Zabbix. */
    private static String zabbixsOwnTemplate(ZabbixStack zabbix, String trigger) throws IOException {
        ZabbixApi api = zabbix.api();
        JsonObject parameters = ZabbixApi.object("host", "ICMP Ping");
        String groups = zabbix.version() == ZabbixVersion.V6_0 ? "hstgrp" : "hstgrp where type = 1";
        parameters.add(
                "groups",
                list(ZabbixApi.object(
                        "groupid",
                        zabbix.sql("select min(groupid) from " + groups).strip())));
        String template = firstId(api.call("template.create", parameters), "templateids");
        for (String key : ICMP_KEYS) {
            JsonObject item = ZabbixApi.object("name", key, "key_", key, "hostid", template, "delay", "1m");
            item.addProperty("type", 3);
            item.addProperty("value_type", key.equals("icmpping") ? 3 : 0);
            api.call("item.create", item);
        }
        api.call(
                "trigger.create",
                ZabbixApi.object("description", trigger, "expression", "max(/ICMP Ping/icmpping,#3)=0"));
        return template;
    }

    @ParameterizedTest
    @EnumSource(ZabbixVersion.class)
    void oneCheckOfAgent2MakesAllItems(ZabbixVersion version) throws IOException {
        ZabbixAgentd.require();
        ZabbixStack zabbix = stack(version);
        ZabbixApi api = zabbix.api();
        Path directory = Files.createTempDirectory("ping-agent-templates-");
        Path document = directory.resolve("document.json");
        Files.writeString(
                document,
                "{\"agent\":{\"name\":\"gza\",\"version\":\"0.1.0\",\"online\":1,\"targets\":2,\"errlist\":1,\"redis\":1,"
                        + "\"zabbix\":1,\"isolated\":0,\"problems\":0,\"problem\":\"\"},\"data\":["
                        + row(
                                "192.0.2.7",
                                "\"status\":1,\"errlist\":0,\"loss\":0.0,\"rtt\":0.000412,\"jitter\":0.000031")
                        + ","
                        + row("fe80::1%eth0", "\"status\":0,\"errlist\":1,\"loss\":100.0")
                        + "]}");
        // What the plugin of agent 2 answers, given by an agent that every machine with Zabbix has.
        try (ZabbixAgentd agent = ZabbixAgentd.started(List.of("UserParameter=ping.get[*],cat " + document))) {
            String host = hostWithInterface(api, "agent2", agent.port(), api.templateId(AGENT2_TEMPLATE));
            api.addHostMacro(host, "{$PING.AGENT}", "gza");
            zabbix.reloadConfiguration();
            checkNow(api, host);
            await().atMost(PATIENCE).until(() -> api.items(host).containsKey("ping.get.errlist[\"fe80::1%eth0\"]"));
            zabbix.reloadConfiguration();
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
                checkNow(api, host);
                assertEquals("0.000412", lastValue(api, host, "ping.get.rtt[\"192.0.2.7\"]"));
            });
            Map<String, String> expected = new HashMap<>(Map.of(
                    "ping.get.online", "1",
                    "ping.get.targets", "2",
                    "ping.get.version", "0.1.0",
                    "ping.get.problem", "",
                    "ping.get.status[\"192.0.2.7\"]", "1",
                    "ping.get.status[\"fe80::1%eth0\"]", "0",
                    "ping.get.loss[\"fe80::1%eth0\"]", "100",
                    "ping.get.errlist[\"fe80::1%eth0\"]", "1",
                    // Nothing answered: no value, and no item in error.
                    "ping.get.rtt[\"fe80::1%eth0\"]", "none"));
            await().atMost(PATIENCE).untilAsserted(() -> {
                Map<String, String> seen = new HashMap<>();
                for (String key : expected.keySet()) {
                    seen.put(key, lastValue(api, host, key));
                }
                assertEquals(expected, seen);
            });
            assertEquals("0", id(api.items(host).get("ping.get.rtt[\"fe80::1%eth0\"]"), "state"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertEquals(
                            Set.of("Ping fe80::1%eth0: Down"),
                            api.problems(host).keySet()));
        } finally {
            Directories.delete(directory);
        }
    }

    private static String row(String address, String values) {
        return "{\"ip\":\"" + address + "\",\"group\":\"core\",\"job\":\"core-10s\"," + values + "}";
    }

    private static void checkNow(ZabbixApi api, String host) throws IOException {
        JsonObject task = new JsonObject();
        task.addProperty("type", 6);
        task.add("request", ZabbixApi.object("itemid", id(api.items(host).get("ping.get[{$PING.AGENT}]"), "itemid")));
        api.call("task.create", task);
    }

    private static String lastValue(ZabbixApi api, String host, String key) throws IOException {
        List<ZabbixApi.HistoryValue> history = api.history(api.items(host).get(key));
        if (history.isEmpty()) {
            return "none";
        }
        String value = history.get(history.size() - 1).value();
        return value.equals("100.0") ? "100" : value;
    }

    private static String hostWithInterface(ZabbixApi api, String name, int port, String template) throws IOException {
        String host = api.createHost(name);
        JsonObject address =
                ZabbixApi.object("hostid", host, "ip", "127.0.0.1", "dns", "", "port", Integer.toString(port));
        for (String flag : List.of("type", "main", "useip")) {
            address.addProperty(flag, 1);
        }
        api.call("hostinterface.create", address);
        link(api, template, host);
        return host;
    }

    private static void link(ZabbixApi api, String template, String... hosts) throws IOException {
        JsonObject parameters = new JsonObject();
        JsonArray rows = new JsonArray();
        for (String host : hosts) {
            rows.add(ZabbixApi.object("hostid", host));
        }
        parameters.add("hosts", rows);
        parameters.add("templates", list(ZabbixApi.object("templateid", template)));
        api.call("host.massadd", parameters);
    }

    private static Map<String, String> ids(Map<String, JsonObject> rows, String name) {
        return new TreeMap<>(rows.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, row -> id(row.getValue(), name))));
    }

    private static Map<String, String> retained(Map<String, String> map, Set<String> keys) {
        Map<String, String> result = new TreeMap<>(map);
        assertTrue(result.keySet().containsAll(keys));
        result.keySet().retainAll(keys);
        return result;
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        return all.stream().filter(key -> !some.contains(key)).collect(Collectors.toSet());
    }

    private static String id(JsonObject row, String name) {
        return row.get(name).getAsString();
    }

    private static String firstId(JsonElement answer, String name) {
        return answer.getAsJsonObject().getAsJsonArray(name).get(0).getAsString();
    }

    private static JsonArray list(String... texts) {
        JsonArray array = new JsonArray();
        for (String text : texts) {
            array.add(text);
        }
        return array;
    }

    private static JsonArray list(JsonObject object) {
        JsonArray array = new JsonArray();
        array.add(object);
        return array;
    }
}
