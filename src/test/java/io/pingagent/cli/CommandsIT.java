package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.base.OneLine;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.SharedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Every command that reads or changes Redis, against a real server. */
@SuppressWarnings("StringConcatToTextBlock") // One string per line of output reads better with its own end.
@Order(1)
class CommandsIT {

    @RegisterExtension
    private static final SharedRedis SERVER = new SharedRedis();

    private final Jedis redis = SERVER.connection();
    private final Cli cli = new Cli().redis(SERVER.port());

    private Cli.Result done(String... arguments) {
        Cli.Result result = cli.run(arguments);
        assertEquals(0, result.status(), result.err());
        return result;
    }

    private void online(String agent) {
        redis.sadd("agent-list", agent);
        redis.set("agent-online_" + agent, "online");
    }

    // ---- zones ----

    /** The agent runs on another machine, with other interfaces. */
    @Test
    void commandsTakeZonesThatThisMachineDoesNotHave() {
        String address = "fe80::7%far-away0";
        online("gza");
        done("group", "add", "links", address, "fe80::%far-away1/126");
        assertEquals(Set.of(address, "fe80::%far-away1/126"), redis.smembers("group_links"));
        done("err-list", "add", address);
        assertEquals(Set.of(address), redis.smembers("agent-err-list_gza"));
        assertEquals(address + "\n", done("err-list", "list").out());
        done("err-list", "remove", address);
        assertEquals(Set.of(), redis.smembers("agent-err-list_gza"));
    }

    // ---- jobs ----

    @Test
    void addsAJobAsTheContractWritesIt() {
        redis.sadd("group_g1", "192.0.2.1");
        redis.sadd("group_g2", "192.0.2.2");
        Cli.Result result = done("job", "add", "core", "--spec", "*/10 * * * * *", "--group", "g1", "--group", "g2");
        assertEquals("added job 'core'\n", result.out());
        assertEquals("", result.err());
        assertEquals(Set.of("core"), redis.smembers("job-list"));
        assertEquals(
                "{\"SPEC\":\"*/10 * * * * *\",\"name\":\"core\",\"group\":[\"g1\",\"g2\"]}", redis.get("job_core"));
    }

    @Test
    void addsEveryFieldAndAnAgentsOwnJob() {
        Cli.Result result = done(
                "job",
                "add",
                "own",
                "--agent",
                "a_b",
                "--spec",
                "@every 60s",
                "--group",
                "g1",
                "--pttl",
                "90",
                "--allowed-loss",
                "1",
                "--timeout",
                "0.5",
                "--count",
                "5",
                "--gap",
                "200ms",
                "--dscp",
                "46",
                "--size",
                "160",
                "--ttl",
                "12",
                "--source",
                "192.0.2.9,2001:db8::9",
                "--interface",
                "eth1",
                "--dont-fragment");
        assertEquals(
                "{\"SPEC\":\"@every 60s\",\"name\":\"own\",\"group\":[\"g1\"],\"pttl\":90,\"allowedloss\":1,\"timeout\":0.5,"
                        + "\"count\":5,\"gap\":\"200ms\",\"dscp\":46,\"size\":160,\"ttl\":12,"
                        + "\"source\":[\"192.0.2.9\",\"2001:db8::9\"],\"interface\":\"eth1\",\"dontfragment\":true}",
                redis.get("agent_a_b_own"));
        assertEquals(Set.of("own"), redis.smembers("agent-jobs_a_b"));
        assertFalse(redis.exists("job-list"));
        assertEquals(
                "ping-agent: group 'g1' has no members yet; add some with 'ping-agent group add g1 ADDRESS...'\n"
                        + "ping-agent: no agent 'a_b' has ever registered here; see 'ping-agent agent list'\n",
                result.err());
    }

    @Test
    void showsHowAJobsProbesAreSent() {
        done(
                "job",
                "add",
                "voice",
                "--spec",
                "@every 10s",
                "--group",
                "g1",
                "--count",
                "3",
                "--dscp",
                "46",
                "--source",
                "192.0.2.9,2001:db8::9",
                "--dont-fragment",
                "false");
        String shown = done("job", "show", "voice").out();
        for (String row : List.of("count +3", "dscp +46", "source +192.0.2.9, 2001:db8::9", "dontfragment +false")) {
            assertTrue(Pattern.compile("(?m)^" + row + "$").matcher(shown).find(), shown);
        }
        assertFalse(shown.contains("interface"), shown);
        Cli.Result refused = cli.run("job", "add", "j", "--spec", "@hourly", "--group", "g", "--dscp", "64");
        assertEquals(64, refused.status());
        assertEquals(
                "ping-agent: --dscp: 64 is not allowed; write a whole number, 0 to 63 (46 is EF)\n", refused.err());
    }

    @Test
    void replacesAJobOnlyWithForce() {
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1");
        Cli.Result refused = cli.run("job", "add", "core", "--spec", "@daily", "--group", "g1");
        assertEquals(64, refused.status());
        assertEquals("ping-agent: there is a job 'core' already; replace it with --force\n", refused.err());
        assertEquals(
                "replaced job 'core'\n",
                done("job", "add", "core", "--spec", "@daily", "--group", "g1", "--force")
                        .out());
        assertTrue(redis.get("job_core").contains("@daily"));
    }

    @Test
    void writesNoJobThatWouldNotRun() {
        for (String[] bad : new String[][] {
            {"--spec", "61 * * * *"}, {"--spec", "0 0 31 2 *"}, {"--spec", "@hourly", "--timeout", "61"}
        }) {
            String[] command = java.util.stream.Stream.concat(
                            java.util.stream.Stream.of("job", "add", "j", "--group", "g"),
                            java.util.stream.Stream.of(bad))
                    .toArray(String[]::new);
            Cli.Result result = cli.run(command);
            assertEquals(64, result.status(), String.join(" ", bad));
            assertTrue(result.err().startsWith("ping-agent: " + bad[bad.length - 2] + ": "), result.err());
        }
        assertEquals(0, redis.dbSize());
    }

    @Test
    void listsJobsOfBothLayouts() {
        redis.sadd("job-list", "core", "gone");
        redis.set("job_core", "{\"spec\":\"*/10 * * * * *\",\"NAME\":\"core\",\"Group\":[\"g1\"]}");
        redis.sadd("agent-list", "gza");
        redis.sadd("agent-jobs_gza", "own", "broken");
        redis.set("agent_gza_own", "{\"SPEC\":\"@hourly\",\"name\":\"own\",\"group\":[\"g1\",\"g2\"]}");
        redis.set("agent_gza_broken", "{oops");
        redis.sadd("group_g1", "192.0.2.1");
        redis.sadd("group_g2", "192.0.2.2");
        Cli.Result result = done("job", "list");
        assertEquals(
                List.of(
                        "JOB     AGENT    SPEC            GROUPS  STATE",
                        "core    (every)  */10 * * * * *  g1      ok",
                        "gone    (every)                          bad",
                        "broken  gza                              bad",
                        "own     gza      @hourly         g1, g2  ok"),
                result.outLines());
        assertEquals(2, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("ping-agent: job_gone: the job is listed but has no definition; "));

        JsonArray json =
                JsonParser.parseString(done("job", "list", "--json").out()).getAsJsonArray();
        assertEquals(4, json.size());
        assertEquals(
                "g1",
                json.get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("definition")
                        .getAsJsonArray("Group")
                        .get(0)
                        .getAsString());
    }

    @Test
    void aJobWithoutItsGroupsIsNotOk() {
        redis.sadd("job-list", "both", "none", "some");
        redis.set("job_both", "{\"SPEC\":\"@hourly\",\"name\":\"both\",\"group\":[\"g1\"]}");
        redis.set("job_none", "{\"SPEC\":\"@hourly\",\"name\":\"none\",\"group\":[\"gone\"]}");
        redis.set("job_some", "{\"SPEC\":\"@hourly\",\"name\":\"some\",\"group\":[\"g1\",\"gone\"]}");
        redis.sadd("group_g1", "192.0.2.1");
        Cli.Result result = done("job", "list");
        assertEquals(
                List.of(
                        "JOB   AGENT    SPEC     GROUPS    STATE",
                        "both  (every)  @hourly  g1        ok",
                        "none  (every)  @hourly  gone      bad",
                        "some  (every)  @hourly  g1, gone  warning"),
                result.outLines());
        assertEquals(
                "ping-agent: group_gone: a job names this group, and it does not exist; add addresses with"
                        + " 'ping-agent group add gone ADDRESS...'\n",
                result.err());
        String json = done("job", "list", "--json").out();
        assertEquals(3, json.split("it does not exist", -1).length, json);
    }

    @Test
    void showsAndRemovesAJob() {
        redis.sadd("group_g1", "192.0.2.0/24", "192.0.2.1");
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1");
        assertTrue(done("job", "show", "core").out().contains("g1 (2 members, 254 addresses, not in group-list)"));
        done("job", "add", "astray", "--spec", "@hourly", "--group", "g9");
        assertEquals(
                "ping-agent: group_g9: a job names this group, and it does not exist; add addresses with 'ping-agent group"
                        + " add g9 ADDRESS...'\n",
                done("job", "show", "astray").err());
        done("job", "remove", "astray");
        assertEquals("removed job 'core'\n", done("job", "remove", "core").out());
        assertFalse(redis.exists("job_core"));
        assertFalse(redis.exists("job-list"));
        for (String verb : List.of("show", "remove")) {
            Cli.Result missing = cli.run("job", verb, "core");
            assertEquals(64, missing.status());
            String consequence = verb.equals("remove") ? "; agents that still run a lost job of this name stop it" : "";
            assertEquals(
                    "ping-agent: there is no job 'core'" + consequence + "; see 'ping-agent job list'\n",
                    missing.err());
        }
        assertEquals(
                "ping-agent: there is no group 'lost'; agents that still probe a lost group of this name stop; see"
                        + " 'ping-agent group list'\n",
                cli.run("group", "remove", "lost").err());
    }

    @Test
    void removesAllJobsAndTellsAgentsThatItWasMeant() {
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1");
        done("job", "add", "edge", "--spec", "@hourly", "--group", "g1");
        done("job", "add", "own", "--spec", "@hourly", "--group", "g1", "--agent", "gza");
        assertEquals(
                "removed 2 jobs; agents also stop those that Redis has lost\n",
                done("job", "remove", "--all").out());
        assertFalse(redis.exists("job-list"));
        assertFalse(redis.exists("job_core"));
        assertTrue(redis.exists("agent_gza_own"));
        assertEquals(Set.of("job_core", "job_edge", "job-list"), redis.smembers("catalogue-removed"));
        assertTrue(redis.ttl("catalogue-removed") > 3_000);
        done("job", "remove", "--all", "--agent", "gza");
        assertFalse(redis.exists("agent-jobs_gza"));
        assertFalse(redis.exists("agent_gza_own"));
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1");
        assertFalse(redis.sismember("catalogue-removed", "job_core"));
        for (String[] wrong : new String[][] {{"job", "remove"}, {"job", "remove", "core", "--all"}}) {
            Cli.Result result = cli.run(wrong);
            assertEquals(64, result.status());
            assertTrue(result.err().contains("name one job, or give --all"), result.err());
        }
        assertTrue(redis.exists("job_core"));
    }

    /** {@code agent_gz_a_core} is also what the job {@code a_core} of agent {@code gz} would be called. */
    @Test
    void leavesTheDefinitionOfAnotherAgentAlone() {
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1", "--agent", "gz_a");
        String json = redis.get("agent_gz_a_core");
        assertEquals(64, cli.run("job", "remove", "a_core", "--agent", "gz").status());
        Cli.Result added =
                cli.run("job", "add", "a_core", "--spec", "@daily", "--group", "g1", "--agent", "gz", "--force");
        assertEquals(78, added.status());
        assertTrue(added.err().contains("the job 'core' of agent 'gz_a'"), added.err());
        redis.sadd("agent-jobs_gz", "a_core");
        done("job", "remove", "a_core", "--agent", "gz");
        assertFalse(redis.exists("agent-jobs_gz"));
        assertEquals(json, redis.get("agent_gz_a_core"));
        assertTrue(redis.sismember("agent-jobs_gz_a", "core"));
        // The other way round.
        done("job", "remove", "core", "--agent", "gz_a");
        done("job", "add", "a_core", "--spec", "@hourly", "--group", "g1", "--agent", "gz");
        assertEquals(64, cli.run("job", "remove", "core", "--agent", "gz_a").status());
        assertTrue(redis.exists("agent_gz_a_core"));
    }

    // ---- groups ----

    @Test
    void addsMembersAsWritten() {
        assertEquals(
                "created group 'g1': added 3 members, together 256 addresses\n",
                done("group", "add", "g1", "192.0.2.1", "198.51.100.0/24", "2001:db8::1")
                        .out());
        assertEquals(Set.of("g1"), redis.smembers("group-list"));
        assertEquals(Set.of("192.0.2.1", "198.51.100.0/24", "2001:db8::1"), redis.smembers("group_g1"));
        assertEquals(
                "group 'g1': added 1 member, 1 already there or repeated\n",
                done("group", "add", "g1", "192.0.2.1", "192.0.2.2").out());
    }

    /** A network is one member and many addresses; an address in it is not one more. */
    @Test
    void countsInAddresses() {
        done("group", "add", "g1", "192.0.2.0/24", "192.0.2.1", "2001:db8::1");
        redis.sadd("group_g1", "0.0.0.0", "nonsense");
        assertEquals(
                List.of("GROUP  MEMBERS  ADDRESSES", "g1           5        255"),
                done("group", "list").outLines());
        assertTrue(done("group", "list", "--json").out().contains("\"addresses\": 255"));
        Cli.Result show = done("group", "show", "g1");
        assertEquals(5, show.outLines().size());
        assertEquals("ping-agent: group 'g1': 5 members stand for 255 addresses\n", show.err());
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1");
        assertTrue(done("job", "show", "core").out().contains("g1 (5 members, 255 addresses)"));
    }

    @Test
    void commasStandBetweenGroups() {
        done("group", "add", "g1", "192.0.2.1");
        done("group", "add", "g2", "192.0.2.2");
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1,g2");
        assertTrue(redis.get("job_core").contains("[\"g1\",\"g2\"]"), redis.get("job_core"));
    }

    @Test
    void linesWithTwoMeaningsAndDeadAddressesAreLeftOut(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("list");
        Files.writeString(file, "192.0.2.5/24\n192.0.2.1\n::ffff:192.0.2.7\n");
        Cli.Result result = cli.run("group", "add", "g1", "--file", file.toString());
        assertEquals(78, result.status());
        assertEquals(
                "ping-agent: " + file + ":1: '192.0.2.5/24' means the network 192.0.2.0/24 with 254 addresses, or the"
                        + " host 192.0.2.5; write the one that is meant\n"
                        + "ping-agent: " + file
                        + ":3: '::ffff:192.0.2.7' can never answer: it is an IPv4 address in IPv6"
                        + " notation; write 192.0.2.7\n",
                result.err());
        assertEquals(Set.of("192.0.2.1"), redis.smembers("group_g1"));
    }

    @Test
    void anEmptyGroupMayBeCreated() {
        assertEquals(
                "created group 'g1': added 0 members\n",
                done("group", "add", "g1").out());
        assertEquals(
                List.of("GROUP  MEMBERS  ADDRESSES", "g1           0          0"),
                done("group", "list").outLines());
    }

    @Test
    void aNetworkOnTwoLinesIsNotSaidToBeTwiceAsLarge(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("list");
        Files.writeString(file, "192.0.2.0/24\n192.0.2.0/24\n");
        assertEquals(
                "created group 'g1': added 1 member, 1 already there or repeated, together at most 508 addresses\n",
                done("group", "add", "g1", "--file", file.toString()).out());
    }

    @Test
    void whereNoPathIsKeptTextAndJsonEndAlike() {
        redis.sadd("agent-list", "gza");
        for (String[] command : new String[][] {
            {"trace", "--last", "--agent", "gza", "192.0.2.7"},
            {"trace", "--last", "--agent", "gza", "--json", "192.0.2.7"}
        }) {
            Cli.Result result = cli.run(command);
            assertEquals(64, result.status(), result.err());
            assertTrue(
                    result.err().startsWith("ping-agent: agent 'gza' has kept no path to 192.0.2.7; set path.on-down"),
                    result.err());
        }
        assertTrue(cli.run("trace", "--last", "192.0.2.7").err().contains("no agent has kept a path"));
    }

    @Test
    void aBadArgumentAddsNothing() {
        assertEquals(64, cli.run("group", "add", "g1", "192.0.2.1", "nonsense").status());
        assertEquals(0, redis.dbSize());
    }

    @Test
    void importsTheGoodLinesAndTellsTheBadOnes(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("list");
        Files.writeString(file, "# routers\n192.0.2.1\n\nnonsense\n 192.0.2.2 # core\n10.0.0.0/8\n192.0.2.1\n");
        Cli.Result result = cli.run("group", "add", "g1", "--file", file.toString());
        assertEquals(78, result.status());
        assertEquals(
                "created group 'g1': added 2 members, 1 already there or repeated, left out 2 bad lines\n",
                result.out());
        assertEquals(
                "ping-agent: " + file + ":4: 'nonsense' is not an IPv4 or IPv6 address or network\n"
                        + "ping-agent: " + file + ":6: '10.0.0.0/8' has more than 65536 addresses;"
                        + " split it into networks of at most /16\n",
                result.err());
        assertEquals(Set.of("192.0.2.1", "192.0.2.2"), redis.smembers("group_g1"));
    }

    @Test
    void importsManyFromStandardInput() {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            list.append("10.")
                    .append(i >> 16)
                    .append('.')
                    .append(i >> 8 & 255)
                    .append('.')
                    .append(i & 255)
                    .append('\n');
        }
        cli.input(list.toString());
        assertEquals(
                "created group 'big': added 100,000 members\n",
                done("group", "add", "big", "--file", "-").out());
        assertEquals(100_000, redis.scard("group_big"));
        assertEquals(100_000, done("group", "show", "big").outLines().size());
    }

    @Test
    void tellsOnlyTheFirstBadLines() {
        cli.input("x\n".repeat(50));
        Cli.Result result = cli.run("group", "add", "g1", "--file", "-");
        assertEquals(78, result.status());
        assertEquals(21, result.err().lines().count());
        assertTrue(result.err().contains("standard input: 30 more lines like these"), result.err());
    }

    @Test
    void readsTheEarlierListOfGroups() {
        redis.sadd("groups-list", "old");
        redis.sadd("group-list", "new");
        redis.sadd("group_old", "192.0.2.1");
        assertEquals(
                List.of("GROUP  MEMBERS  ADDRESSES", "new          0          0", "old          1          1"),
                done("group", "list").outLines());
        assertEquals("192.0.2.1\n", done("group", "show", "old").out());
        done("group", "remove", "old");
        assertFalse(redis.exists("groups-list"));
    }

    @Test
    void removesMembersAndGroups() {
        done("group", "add", "g1", "192.0.2.1", "192.0.2.2");
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1");
        assertEquals(
                "group 'g1': removed 1 member, 1 not there\n",
                done("group", "remove", "g1", "192.0.2.1", "192.0.2.9").out());
        assertEquals(64, cli.run("group", "remove", "g1", "192.0.2.9").status());
        Cli.Result result = done("group", "remove", "g1");
        assertEquals("removed group 'g1'\n", result.out());
        assertEquals(
                "ping-agent: still named by job_core; change it with 'ping-agent job add --force'\n", result.err());
        assertFalse(redis.exists("group_g1"));
        assertEquals(64, cli.run("group", "remove", "g1").status());
        assertEquals(64, cli.run("group", "show", "g1").status());
    }

    @Test
    void aKeyOfTheWrongTypeIs78() {
        redis.set("group_g1", "text");
        Cli.Result result = cli.run("group", "add", "g1", "192.0.2.1");
        assertEquals(78, result.status());
        assertTrue(result.err().startsWith("ping-agent: Redis key 'group_g1' at 127.0.0.1:"), result.err());
        assertEquals(1, result.err().lines().count());
    }

    // ---- agents ----

    @Test
    void listsAndShowsAgents() {
        online("gza");
        redis.sadd("agent-list", "old");
        redis.sadd("agent-err-list_old", "192.0.2.1");
        assertEquals(
                List.of(
                        "AGENT  STATE      ERR LIST  OWN JOBS",
                        "gza    no report         0         0",
                        "old    offline           1         0"),
                done("agent", "list").outLines());
        redis.set(
                "agent-stats_gza",
                "{\"version\":\"0.1.0\",\"targets\":5,\"refused\":{\"TAG\":2},\"redis\":{\"pending\":7},"
                        + "\"problems\":[{\"where\":\"job_x\",\"what\":\"bad\",\"remedy\":\"mend it\"}]}");
        Cli.Result shown = done("agent", "show", "gza");
        assertTrue(shown.out().contains("refused TAG    2"), shown.out());
        assertTrue(shown.out().contains("redis pending  7"), shown.out());
        assertEquals("ping-agent: job_x: bad; mend it\n", shown.err());
        assertEquals(64, cli.run("agent", "show", "nobody").status());
    }

    @Test
    void forgetsAnAgentAndNoOther() {
        redis.sadd("agent-list", "a", "a_b");
        redis.sadd("agent-err-list_a", "192.0.2.1");
        redis.set("agent-ip-last-ms_a_192.0.2.1", "1");
        redis.set("agent-ip-last-ms_a_2001:db8::1", "1");
        redis.set("ip_a_192.0.2.1", "{}");
        redis.set("agent-ip-last-ms_a_b_192.0.2.1", "1");
        assertEquals(
                "removed agent 'a' and 4 keys of its state\n",
                done("agent", "remove", "a").out());
        assertEquals(Set.of("agent-list", "agent-ip-last-ms_a_b_192.0.2.1"), redis.keys("*"));
        assertEquals(Set.of("a_b"), redis.smembers("agent-list"));
        assertEquals(64, cli.run("agent", "remove", "a").status());
    }

    @Test
    void anAgentThatIsOnlineIsNotForgotten() {
        online("gza");
        assertEquals(64, cli.run("agent", "remove", "gza").status());
        assertTrue(redis.exists("agent-online_gza"));
        done("agent", "remove", "gza", "--force");
        assertFalse(redis.exists("agent-online_gza"));
    }

    // ---- err lists ----

    @Test
    void changesTheErrList() {
        online("gza");
        assertEquals(
                "err list of agent 'gza': added 3 addresses\n",
                done("err-list", "add", "2001:DB8::1", "192.0.2.10", "192.0.2.9")
                        .out());
        assertEquals(Set.of("192.0.2.9", "192.0.2.10", "2001:db8::1"), redis.smembers("agent-err-list_gza"));
        assertEquals(
                "192.0.2.9\n192.0.2.10\n2001:db8::1\n", done("err-list", "list").out());
        assertEquals(
                "err list of agent 'gza': removed 1 address\n",
                done("err-list", "remove", "192.0.2.9").out());
        assertEquals(64, cli.run("err-list", "remove", "192.0.2.9").status());
        // What a client of another kind put there can be taken off.
        redis.sadd("agent-err-list_gza", "224.0.0.1");
        done("err-list", "remove", "224.0.0.1");
        redis.sadd("agent-list", "x");
        Cli.Result other = done("err-list", "add", "--agent", "x", "192.0.2.9");
        assertTrue(other.err().startsWith("ping-agent: agent 'x' is not online"), other.err());
    }

    // ---- what does not exist ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status --agent nobody",
                "top --agent nobody --frames 1",
                "agent show nobody",
                "agent remove nobody",
                "job list --agent nobody",
                "job list --agent nobody --json",
                "job show core --agent nobody",
                "job remove core --agent nobody",
                "job remove --all --agent nobody",
                "err-list list --agent nobody",
                "err-list list --agent nobody --json",
                "err-list add 192.0.2.1 --agent nobody",
                "err-list remove 192.0.2.1 --agent nobody",
                "group show nobody",
                "group remove nobody",
                "group remove nobody 192.0.2.1",
                "job show nobody",
                "job remove nobody"
            })
    void anUnknownNameIsNeverDone(String command) {
        online("gza");
        redis.sadd("group_g1", "192.0.2.1");
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1");
        Cli.Result result = cli.run(command.split(" "));
        assertEquals(64, result.status(), result.out());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("ping-agent: there is no "), result.err());
        assertFalse(redis.exists("agent-err-list_nobody"));
        assertFalse(redis.sismember("catalogue-removed", "agent_nobody_*"));
    }

    // ---- status and top ----

    private void status(String agent) {
        online(agent);
        redis.set(
                "agent-all-ip-status_" + agent,
                "{\"192.0.2.1\":{\"SendCount\":60,\"ReturnCount\":60,\"ip\":\"192.0.2.1\",\"InErrList\":false},"
                        + "\"192.0.2.2\":{\"SendCount\":60,\"ReturnCount\":30,\"ip\":\"192.0.2.2\",\"InErrList\":false},"
                        + "\"192.0.2.3\":{\"SendCount\":60,\"ReturnCount\":0,\"ip\":\"192.0.2.3\",\"InErrList\":true}}");
        redis.set("agent-ip-last-ms_" + agent + "_192.0.2.2", "11");
        redis.sadd("agent-err-list_" + agent, "192.0.2.3");
    }

    @Test
    void statusShowsTheWorstFirst() {
        status("gza");
        redis.set(
                "agent-stats_gza",
                "{\"probesPerSecond\":1234.5,\"problems\":[{\"where\":\"group_g1\",\"what\":\"unknown\",\"remedy\":\"add it\"}]}");
        Cli.Result result = done("status");
        assertEquals(
                List.of(
                        "AGENT  STATE   TARGETS  ERR LIST  LOSS 60 S  PROBES/S  PROBLEMS  UP",
                        "gza    online        3         1        50%     1,235         1   -",
                        "",
                        "gza: 2 addresses on the err list or with loss",
                        "ADDRESS             SENT RECEIVED     LOSS   LAST RTT  ERR LIST",
                        "192.0.2.3             60        0     100%          -  yes",
                        "192.0.2.2             60       30      50%      11 ms"),
                result.outLines());
        assertEquals("ping-agent: agent 'gza': group_g1: unknown; add it\n", result.err());
        assertEquals(8, done("status", "--all").outLines().size());
        assertTrue(done("status", "--limit", "1").out().endsWith("... and 1 more; --limit 0 shows them\n"));
        assertEquals(64, cli.run("status", "--agent", "nobody").status());
    }

    /** Redis is slower than the agent writes, or refuses it: nothing is known of how the agent is. */
    @Test
    void anAgentWithoutItsReportDoesNotLookHealthy() {
        online("gza");
        Cli.Result status = done("status");
        assertTrue(status.out().contains("gza    no report"), status.out());
        assertEquals(
                "ping-agent: agent 'gza': online, but agent-stats_gza is missing: Redis refuses it, or is slower than the"
                        + " agent writes; its log says why\n",
                status.err());
    }

    @Test
    void eachAddressWeighsTheSameInTheLossOfAll() {
        online("gza");
        redis.set("agent-stats_gza", "{\"version\":\"0.2.0\"}");
        StringBuilder json = new StringBuilder();
        for (int i = 1; i <= 3; i++) {
            json.append("\"192.0.2." + i + "\":{\"SendCount\":6,\"ReturnCount\":6,\"ip\":\"192.0.2." + i
                    + "\",\"InErrList\":false},");
        }
        // On the err list and so probed ten times as often.
        redis.set(
                "agent-all-ip-status_gza",
                "{" + json
                        + "\"192.0.2.4\":{\"SendCount\":60,\"ReturnCount\":0,\"ip\":\"192.0.2.4\",\"InErrList\":true},"
                        + "\"192.0.2.5\":{\"SendCount\":0,\"ReturnCount\":0,\"ip\":\"192.0.2.5\",\"InErrList\":false}}");
        for (String[] command : new String[][] {{"status"}, {"top", "--frames", "1"}}) {
            String out = done(command).out();
            assertTrue(out.contains("gza    online        5         0        25%"), out);
        }
        assertTrue(done("status", "--json").out().contains("\"loss\": 0.25"));
    }

    @Test
    void aWholeMillisecondIsNotShownWithDecimals() {
        status("gza");
        redis.set("agent-ip-last-ms_gza_192.0.2.1", "1");
        redis.set("agent-ip-last-ms_gza_192.0.2.2", "0.204");
        String out = done("status", "--all").out();
        assertTrue(out.contains("192.0.2.1             60       60       0%    <= 1 ms"), out);
        assertTrue(out.contains("192.0.2.2             60       30      50%   0.204 ms"), out);
    }

    @Test
    void whatAnAgentLeftBehindIsNotShownAsOfNow() {
        status("gza");
        redis.set("agent-stats_gza", "{\"startedAt\":\"2026-11-22T06:00:00Z\",\"probesPerSecond\":1234}");
        redis.del("agent-online_gza");
        List<String> lines = done("status").outLines();
        assertEquals("gza    offline        3         1          -         -         0   -", lines.get(1));
        assertEquals("gza (offline, as it was before): 2 addresses on the err list or with loss", lines.get(3));
    }

    @Test
    void topSaysHowOldItsFiguresAreAndWhichKeysThereAre() {
        status("gza");
        redis.set("agent-stats_gza", "{\"writtenAt\":\"" + Instant.now() + "\",\"statusIntervalSeconds\":600}");
        String title = done("top", "--frames", "1").outLines().get(0);
        assertTrue(
                title.matches("ping-agent top  \\d\\d:\\d\\d:\\d\\d  figures at most 10 min old, last RTT of now"
                        + "  \\(q ends, Ctrl-Z stops\\)"),
                title);
    }

    @Test
    void namesAndMembersPaintNoTerminal() {
        String evil = "a\u001b[2J\u009b2J\u007f\nping-agent: forged\u2028\u202e";
        redis.sadd("agent-list", evil);
        redis.sadd("job-list", evil);
        redis.sadd("group-list", evil);
        redis.sadd("group_" + evil, evil);
        redis.sadd("agent-err-list_" + evil, evil);
        redis.set("agent-stats_" + evil, "{\"problems\":[{\"where\":\"x\\n\\u001b[2J\"}]}");
        redis.set("agent-all-ip-status_" + evil, "{\"x\\n\\u001b[2J\":{\"SendCount\":6,\"ReturnCount\":0}}");
        for (String[] command : new String[][] {
            {"status"},
            {"status", "--json"},
            {"top", "--frames", "1"},
            {"agent", "list"},
            {"agent", "list", "--json"},
            {"agent", "show", evil},
            {"agent", "show", evil, "--json"},
            {"job", "list"},
            {"job", "list", "--json"},
            {"job", "show", evil},
            {"job", "remove", evil},
            {"group", "list"},
            {"group", "list", "--json"},
            {"group", "show", evil},
            {"group", "remove", evil, evil},
            {"group", "remove", evil},
            {"err-list", "list", "--agent", evil},
            {"agent", "remove", evil},
            {"agent", "show", "x" + evil},
            {"doctor"}
        }) {
            Cli.Result result = cli.run(command);
            for (String text : List.of(result.out(), result.err())) {
                assertTrue(
                        text.lines().allMatch(line -> line.codePoints().allMatch(OneLine::isHarmless)),
                        () -> String.join(" ", command) + ": " + text);
                assertFalse(text.lines().anyMatch(line -> line.startsWith("ping-agent: forged")), text);
            }
        }
    }

    @Test
    void scriptsGetNamesAsTheyAre() {
        String name = "a\u009b2J\u202e\ud83d\ude00é";
        redis.sadd("group-list", name);
        String json = done("group", "list", "--json").out();
        assertTrue(json.contains("\\u009b2J\\u202e\ud83d\ude00é"), json);
        assertEquals(
                name,
                JsonParser.parseString(json)
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .get("name")
                        .getAsString());
    }

    @Test
    void statusForScripts() {
        status("gza");
        JsonObject agent = JsonParser.parseString(done("status", "--json").out())
                .getAsJsonObject()
                .getAsJsonArray("agents")
                .get(0)
                .getAsJsonObject();
        assertEquals(180, agent.get("sent").getAsInt());
        assertEquals(90, agent.get("received").getAsInt());
        assertTrue(agent.get("stats").isJsonNull());
        assertEquals(2, agent.getAsJsonArray("addresses").size());
        JsonObject all =
                JsonParser.parseString(done("status", "--json", "--all").out()).getAsJsonObject();
        JsonArray addresses =
                all.getAsJsonArray("agents").get(0).getAsJsonObject().getAsJsonArray("addresses");
        assertEquals(3, addresses.size());
        assertEquals("192.0.2.1", addresses.get(0).getAsJsonObject().get("ip").getAsString());
    }

    @Test
    void statusOfAMillionAddresses() {
        online("gza");
        redis.set("agent-stats_gza", "{\"version\":\"0.2.0\"}");
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            String ip = "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
            json.append(i == 0 ? "" : ",")
                    .append("\"" + ip + "\":{\"SendCount\":60,\"ReturnCount\":" + (i == 777_777 ? 1 : 60) + ",\"ip\":\""
                            + ip + "\",\"InErrList\":false}");
        }
        redis.set("agent-all-ip-status_gza", json.append('}').toString());
        Cli.Result result = done("status");
        assertTrue(result.out().contains("gza    online  1,000,000"), result.out());
        assertTrue(result.out().contains("gza: 1 address on the err list or with loss"), result.out());
        assertTrue(result.out().contains("10.11.222.49"), result.out());
    }

    @Test
    void aBrokenStatusIs78() {
        online("gza");
        redis.set("agent-all-ip-status_gza", "{\"192.0.2.1\":");
        Cli.Result result = cli.run("status");
        assertEquals(78, result.status());
        assertTrue(result.err().startsWith("ping-agent: Redis key 'agent-all-ip-status_gza' is not what"));
    }

    @Test
    void statusOfAServerThatTakesNoWritesSaysSo() {
        redis.replicaof("127.0.0.1", 1);
        try {
            Cli.Result result = done("status");
            assertTrue(result.err().contains("it is a read-only replica"), result.err());
        } finally {
            redis.replicaofNoOne();
        }
        assertEquals("", done("status").err());
    }

    @Test
    void nothingThereYet() {
        assertTrue(done("status").out().startsWith("no agent has registered in Redis at 127.0.0.1:"));
        assertTrue(done("job", "list").out().startsWith("no jobs; "));
        assertTrue(done("group", "list").out().startsWith("no groups; "));
        assertTrue(done("agent", "list").out().startsWith("no agents; "));
        assertEquals("[]\n", done("job", "list", "--json").out());
    }

    @Test
    void topPrintsFramesWhereThereIsNoTerminal() {
        status("gza");
        Cli.Result result = done("top", "--frames", "2");
        assertFalse(result.out().contains("\033"), result.out());
        assertEquals(
                2,
                result.outLines().stream()
                        .filter(line -> line.startsWith("AGENT"))
                        .count());
        assertTrue(result.out().contains("192.0.2.3             60        0     100%"), result.out());
    }

    @Test
    void aWrongPasswordIs77() {
        try (RedisServer guarded = RedisServer.started("--requirepass", "right")) {
            Cli other = new Cli().redis(guarded.port());
            for (String password : new String[] {null, "wrong"}) {
                if (password != null) {
                    other.environment.put("PING_AGENT_REDIS_PASSWORD", password);
                }
                Cli.Result result = other.run("job", "list");
                assertEquals(77, result.status(), result.err());
                assertEquals(1, result.err().lines().count(), result.err());
                assertFalse(result.err().contains("wrong "), result.err());
                assertEquals(77, other.run("doctor").status());
            }
            other.environment.put("PING_AGENT_REDIS_PASSWORD", "right");
            assertEquals(0, other.run("job", "list").status());
        }
    }
}
