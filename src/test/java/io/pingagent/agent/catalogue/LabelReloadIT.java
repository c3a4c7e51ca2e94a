package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.agent.TargetsInRedis;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigLoader;
import io.pingagent.e2e.Catalogue;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.LabelReader;
import io.pingagent.testkit.SharedRedis;
import io.pingagent.zabbix.BridgedTargets;
import io.pingagent.zabbix.DiscoveryJson;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Labels as the agent reads them beside jobs and groups, from a real Redis. */
class LabelReloadIT {

    @RegisterExtension
    private static final SharedRedis SERVER = new SharedRedis();

    private final Jedis redis = SERVER.connection();
    private final RedisConnector connector = new RedisConnector(RedisSettings.of("gza", SERVER.url()));
    private final CatalogueLoader loader = CatalogueLoader.forOneReading(
            new RedisCatalogue(new CatalogueReader(connector, new RedisKeys("gza"))),
            new RedisKeys("gza"),
            1_000_000_000L,
            new CronSpecs(ZoneOffset.UTC),
            new NamesInRedis(connector, new RedisKeys("gza")));
    private AddressSet probed = AddressSet.EMPTY;
    private final KnownLabels labels = new KnownLabels(new LabelReader(connector)::read, this::isProbed);

    private boolean isProbed(IpAddress address) {
        return probed.contains(address);
    }

    @BeforeEach
    void fill() {
        new Catalogue(SERVER.url())
                .group("a", "192.0.2.1", "192.0.2.2")
                .group("b", "192.0.2.3")
                .job("core", "@every 10s", "a", "b");
    }

    private List<Problem> reload(@Nullable Set<String> changedKeys) {
        CatalogueSnapshot catalogue = loader.load(changedKeys);
        probed = AddressSet.union(
                catalogue.jobs().values().stream().map(JobSetup::targets).toList());
        return labels.follow(catalogue);
    }

    private String name(String address) {
        return labels.book().of(Addresses.parse(address)).name();
    }

    @Test
    void aChangeByHandIsSeenAtTheNextFullReadingOrWithItsGroup() {
        assertEquals(List.of(), reload(null));
        redis.hset("target_192.0.2.1", "name", "one");
        redis.hset("target_192.0.2.3", "name", "three");

        reload(Set.of("job_core"));
        assertEquals("", name("192.0.2.1"));

        redis.sadd("group_b", "192.0.2.4");
        reload(Set.of("group_b"));
        assertEquals("three", name("192.0.2.3"));
        assertEquals("", name("192.0.2.1"));

        reload(null);
        assertEquals("one", name("192.0.2.1"));

        redis.hdel("target_192.0.2.1", "name");
        reload(null);
        assertEquals("", name("192.0.2.1"));
    }

    @Test
    void theLastGoodLabelsStayWhileTheKeyIsBad() {
        redis.hset("target_192.0.2.1", "name", "one");
        assertEquals(List.of(), reload(null));
        redis.del("target_192.0.2.1");
        redis.set("target_192.0.2.1", "one");

        List<Problem> problems = reload(null);

        assertEquals(1, problems.size());
        assertEquals("target_192.0.2.1", problems.get(0).where());
        assertEquals("one", name("192.0.2.1"));
    }

    @Test
    void aCircleIsAProblemAndNobodysParent() {
        redis.hset("target_192.0.2.1", "parent", "192.0.2.2");
        redis.hset("target_192.0.2.2", "parent", "192.0.2.1");
        redis.hset("target_192.0.2.3", "parent", "192.0.2.1");

        List<Problem> problems = reload(null);

        assertEquals(1, problems.size());
        assertTrue(problems.get(0).what().contains("192.0.2.1 behind 192.0.2.2 behind 192.0.2.1"), problems.toString());
        assertEquals(
                Map.of(Addresses.parse("192.0.2.3"), Addresses.parse("192.0.2.1")),
                labels.book().parents());
    }

    /** A bad key, or an ACL of an earlier version, concerns only agents whose groups have names. */
    @Test
    void aKeyOfHostNamesThatCannotBeUsedIsAProblemOnlyWhereThereAreNames() {
        redis.set("agent-names_gza", "text");
        redis.hset("agent-names_other", "host:gw.example.net", "192.0.2.7");
        NamesOfOthers known = new NamesOfOthers(new NamesInRedis(connector, new RedisKeys("other")));
        KeptNames kept = new KeptNames(new NamesInRedis(connector, new RedisKeys("gza")), known);
        assertEquals(List.of(), kept.follow(loader.load(null)));
        known.watch(Map.of("a", Set.of(HostName.parse("host:gw.example.net"))));
        assertEquals(
                List.of("agent-names_gza"),
                kept.follow(loader.load(null)).stream().map(Problem::where).toList());
    }

    /** What 'ping-agent zabbix discovery' prints. */
    @Test
    void theCommandHasTheSameListAsTheAgent() {
        redis.hset("target_192.0.2.2", Map.of("name", "core-2", "site", "ams", "parent", "192.0.2.1"));
        Config config = ConfigLoader.load(
                Path.of("/dev/null"),
                Map.of(
                        "PING_AGENT_AGENT_NAME",
                        "gza",
                        "PING_AGENT_REDIS_URL",
                        SERVER.url().toString(),
                        "PING_AGENT_ZABBIX_SERVERS",
                        "127.0.0.1:1"));
        BridgedTargets targets = TargetsInRedis.read(config, AddressSet.EMPTY);

        assertEquals(
                "[{\"{#IP}\":\"192.0.2.1\",\"{#GROUP}\":\"a\",\"{#JOB}\":\"core\",\"{#AGENT}\":\"gza\",\"{#NAME}\":\"192.0.2.1\","
                        + "\"{#PARENT}\":\"\",\"{#LABELS}\":\"\",\"{#LABEL.SITE}\":\"\",\"{#WHO}\":\"192.0.2.1\",\"{#ITEMS}\":\"\"},"
                        + "{\"{#IP}\":\"192.0.2.2\",\"{#GROUP}\":\"a\",\"{#JOB}\":\"core\",\"{#AGENT}\":\"gza\",\"{#NAME}\":\"core-2\","
                        + "\"{#PARENT}\":\"192.0.2.1\",\"{#LABELS}\":\"site=ams\",\"{#LABEL.SITE}\":\"ams\","
                        + "\"{#WHO}\":\"core-2 (192.0.2.2)\",\"{#ITEMS}\":\"\"},"
                        + "{\"{#IP}\":\"192.0.2.3\",\"{#GROUP}\":\"b\",\"{#JOB}\":\"core\",\"{#AGENT}\":\"gza\",\"{#NAME}\":\"192.0.2.3\","
                        + "\"{#PARENT}\":\"\",\"{#LABELS}\":\"\",\"{#LABEL.SITE}\":\"\",\"{#WHO}\":\"192.0.2.3\",\"{#ITEMS}\":\"\"}]",
                DiscoveryJson.addresses(targets, "gza"));
        assertEquals(0, targets.parent(1));
        assertEquals(-1, targets.parent(0));
    }
}
