package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.config.ConfigLoader;
import io.pingagent.e2e.Catalogue;
import io.pingagent.testkit.DocumentedAcl;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.UsedCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.AccessControlLogEntry;

/**
 * The documented ACL against every server at hand. It suffices: an agent that does all it ever does is refused nothing.
 * It is the smallest: of what such an agent asked for, each word less, or a right to a key less, refuses something.
 */
@Tag("root")
class RedisAclIT {

    private static final String USER = "ping-agent-gza";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path NO_FILE = Path.of("/dev/null");

    /** What a server with the flags in its configuration does not need. */
    private static final List<String> FOR_FLAGS = List.of("+config|get", "+config|set");

    @TempDir
    private static Path buffer;

    @BeforeAll
    static void requires() {
        Requires.rawSockets();
        Requires.rawSocketsV6();
    }

    static List<Path> servers() {
        return RedisServer.programs();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void theRuleOfTheReadmeSufficesAndIsTheSmallest(Path server) throws Exception {
        List<String> rule = DocumentedAcl.ofTheAgent();
        try (RedisServer redis = RedisServer.startedBy(server);
                Jedis admin = new Jedis(redis.url())) {
            DocumentedAcl.require(admin);
            fill(new Catalogue(redis.url()));
            admin.aclLogReset();
            try (UsedCommands used = new UsedCommands(redis.url(), admin)) {
                admin.configSet("notify-keyspace-events", "KEsx");
                admin.aclSetUser(USER, without(rule, FOR_FLAGS).toArray(String[]::new));
                String owner = runAgent(redis, admin);
                // As if it had been killed: its successor replaces it.
                admin.set("agent-owner_gza", owner.replaceFirst("\"startTicks\":[0-9]+", "\"startTicks\":1"));
                assertEquals(List.of("config|get"), refusals(admin), "without the rights to the flags");
                admin.aclLogReset();

                admin.configSet("notify-keyspace-events", "");
                admin.aclSetUser(USER, rule.toArray(String[]::new));
                // From here on only the agent sets anything.
                admin.configResetStat();
                runAgent(redis, admin);
                assertEquals(List.of(), refusals(admin));

                used.addCounted("config|get", "config|set", "exec");
                assertEquals(
                        List.of(),
                        used.unneeded(rule, DocumentedAcl.NOT_RIGHTS),
                        () -> "not needed for any of " + used.examples());
            }
        }
    }

    /** Jobs and groups in both layouts, a status above 1 MiB, addresses that never answer. */
    private static void fill(Catalogue catalogue) {
        catalogue
                .group("many", "127.16.0.0/18")
                .group("few", Catalogue.range("127.9.0.1", 20))
                .group("silent", "127.255.255.255");
        catalogue.jobWith("\"pttl\":4,", "core", "@every 2s", "few", "silent");
        catalogue.job("wide", "*/10 * * * * *", "many");
        catalogue.jobOf("gza", "own", "@every 5s", "old");
        catalogue.ask(redis -> redis.sadd("groups-list", "old"));
        catalogue.ask(redis -> redis.sadd("group_old", "127.8.0.1"));
        catalogue.ask(redis -> redis.hset("group-hosts_few", "127.9.0.1", "router-1"));
        catalogue.ask(redis -> redis.hset("target_127.9.0.2", "name", "core-2"));
        catalogue.ask(redis -> redis.sadd("group_few", "host4:localhost"));
    }

    /**
     * From its start through a change of jobs and of the err list to its end.
     *
     * @return what it wrote about itself
     */
    private static String runAgent(RedisServer redis, Jedis admin) throws Exception {
        Map<String, String> environment = Map.of(
                "PING_AGENT_AGENT_NAME", "gza",
                "PING_AGENT_REDIS_URL", "redis://" + USER + ":change-me@127.0.0.1:" + redis.port() + "/0",
                "PING_AGENT_REDIS_STATUS_INTERVAL", "2s",
                "PING_AGENT_REDIS_RELOAD_INTERVAL", "5s",
                "PING_AGENT_REDIS_PER_IP_STATUS", "true",
                // Hosts of Zabbix are read for the bridge only; nobody listens there.
                "PING_AGENT_ZABBIX_SERVERS", "127.0.0.1:1",
                "PING_AGENT_ZABBIX_BUFFER_DIRECTORY", buffer.toString());
        String owner;
        try (Agent agent = new Agent(ConfigLoader.load(NO_FILE, environment), new AgentListener())) {
            agent.start();
            await().atMost(PATIENCE).until(() -> admin.sismember("agent-err-list_gza", "127.255.255.255"));
            await().atMost(PATIENCE).until(() -> admin.strlen("agent-all-ip-status_gza") > 1 << 20);
            await().atMost(PATIENCE).until(() -> admin.exists("agent-all-ip-status-next_gza"));
            await().atMost(PATIENCE)
                    .until(() -> admin.exists("agent-ip-last-ms_gza_127.8.0.1", "ip_gza_127.8.0.1") == 2);
            admin.srem("group_few", "127.9.0.20");
            admin.sadd("agent-err-list_gza", "127.9.0.1", "198.51.100.1");
            await().atMost(PATIENCE).until(() -> !admin.exists("agent-ip-last-ms_gza_127.9.0.20"));
            await().atMost(PATIENCE).until(() -> !admin.sismember("agent-err-list_gza", "198.51.100.1"));
            admin.sadd("group_few", "127.9.0.20");
            await().atMost(PATIENCE).until(() -> admin.hexists("agent-names_gza", "host4:localhost"));
            admin.srem("group_few", "host4:localhost");
            await().atMost(PATIENCE).until(() -> !admin.exists("agent-names_gza"));
            admin.sadd("group_few", "host4:localhost");
            owner = admin.get("agent-owner_gza");
        }
        await().atMost(PATIENCE).until(() -> !admin.exists("agent-online_gza"));
        return owner;
    }

    /** What was refused, each once; empty for an agent with all rights. */
    private static List<String> refusals(Jedis admin) {
        TreeSet<String> refused = new TreeSet<>();
        for (AccessControlLogEntry entry : admin.aclLog()) {
            refused.add(entry.getObject());
        }
        return List.copyOf(refused);
    }

    private static List<String> without(List<String> words, List<String> some) {
        List<String> rest = new ArrayList<>(words);
        rest.removeAll(some);
        return rest;
    }
}
