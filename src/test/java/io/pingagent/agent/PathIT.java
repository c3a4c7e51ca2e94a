package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.config.ConfigLoader;
import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.model.ZabbixValue;
import io.pingagent.testkit.Opened;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.RouterChain;
import io.pingagent.trace.Hop;
import io.pingagent.trace.PathJson;
import io.pingagent.trace.PathRecord;
import io.pingagent.trace.TracedPath;
import io.pingagent.zabbix.FakeTrapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The path of addresses behind three routers when they go down: in Redis, and as values for Zabbix. */
@Tag("root")
class PathIT {

    private static final Path NO_FILE = Path.of("/dev/null");
    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final String V4 = "10.77.0.1";
    private static final String V6 = "fd00:77::1";
    private static final List<String> MANY = Catalogue.range("10.77.1.1", 60);

    private final Opened open = new Opened();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private RouterChain chain;

    @SuppressWarnings("NullAway.Init")
    private RedisServer redis;

    @SuppressWarnings("NullAway.Init")
    private Catalogue catalogue;

    @SuppressWarnings("NullAway.Init")
    private FakeTrapper trapper;

    @BeforeEach
    void start() {
        Requires.rawSockets();
        Requires.rawSocketsV6();
        Requires.networkNamespaces();
        Requires.nft();
        Requires.redisServer();
        chain = open.add(new RouterChain());
        redis = open.add(RedisServer.started());
        catalogue = new Catalogue(redis.url());
        trapper = open.add(new FakeTrapper());
    }

    @AfterEach
    void stop() {
        open.close();
    }

    private Agent agent(boolean hasZabbix, String... more) throws IOException {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PING_AGENT_AGENT_NAME", "gza",
                "PING_AGENT_REDIS_URL", redis.url().toString(),
                "PING_AGENT_PATH_ON_DOWN", "true",
                "PING_AGENT_PROBE_ISOLATION_SHARE", "0%",
                "PING_AGENT_PROBE_TIMEOUT", "500ms"));
        if (hasZabbix) {
            environment.put("PING_AGENT_ZABBIX_SERVERS", trapper.address().toString());
            environment.put("PING_AGENT_ZABBIX_PUSH_INTERVAL", "1s");
            environment.put("PING_AGENT_ZABBIX_BUFFER_DIRECTORY", directory.toString());
        }
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        Agent agent =
                chain.prober().call(() -> new Agent(ConfigLoader.load(NO_FILE, environment), new AgentListener()));
        agent.start();
        return agent;
    }

    private @Nullable PathRecord kept(String address) {
        String json = catalogue.ask(jedis -> jedis.get("agent-path_gza_" + address));
        return json == null ? null : PathJson.read(json);
    }

    private static List<String> addresses(@Nullable TracedPath path) {
        return path == null
                ? List.of()
                : path.hops().stream()
                        .map(Hop::address)
                        .map(address -> address == null ? "*" : address.toString())
                        .toList();
    }

    private boolean hasGoodPath(String address) {
        PathRecord paths = kept(address);
        return paths != null && paths.good() != null;
    }

    private boolean hasPathOfOutage(String address) {
        PathRecord paths = kept(address);
        return paths != null && paths.down() != null;
    }

    private List<ZabbixValue> values(String key) {
        return trapper.accepted.stream()
                .filter(value -> value.key().equals(key))
                .toList();
    }

    private static long nanos(ZabbixValue value) {
        return value.clockSeconds() * SECOND_NANOS + value.nanos();
    }

    @Test
    void theRouterBehindWhichAnOutageIsIsFoundWithinFiveSecondsAndTheGoodPathIsKeptBesideIt() throws IOException {
        catalogue.group("core", V4, V6).job("second", "* * * * * *", "core");
        Agent agent = agent(true);
        try {
            await().atMost(PATIENCE).until(() -> hasGoodPath(V4) && hasGoodPath(V6));
            chain.drop(2, List.of(V4, V6));
            await().atMost(PATIENCE).until(() -> hasPathOfOutage(V4) && hasPathOfOutage(V6));
            PathRecord v4 = kept(V4);
            PathRecord v6 = kept(V6);
            assertEquals(List.of("10.7.1.2", "10.7.2.2"), addresses(v4.down()));
            assertEquals(List.of("10.7.1.2", "10.7.2.2", "10.7.3.2", V4), addresses(v4.good()));
            assertEquals(List.of("fd00:7:1::2", "fd00:7:2::2"), addresses(v6.down()));
            assertEquals(List.of("fd00:7:1::2", "fd00:7:2::2", "fd00:7:3::2", V6), addresses(v6.good()));
            assertEquals(3, v4.firstDifference());
            long ttlMillis = catalogue.ask(jedis -> jedis.pttl("agent-path_gza_" + V4));
            assertTrue(ttlMillis > Duration.ofHours(23).toMillis(), () -> "TTL " + ttlMillis);

            await().atMost(PATIENCE)
                    .until(() -> !values("ping.path[\"" + V4 + "\"]").isEmpty());
            ZabbixValue path = values("ping.path[\"" + V4 + "\"]").get(0);
            assertTrue(path.value().contains("no answer behind hop 2"), path::value);
            assertTrue(path.value().contains("> 3  10.7.3.2"), path::value);
            ZabbixValue down = values("ping.status[\"" + V4 + "\"]").stream()
                    .filter(value -> value.value().equals("0"))
                    .findFirst()
                    .orElseThrow();
            long afterNanos = nanos(path) - nanos(down);
            assertTrue(afterNanos > 0 && afterNanos < 5 * SECOND_NANOS, () -> afterNanos + " ns after the status");

            // The next good path does not take the place of the bad one.
            chain.forwardAll(2);
            await().atMost(PATIENCE)
                    .until(() -> kept(V4).good().wallMillis() > v4.down().wallMillis());
            assertEquals(List.of("10.7.1.2", "10.7.2.2"), addresses(kept(V4).down()));
        } finally {
            agent.close();
        }

        // Another agent of that name knows the good path before it has traced one itself.
        chain.drop(2, List.of(V4));
        PathRecord before = kept(V4);
        Agent next = agent(false);
        try {
            await().atMost(PATIENCE)
                    .until(() -> kept(V4).down().wallMillis() > before.down().wallMillis());
            assertEquals(before.good(), kept(V4).good());

            // What is no address any more leaves nothing behind.
            catalogue.ask(jedis -> jedis.srem("group_core", V4));
            next.reload();
            await().atMost(PATIENCE).until(() -> kept(V4) == null);
        } finally {
            next.close();
        }
    }

    @Test
    void aRestartDuringAnOutageKeepsItsPathAndChildrenOfADeadParentAreNotTracedWithoutZabbix() throws IOException {
        String child = "10.77.0.2";
        String marker = "10.77.0.3";
        catalogue.group("core", V4, child, marker).job("second", "* * * * * *", "core");
        catalogue.command("HSET", "target_" + child, "parent", V4);
        Agent agent = agent(false);
        try {
            await().atMost(PATIENCE).until(() -> hasGoodPath(V4) && hasGoodPath(child) && hasGoodPath(marker));
            chain.drop(2, List.of(V4));
            await().atMost(PATIENCE).until(() -> hasPathOfOutage(V4));
            chain.drop(2, List.of(child));
            int childId = agent.engine().targetId(Addresses.parse(child));
            await().atMost(PATIENCE).until(() -> agent.engine().isInErrList(childId));
            chain.drop(2, List.of(marker));
            await().atMost(PATIENCE).until(() -> hasPathOfOutage(marker));
            assertFalse(hasPathOfOutage(child), "its parent is down");
        } finally {
            agent.close();
        }
        PathRecord before = kept(V4);
        chain.forwardAll(2);
        chain.drop(1, List.of(V4));
        Agent next = agent(false);
        try {
            int targetId = await().atMost(PATIENCE)
                    .until(() -> next.engine().targetId(Addresses.parse(V4)), known -> known >= 0);
            await().atMost(PATIENCE).until(() -> next.engine().isInErrList(targetId));
            await().atMost(PATIENCE)
                    .until(() -> kept(marker).good().wallMillis()
                            > kept(marker).down().wallMillis());
            chain.drop(3, List.of(marker));
            long goodMillis = kept(marker).good().wallMillis();
            await().atMost(PATIENCE).until(() -> kept(marker).down().wallMillis() > goodMillis);
            assertEquals(before, kept(V4), "it was down all the time");
        } finally {
            next.close();
        }
    }

    @Test
    void ofManyThatGoDownAtOnceTenASecondAreTraced() throws IOException {
        catalogue.group("many", MANY).group("others", Catalogue.range("10.77.2.1", 60));
        catalogue.job("second", "* * * * * *", "many", "others");
        Agent agent = agent(true, "PING_AGENT_PROBE_TIMEOUT", "200ms");
        try {
            await().atMost(PATIENCE)
                    .until(() -> MANY.stream()
                            .allMatch(address -> values("ping.status[\"" + address + "\"]").stream()
                                    .anyMatch(value -> value.value().equals("1"))));
            chain.drop(3, MANY);
            await().atMost(PATIENCE)
                    .until(() -> MANY.stream()
                            .noneMatch(address ->
                                    values("ping.path[\"" + address + "\"]").isEmpty()));
            List<Long> begun = new ArrayList<>();
            for (String address : MANY) {
                PathRecord paths = kept(address);
                String text = values("ping.path[\"" + address + "\"]").get(0).value();
                if (paths != null && paths.down() != null) {
                    assertEquals(List.of("10.7.1.2", "10.7.2.2", "10.7.3.2"), addresses(paths.down()));
                    begun.add(paths.down().wallMillis());
                } else {
                    assertTrue(text.startsWith("not swept: ") && text.contains("went down at once"), text);
                }
            }
            begun.sort(null);
            assertFalse(begun.isEmpty());
            assertTrue(begun.size() < MANY.size(), begun::toString);
            for (int i = 10; i < begun.size(); i++) {
                assertTrue(begun.get(i) - begun.get(i - 10) >= 999, begun::toString);
            }
        } finally {
            agent.close();
        }
    }
}
