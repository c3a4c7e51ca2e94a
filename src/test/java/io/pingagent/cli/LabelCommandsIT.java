package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.testkit.SharedRedis;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** Names and labels as commands write and show them, with a real Redis. */
class LabelCommandsIT {

    @RegisterExtension
    private static final SharedRedis SERVER = new SharedRedis();

    @TempDir
    private static Path directory;

    private final Jedis redis = SERVER.connection();
    private final Cli cli = new Cli().redis(SERVER.port());

    private Cli.Result done(String... arguments) {
        Cli.Result result = cli.run(arguments);
        assertEquals(0, result.status(), result.err());
        return result;
    }

    private static String file(String... lines) throws Exception {
        Path file = Files.createTempFile(directory, "members", ".txt");
        Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
        return file.toString();
    }

    /** 192.0.2.1 to 192.0.2.4 of agent gza; the last loses packets. */
    private void status() {
        redis.sadd("agent-list", "gza");
        redis.set("agent-online_gza", "online");
        StringBuilder status = new StringBuilder("{");
        for (int i = 1; i <= 4; i++) {
            status.append(i == 1 ? "" : ",")
                    .append("\"192.0.2.")
                    .append(i)
                    .append("\":{\"SendCount\":6,\"ReturnCount\":")
                    .append(i == 4 ? 3 : 6)
                    .append(",\"ip\":\"192.0.2.")
                    .append(i)
                    .append("\",\"InErrList\":false}");
        }
        redis.set("agent-all-ip-status_gza", status.append('}').toString());
        redis.hset("target_192.0.2.1", Map.of("name", "Core-1", "site", "ams", "role", "core"));
        redis.hset("target_192.0.2.2", Map.of("name", "edge-1", "site", "ber", "parent", "192.0.2.1"));
        redis.hset("target_192.0.2.3", Map.of("site", "ams", "parent", "2001:db8::1"));
    }

    private Set<String> addresses(Cli.Result result) {
        return result.out()
                .lines()
                .filter(line -> line.startsWith("192."))
                .map(line -> line.split(" ", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aFileOfMembersWritesTheirLabels() throws Exception {
        Cli.Result result = done(
                "group",
                "add",
                "core",
                "--file",
                file("# routers", "192.0.2.7 name=core-1 site=\"Amsterdam Zuid\" parent=192.0.2.1", "192.0.2.1"));
        assertEquals("created group 'core': added 2 members, labels of 1 address written\n", result.out());
        assertEquals(Set.of("192.0.2.1", "192.0.2.7"), redis.smembers("group_core"));
        assertEquals(
                Map.of("name", "core-1", "site", "Amsterdam Zuid", "parent", "192.0.2.1"),
                redis.hgetAll("target_192.0.2.7"));
        assertFalse(redis.exists("target_192.0.2.1"));
    }

    @Test
    void givenLabelsAreReplacedAndEmptyOnesRemoved() {
        redis.hset("target_2001:db8::7", Map.of("name", "old", "site", "ams", "rack", "3"));
        // Another spelling of the same address.
        done("group", "add", "core", "2001:DB8::7", "name=new name", "site=");
        assertEquals(Map.of("name", "new name", "rack", "3"), redis.hgetAll("target_2001:db8::7"));
        done("group", "add", "core", "2001:db8::7", "name=", "rack=");
        assertFalse(redis.exists("target_2001:db8::7"));
    }

    @Test
    void aBadLineIsNamedAndStopsNoOther() throws Exception {
        String file = file("192.0.2.1 site=ams", "192.0.2.2 a b=c", "192.0.2.3 name=x");
        Cli.Result result = cli.run("group", "add", "core", "--file", file);
        assertEquals(78, result.status());
        assertEquals(
                "ping-agent: " + file
                        + ":2: 'a' behind '192.0.2.2' is no label; write one address a line, and labels as"
                        + " in site=ams\n",
                result.err());
        assertEquals(Set.of("192.0.2.1", "192.0.2.3"), redis.smembers("group_core"));
        assertEquals("x", redis.hget("target_192.0.2.3", "name"));
    }

    @Test
    void aKeyOfAnotherTypeIsNamed() {
        redis.set("target_192.0.2.1", "core-1");
        Cli.Result result = cli.run("group", "add", "core", "192.0.2.1", "site=ams");
        assertEquals(78, result.status());
        assertTrue(result.err().contains("'target_192.0.2.1'"), result.err());
    }

    /** The agent reads the group as soon as it has the member. */
    @Test
    void labelsAreThereBeforeTheirMember() {
        redis.aclSetUser("poor", "reset", "on", ">secret", "+@all", "~group*");
        try {
            Cli.Result result = poor().run("group", "add", "core", "192.0.2.1", "site=ams");
            assertEquals(77, result.status(), result.err());
            assertFalse(redis.exists("group_core"), "a member whose labels could not be written");
        } finally {
            redis.aclDelUser("poor");
        }
    }

    private static Cli poor() {
        Cli poor = new Cli().redis(SERVER.port());
        poor.environment.put("PING_AGENT_REDIS_USER", "poor");
        poor.environment.put("PING_AGENT_REDIS_PASSWORD", "secret");
        return poor;
    }

    @Test
    void whatIsShownCanBeAddedAgain() throws Exception {
        done("group", "add", "core", "192.0.2.7", "name=core 1", "site=ams", "192.0.2.0/30");
        Cli.Result shown = done("group", "show", "core");
        assertEquals(
                Set.of("192.0.2.7 name=\"core 1\" site=ams", "192.0.2.0/30"),
                shown.out().lines().collect(Collectors.toSet()));
        JsonObject json = JsonParser.parseString(
                        done("group", "show", "core", "--json").out())
                .getAsJsonObject();
        assertEquals(
                JsonParser.parseString("{\"192.0.2.7\":{\"name\":\"core 1\",\"labels\":{\"site\":\"ams\"}}}"),
                json.get("labelled"));

        redis.flushDB();
        done("group", "add", "core", "--file", file(shown.out()));
        assertEquals(Map.of("name", "core 1", "site", "ams"), redis.hgetAll("target_192.0.2.7"));
        assertEquals(Set.of("192.0.2.7", "192.0.2.0/30"), redis.smembers("group_core"));
    }

    /** Other groups may have the address. */
    @Test
    void removingAMemberLeavesItsLabels() {
        done("group", "add", "core", "192.0.2.7", "name=core-1", "192.0.2.8");
        done("group", "remove", "core", "192.0.2.7");
        assertTrue(redis.exists("target_192.0.2.7"));
    }

    @Test
    void statusShowsNamesWhereAnyAreShown() {
        status();
        Cli.Result all = done("status", "--all");
        assertTrue(all.out().contains("ADDRESS         NAME       SENT"), all.out());
        assertTrue(all.out().contains("192.0.2.1       Core-1        6"), all.out());
        Cli.Result lossy = done("status");
        assertEquals(Set.of("192.0.2.4"), addresses(lossy));
        assertFalse(lossy.out().contains("NAME"), lossy.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--label site=ams|192.0.2.1 192.0.2.3",
                "--label site!=ams|192.0.2.2 192.0.2.4",
                "--label site|192.0.2.1 192.0.2.2 192.0.2.3",
                "--label site=ams --label role|192.0.2.1",
                "--label parent=192.0.2.1|192.0.2.2",
                "--label parent=2001:DB8:0::1|192.0.2.3",
                "--label parent=|192.0.2.1 192.0.2.4",
                "--label name=edge-1|192.0.2.2",
                "--search CORE|192.0.2.1",
                "--search 192.0.2.4|192.0.2.4",
                "--search 1 --label site=ber|192.0.2.2",
                "--search nothing|''"
            })
    void statusFiltersByLabelAndText(String options, String expected) {
        status();
        Cli.Result result = done(("status " + options).split(" "));
        assertEquals(
                expected.isEmpty() ? Set.of() : new TreeSet<>(List.of(expected.split(" "))),
                addresses(result),
                result.out());
        JsonArray rows = rows(done(("status --json " + options).split(" ")));
        assertEquals(
                addresses(result),
                StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getAsJsonObject().get("ip").getAsString())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static JsonArray rows(Cli.Result result) {
        return JsonParser.parseString(result.out())
                .getAsJsonObject()
                .getAsJsonArray("agents")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("addresses");
    }

    @Test
    void aFilterSaysOfHowMany() {
        status();
        Cli.Result result = done("status", "--label", "site", "--limit", "1");
        assertTrue(result.out().contains("gza: 3 addresses of 4\n"), result.out());
        assertTrue(result.out().contains("... and 2 more"), result.out());
    }

    @Test
    void jsonHasNameParentAndLabels() {
        status();
        for (String[] command :
                new String[][] {{"status", "--all", "--json"}, {"status", "--json", "--search", "192.0.2."}}) {
            Map<String, JsonObject> rows = StreamSupport.stream(
                            rows(done(command)).spliterator(), false)
                    .map(row -> row.getAsJsonObject())
                    .collect(Collectors.toMap(row -> row.get("ip").getAsString(), row -> row));
            assertEquals("Core-1", rows.get("192.0.2.1").get("name").getAsString());
            assertEquals(
                    JsonParser.parseString("{\"role\":\"core\",\"site\":\"ams\"}"),
                    rows.get("192.0.2.1").get("labels"));
            assertEquals("192.0.2.1", rows.get("192.0.2.2").get("parent").getAsString());
            assertEquals(
                    Set.of("ip", "SendCount", "ReturnCount", "InErrList"),
                    rows.get("192.0.2.4").keySet(),
                    "as the agent writes it");
        }
    }

    @ParameterizedTest
    @CsvSource({"--label,a b", "--label,=x", "--label,Name=x", "--label,parent=core-1", "--search,' '"})
    void aFilterThatCannotBeIsWrongUsage(String option, String value) {
        Cli.Result result = cli.run("status", option, value);
        assertEquals(64, result.status(), result.err());
        assertTrue(result.err().contains(option), result.err());
    }

    @Test
    void withoutTheRightThereAreNoNamesAndAFilterIsRefused() {
        status();
        redis.aclSetUser("poor", "reset", "on", ">secret", "+@all", "~agent*", "~job*", "~group*");
        try {
            Cli poor = poor();
            Cli.Result shown = poor.run("status", "--all");
            assertEquals(0, shown.status(), shown.err());
            assertEquals(4, addresses(shown).size());
            Cli.Result filtered = poor.run("status", "--label", "site=ams");
            assertEquals(77, filtered.status(), filtered.err());
            assertTrue(filtered.err().contains("ACL SETUSER"), filtered.err());
        } finally {
            redis.aclDelUser("poor");
        }
    }

    /** The agent, Zabbix and commands call an address alike. */
    @Test
    void anAddressOfAHostNameIsCalledByItUnlessItHasANameOfItsOwn() {
        status();
        redis.hset(
                "agent-names_gza",
                Map.of("host:gw.example.net.", "192.0.2.1 192.0.2.3", "host4:a.example.net", "192.0.2.3 192.0.2.4"));
        redis.hset("agent-names_other", "host:b.example.net", "192.0.2.4");
        Cli.Result all = done("status", "--all");
        assertTrue(all.out().contains("192.0.2.1       Core-1 "), all.out());
        assertTrue(all.out().contains("192.0.2.3       a.example.net "), all.out());
        assertTrue(all.out().contains("192.0.2.4       a.example.net "), all.out());
        assertEquals(Set.of("192.0.2.3", "192.0.2.4"), addresses(done("status", "--search", "A.Example")));
        assertEquals(
                Set.of("192.0.2.3"), addresses(done("status", "--label", "name=a.example.net", "--label", "site=ams")));
        for (String[] command : new String[][] {
            {"status", "--json", "--all"}, {"status", "--json"}, {"status", "--json", "--search", "192.0.2.4"}
        }) {
            JsonArray rows = rows(done(command));
            assertEquals(
                    "a.example.net",
                    rows.get(rows.size() - 1).getAsJsonObject().get("name").getAsString());
        }
        Cli.Result top = done("top", "--frames", "1");
        assertTrue(top.out().contains("192.0.2.4       a.example.net"), top.out());
    }

    @Test
    void aKeyOfHostNamesThatHoldsSomethingElseStopsNoStatus() {
        status();
        redis.set("agent-names_gza", "text");
        assertEquals(4, addresses(done("status", "--all")).size());
        assertEquals(Set.of("192.0.2.1"), addresses(done("status", "--search", "core")));
    }

    @Test
    void topShowsNames() {
        status();
        Cli.Result result = done("top", "--frames", "1");
        assertTrue(result.out().contains("192.0.2.1       Core-1"), result.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--label site=ams|192.0.2.1 192.0.2.3",
                "--label site!=ams|192.0.2.2 192.0.2.4",
                "--label site --label role|192.0.2.1",
                "--search CORE|192.0.2.1"
            })
    void topFiltersAsStatusDoes(String options, String expected) {
        status();
        Cli.Result result = done(("top --frames 1 " + options).split(" "));
        assertEquals(new TreeSet<>(List.of(expected.split(" "))), addresses(result), result.out());
        int matching = expected.split(" ").length;
        assertTrue(
                result.out().contains("gza: " + matching + (matching == 1 ? " address" : " addresses") + " of 4\n"),
                result.out());
    }

    @Test
    void topRefusesAFilterThatCannotBe() {
        String[] command = {"top", "--frames", "1", "--label", "a b"};
        Cli.Result result = cli.run(command);
        assertEquals(64, result.status(), result.err());
        assertTrue(result.err().contains("--label 'a b'"), result.err());
    }

    /** Of networks, too, which have no labels themselves. */
    private void groups() {
        done("group", "add", "core", "192.0.2.7", "name=core-1", "site=ams", "192.0.2.8", "site=ber", "192.0.2.8/30");
        done("group", "add", "edge", "2001:db8::7", "name=edge 1", "site=ams", "192.0.2.7", "host:gw.example.net");
        // A label stays when its address leaves its groups.
        redis.hset("target_192.0.2.77", "site", "ams");
    }

    private List<String> pinged() {
        return cli.operations.pings.get(cli.operations.pings.size() - 1).targets().stream()
                .map(String::valueOf)
                .toList();
    }

    @Test
    void pingProbesAllAddressesWithALabelAndShowsTheirNames() {
        groups();
        Cli.Result result = done("ping", "--label", "site=ams");
        assertEquals(List.of("192.0.2.7", "2001:db8::7"), pinged());
        assertEquals("core-1 is alive\nedge 1 is alive\n", result.out());
        done("ping", "--label", "site", "--label", "site!=ams");
        assertEquals(List.of("192.0.2.8"), pinged());
        done("ping", "-6", "--label", "site=ams", "2001:db8::1");
        assertEquals(List.of("2001:db8::1", "2001:db8::7"), pinged());
    }

    @Test
    void pingShowsKnownNamesOfWhatWasTyped() {
        groups();
        Cli.Result result = done("ping", "--known-names", "-A", "192.0.2.7", "192.0.2.8");
        assertEquals("core-1 (192.0.2.7) is alive\n192.0.2.8 is alive\n", result.out());
        Cli.Result counted = done("ping", "--known-names", "-q", "-c", "1", "192.0.2.8", "192.0.2.7");
        assertTrue(counted.err().contains("core-1    : xmt/rcv/%loss = 1/1/0%"), counted.err());
    }

    @Test
    void pingSaysThatNobodyHasTheLabel() {
        groups();
        Cli.Result result = cli.run("ping", "--label", "site=cdg", "--label", "role");
        assertEquals(64, result.status());
        assertEquals(
                "ping-agent: no address of a group in Redis has the labels site=cdg and role; see"
                        + " 'ping-agent group show NAME'\n",
                result.err());
    }

    @Test
    void pingAsksRedisOnlyForLabelsAndNames() {
        Cli apart = new Cli();
        apart.environment.put("PING_AGENT_REDIS_URL", "redis://127.0.0.1:1/0");
        assertEquals(0, apart.run("ping", "192.0.2.7").status());
        for (String option : new String[] {"--label=site", "--known-names"}) {
            Cli.Result result = apart.run("ping", option, "192.0.2.7");
            assertEquals(69, result.status(), result.err());
            assertTrue(result.err().contains("redis.url"), result.err());
        }
    }
}
