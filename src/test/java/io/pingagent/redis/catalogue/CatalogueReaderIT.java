package io.pingagent.redis.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.testkit.RedisServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisDataException;

class CatalogueReaderIT {

    private RedisServer server;
    private Jedis redis;
    private CatalogueReader reader;

    @BeforeEach
    void startRedis() {
        server = RedisServer.started();
        redis = new Jedis(server.url());
        reader = reader(server.url());
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    private static CatalogueReader reader(URI url) {
        return new CatalogueReader(new RedisConnector(RedisSettings.of("gza", url)), new RedisKeys("gza"));
    }

    private static List<String> wheres(List<Problem> problems) {
        return problems.stream().map(Problem::where).toList();
    }

    @Test
    void hostNamesStandBesideTheAddressesAndBadOnesAreProblems() {
        redis.sadd("group-list", "g");
        redis.sadd(
                "group_g", "192.0.2.1", "host:gw.example.net", "host6:GW.example.net", "host:a..b", "host:192.0.2.7");
        CatalogueReader.Groups groups = reader.readGroups(Set.of("g"), Map.of());
        assertEquals(
                AddressSet.of(Addresses.parse("192.0.2.1")), groups.byName().get("g"));
        assertEquals(
                Map.of("g", Set.of(HostName.parse("host:gw.example.net"), HostName.parse("host6:gw.example.net"))),
                groups.hostNames());
        assertEquals(List.of("group_g", "group_g"), wheres(groups.problems()));
    }

    @Test
    void whatIsWrittenOfNamesIsReadAgainAndStrangersTextsAreLeftOut() {
        NamesReader names =
                new NamesReader(new RedisConnector(RedisSettings.of("gza", server.url())), new RedisKeys("gza"));
        HostName gw = HostName.parse("host:gw.example.net");
        HostName old = HostName.parse("host4:old.example.net");
        List<IpAddress> both = List.of(Addresses.parse("192.0.2.7"), Addresses.parse("2001:db8::7"));
        assertEquals(Map.of(), names.read());
        names.write(Map.of(gw, both, old, both.subList(0, 1)), List.of());
        redis.hset("agent-names_gza", "host:bad.example.net", "nonsense");
        redis.hset("agent-names_gza", "no name", "192.0.2.7");
        assertEquals(Map.of(gw, both, old, both.subList(0, 1)), names.read());
        names.write(Map.of(), List.of(old));
        assertEquals(Map.of(gw, both), names.read());
        redis.del("agent-names_gza");
        redis.set("agent-names_gza", "text");
        Problem refused = assertThrows(NamesRefusedException.class, names::read).problem();
        assertEquals("agent-names_gza", refused.where());
        assertEquals("DEL agent-names_gza", refused.remedy());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OOM command not allowed when used memory > 'maxmemory'.|raise its maxmemory",
                "READONLY You can't write against a read only replica.|let redis.url name the master",
                "LOADING Redis is loading the dataset in memory|wait until it has loaded its data",
                "MISCONF Redis is configured to save RDB snapshots|check redis.url and the server's log",
                "NOPERM this user has no permissions|allow ~agent-names_gza, HSCAN, HSET and HDEL with ACL SETUSER, as"
                        + " security.md shows"
            })
    void whyNamesAreRefusedHasItsOwnRemedy(String reply, String remedy) {
        Problem refused = new NamesRefusedException("agent-names_gza", new JedisDataException(reply)).problem();
        assertEquals(remedy, refused.remedy());
        assertTrue(refused.what().startsWith("Redis refuses it: " + reply), refused.what());
    }

    @Test
    void readsJobsOfBothLayoutsAndPrefersTheAgentsOwn() {
        redis.sadd("job-list", "core", "edge", "missing");
        redis.sadd("agent-jobs_gza", "own", "lost");
        redis.sadd("agent-jobs_other", "foreign");
        redis.set("job_core", "{\"SPEC\":\"core\"}");
        redis.set("job_edge", "everyone's");
        redis.set("agent_gza_edge", "the agent's");
        redis.set("agent_gza_own", "own");
        redis.set("job_foreign", "foreign");
        CatalogueReader.Jobs jobs = reader.readJobs();
        assertEquals(
                Map.of(
                        "core", new CatalogueReader.StoredJob("job_core", "{\"SPEC\":\"core\"}"),
                        "edge", new CatalogueReader.StoredJob("agent_gza_edge", "the agent's"),
                        "own", new CatalogueReader.StoredJob("agent_gza_own", "own")),
                jobs.byName());
        assertEquals(
                Map.of("job-list", Set.of("core", "edge", "missing"), "agent-jobs_gza", Set.of("own", "lost")),
                jobs.lists());
        assertEquals(Set.of("lost", "missing"), jobs.unusable().keySet());
        assertTrue(jobs.unusable().get("lost").what().contains("agent-jobs_gza"));
        assertTrue(jobs.unusable().get("missing").what().contains("job-list"));
        assertEquals(40, jobs.signs().server().run().length());
        assertEquals(CatalogueSigns.Witness.MISSING, jobs.signs().witness());
    }

    @Test
    void namesJobKeysOfTheWrongTypeAndReadsTheRest() {
        redis.sadd("job-list", "core", "bad", "half");
        redis.set("agent-jobs_gza", "not a set");
        redis.set("job_core", "core");
        redis.sadd("job_bad", "a set");
        redis.sadd("agent_gza_half", "a set");
        redis.set("job_half", "half");
        CatalogueReader.Jobs jobs = reader.readJobs();
        assertEquals(Set.of("core", "half"), jobs.byName().keySet());
        assertEquals(List.of("agent-jobs_gza"), wheres(jobs.problems()));
        assertEquals(Set.of("job-list"), jobs.lists().keySet());
        assertEquals("job_bad", jobs.unusable().get("bad").where());
        assertEquals("agent_gza_half", jobs.unusable().get("half").where());
    }

    /** Both names may contain an underscore: the field {@code name} says whose job it is. */
    @Test
    void leavesTheDefinitionOfAnotherAgentAlone() {
        redis.sadd("agent-jobs_gza", "b_core", "c_edge");
        redis.set("agent_gza_b_core", "{\"SPEC\":\"@hourly\",\"Name\":\"core\",\"group\":[\"g\"]}");
        redis.set("agent_gza_c_edge", "{\"name\":\"edge\"}");
        redis.set("job_c_edge", "everyone's");
        CatalogueReader.Jobs jobs = reader.readJobs();
        assertEquals(Map.of("c_edge", new CatalogueReader.StoredJob("job_c_edge", "everyone's")), jobs.byName());
        assertEquals(
                "agent_gza_b_core: its name makes it the job 'core' of agent 'gza_b', so agent 'gza' leaves it alone;"
                        + " give the job 'b_core' of 'gza' another name",
                jobs.unusable().get("b_core").toString());
        assertEquals("agent_gza_c_edge", jobs.unusable().get("c_edge").where());
    }

    /** Seen from the other side: the longer agent name finds the shorter one's job in its place. */
    @Test
    void leavesTheDefinitionOfAnAgentWithAShorterNameAlone() {
        redis.sadd("agent-jobs_gz_a", "core");
        redis.set("agent_gz_a_core", "{\"name\":\"a_core\"}");
        CatalogueReader.Jobs jobs = new CatalogueReader(
                        new RedisConnector(RedisSettings.of("gz_a", server.url())), new RedisKeys("gz_a"))
                .readJobs();
        assertEquals(Map.of(), jobs.byName());
        assertTrue(
                jobs.unusable().get("core").what().contains("the job 'a_core' of agent 'gz'"),
                jobs.unusable().toString());
    }

    @Test
    void readsThousandsOfJobs() {
        Pipeline pipeline = redis.pipelined();
        for (int i = 0; i < 2_345; i++) {
            pipeline.sadd("job-list", "j" + i);
            pipeline.set("job_j" + i, "text " + i);
        }
        pipeline.sync();
        CatalogueReader.Jobs jobs = reader.readJobs();
        assertEquals(2_345, jobs.byName().size());
        assertEquals("text 2344", jobs.byName().get("j2344").json());
    }

    @Test
    void readsGroupsOfEveryKindOfMember() {
        redis.sadd("group-list", "g");
        redis.sadd("groups-list", "h", "empty");
        redis.sadd("group_g", "192.0.2.1", "192.0.2.8/30", "2001:db8::1", "2001:DB8:0::1");
        redis.sadd("group_h", "198.51.100.7");
        redis.sadd("group_unlisted", "198.51.100.8");
        CatalogueReader.Groups groups = reader.readGroups(Set.of("g", "h", "empty", "unlisted", "nowhere"), Map.of());
        assertEquals(
                Map.of(
                        "g",
                                AddressSet.of(
                                        Addresses.parse("192.0.2.1"),
                                        Addresses.parse("192.0.2.9"),
                                        Addresses.parse("192.0.2.10"),
                                        Addresses.parse("2001:db8::1")),
                        "h", AddressSet.of(Addresses.parse("198.51.100.7")),
                        "empty", AddressSet.EMPTY,
                        "unlisted", AddressSet.of(Addresses.parse("198.51.100.8"))),
                groups.byName());
        assertEquals(List.of("group_empty", "group_nowhere"), wheres(groups.problems()));
        assertTrue(groups.problems().get(1).what().startsWith("unknown group"));
    }

    @Test
    void reportsTheFirstBadMembersAndCountsTheRest() {
        redis.sadd("group-list", "g", "wrong");
        redis.set("group_wrong", "a string");
        redis.sadd("group_g", "192.0.2.1", "010.1.1.1", "host.example", "10.0.0.0/8", "", "\n");
        for (int i = 0; i < 30; i++) {
            redis.sadd("group_g", "bad-" + i);
        }
        CatalogueReader.Groups groups = reader.readGroups(Set.of("g", "wrong"), Map.of());
        assertEquals(Map.of("g", AddressSet.of(Addresses.parse("192.0.2.1"))), groups.byName());
        assertEquals(22, groups.problems().size());
        assertTrue(groups.problems().get(20).what().contains("15 more bad members, 35 in all"));
        assertEquals("group_wrong", groups.problems().get(21).where());
    }

    @Test
    void leavesOutWhatCanNeverAnswerAndReadsTheRest() {
        redis.sadd("group-list", "g");
        List<String> dead = List.of(
                "0.0.0.0",
                "0.1.2.3",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "ff02::1%lo",
                "fe80::1",
                "::ffff:192.0.2.7",
                "239.0.0.0/30");
        redis.sadd("group_g", dead.toArray(String[]::new));
        redis.sadd("group_g", "192.0.2.1", "fe80::1%lo");
        CatalogueReader.Groups groups = reader.readGroups(Set.of("g"), Map.of());
        assertEquals(
                Map.of("g", AddressSet.of(Addresses.parse("192.0.2.1"), Addresses.parse("fe80::1%lo"))),
                groups.byName());
        assertEquals(dead.size(), groups.problems().size());
        for (String member : dead) {
            assertEquals(
                    1,
                    groups.problems().stream()
                            .filter(problem -> problem.where().equals("group_g")
                                    && problem.what().startsWith("'" + member + "' can never answer: "))
                            .count(),
                    member + " in " + groups.problems());
        }
    }

    @Test
    void tellsBothReadingsOfANetworkWithHostBits() {
        redis.sadd("group-list", "g");
        redis.sadd("group_g", "192.0.2.5/30");
        CatalogueReader.Groups groups = reader.readGroups(Set.of("g"), Map.of());
        assertEquals(
                Map.of("g", AddressSet.of(Addresses.parse("192.0.2.5"), Addresses.parse("192.0.2.6"))),
                groups.byName());
        assertEquals(
                List.of(
                        "group_g: '192.0.2.5/30' means the network 192.0.2.4/30 with 2 addresses, or the host 192.0.2.5;"
                                + " it is read as the network; write the one that is meant"),
                groups.problems().stream().map(Problem::toString).toList());
    }

    @Test
    void readsAGroupOfTwoHundredThousand() {
        Pipeline pipeline = redis.pipelined();
        String[] some = new String[1_000];
        for (int i = 0; i < 200_000; i++) {
            some[i % 1_000] = "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
            if (i % 1_000 == 999) {
                pipeline.sadd("group_big", some);
            }
        }
        pipeline.sync();
        redis.sadd("group-list", "big");
        AddressSet big = reader.readGroups(Set.of("big"), Map.of()).byName().get("big");
        assertEquals(200_000, big.size());
        assertEquals(Addresses.parse("10.3.13.63"), big.get(199_999));
    }

    @Test
    void keepsNoSecondCopyOfAGroupThatDidNotChange() {
        redis.sadd("group-list", "same", "grown");
        redis.sadd("group_same", "192.0.2.2", "192.0.2.1", "2001:db8::1");
        redis.sadd("group_grown", "192.0.2.1");
        Set<String> names = Set.of("same", "grown");
        Map<String, AddressSet> first = reader.readGroups(names, Map.of()).byName();
        redis.sadd("group_grown", "2001:db8::2");
        Map<String, AddressSet> second = reader.readGroups(names, first).byName();
        assertSame(first.get("same"), second.get("same"));
        assertEquals(AddressSet.of(Addresses.parse("192.0.2.1"), Addresses.parse("2001:db8::2")), second.get("grown"));
    }

    @Test
    void neverTakesSilenceForAnEmptyCatalogue() {
        redis.aclSetUser("agent", "on", ">secret", "~none", "+@all");
        RedisUnreachableException refused = assertThrows(
                RedisUnreachableException.class,
                () -> reader(URI.create("redis://agent:secret@127.0.0.1:" + server.port()))
                        .readJobs());
        assertTrue(String.valueOf(refused.getMessage()).contains("ACL SETUSER"), refused.getMessage());
        server.stop();
        RedisUnreachableException away = assertThrows(RedisUnreachableException.class, () -> reader.readJobs());
        assertEquals(
                "Redis at 127.0.0.1:" + server.port()
                        + " is unreachable: Connection refused; start it, or correct redis.url",
                away.getMessage());
    }

    @Test
    void saysWhichPasswordIsWrong() {
        redis.configSet("requirepass", "secret");
        RedisUnreachableException noPassword = assertThrows(RedisUnreachableException.class, () -> reader.readJobs());
        assertTrue(String.valueOf(noPassword.getMessage()).contains("password"), noPassword.getMessage());
        RedisUnreachableException wrong = assertThrows(
                RedisUnreachableException.class,
                () -> reader(URI.create("redis://:wrong@127.0.0.1:" + server.port()))
                        .readJobs());
        assertTrue(String.valueOf(wrong.getMessage()).contains("password"), wrong.getMessage());
        assertTrue(reader(URI.create("redis://:secret@127.0.0.1:" + server.port()))
                .readJobs()
                .byName()
                .isEmpty());
    }
}
