package io.pingagent.agent.catalogue;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.pingagent.e2e.Catalogue;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.events.ExpirySubscriber;
import io.pingagent.testkit.RedisServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of the catalogue goes on when a real Redis loses it, spoils it, or is told to forget it. */
class CatalogueLoaderIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SIX = "6 addresses";

    private RedisServer server;
    private Catalogue catalogue;
    private RedisSettings settings;
    private CatalogueLoader loader;
    private @Nullable ExpirySubscriber subscriber;
    private @Nullable RedisServer other;
    private final Set<String> heard = ConcurrentHashMap.newKeySet();
    private CatalogueSnapshot last;

    @BeforeEach
    void start() {
        server = RedisServer.started("--enable-debug-command", "yes");
        catalogue = new Catalogue(server.url());
        settings = RedisSettings.of("gz", server.url());
        loader = loader(true);
        fill();
        load();
        assertEquals(SIX, probed());
        assertNothingWrong();
    }

    @AfterEach
    void stop() {
        if (subscriber != null) {
            subscriber.close();
        }
        if (other != null) {
            other.close();
        }
        server.close();
    }

    private CatalogueLoader loader(boolean leavesWitness) {
        RedisKeys keys = new RedisKeys("gz");
        return new CatalogueLoader(
                new RedisCatalogue(new CatalogueReader(new RedisConnector(settings), keys)),
                keys,
                1_000_000_000L,
                new CronSpecs(ZoneOffset.UTC),
                () -> true,
                leavesWitness,
                mock(NamedAddresses.class));
    }

    private void fill() {
        catalogue.group("g1", "192.0.2.1", "192.0.2.2").group("g2", "192.0.2.3", "2001:db8::4");
        catalogue.group("g3", "192.0.2.5", "192.0.2.6");
        catalogue.job("a", "*/10 * * * * *", "g1").job("b", "@every 10s", "g2");
        catalogue.jobOf("gz", "own", "@every 5s", "g3");
    }

    private void load() {
        last = loader.load(null);
    }

    private String probed() {
        return AddressSet.union(
                        last.jobs().values().stream().map(JobSetup::targets).toList())
                .toString();
    }

    private List<String> wheres() {
        return last.problems().stream().map(problem -> problem.where()).toList();
    }

    private String problem(String where) {
        return last.problems().stream()
                .filter(problem -> problem.where().equals(where))
                .map(Object::toString)
                .findFirst()
                .orElseThrow(() -> new AssertionError(where + " is no problem: " + last.problems()));
    }

    private void assertNothingWrong() {
        assertEquals(List.of(), last.problems());
    }

    /** Lets the loader hear of members that are taken out, as the agent does. */
    private void subscribe() {
        ExpirySubscriber made =
                new ExpirySubscriber(new RedisConnector(settings), new RedisKeys("gz"), new ExpirySubscriber.Events() {
                    @Override
                    public void expired(IpAddress address) {}

                    @Override
                    public void catalogueChanged(String key) {
                        heard.add(key);
                    }

                    @Override
                    public void membersRemoved(String key) {
                        loader.membersRemoved(key);
                    }

                    @Override
                    public void errListEdited() {}
                });
        subscriber = made;
        made.start();
        await().atMost(PATIENCE).until(() -> made.state() == ExpirySubscriber.State.SUBSCRIBED);
    }

    /** Until the loader has heard of all that was done: events come in their order. */
    private void awaitHeard() {
        String last = "group_heard" + heard.size();
        catalogue.command("SADD", last, "192.0.2.9");
        await().atMost(PATIENCE).until(() -> heard.contains(last));
    }

    private void assertAllGoesOn(int readings, String... wheres) {
        for (int i = 0; i < readings; i++) {
            load();
            assertEquals(SIX, probed());
            assertEquals(List.of(wheres), wheres());
        }
    }

    /** Afterwards everything is as before, and people are believed again. */
    private void assertComesBack() {
        fill();
        load();
        assertEquals(SIX, probed());
        assertNothingWrong();
        try (RedisAdmin admin = RedisAdmin.connect(settings)) {
            assertTrue(admin.jobs().remove("b", null));
        }
        load();
        assertEquals("4 addresses", probed());
        assertNothingWrong();
    }

    // ---- lost ----

    @Test
    void flushAll() {
        catalogue.command("FLUSHALL");
        assertAllGoesOn(3, "agent-jobs_gz", "job-list");
        assertEquals(
                "job-list: Redis has lost all keys at once (FLUSHALL?) and lacks 2 jobs (a, b); they are still probed;"
                        + " restore jobs and groups; if they are to end, 'ping-agent job remove --all'",
                problem("job-list"));
        // Piece by piece.
        catalogue.group("g1", "192.0.2.1").job("a", "*/10 * * * * *", "g1");
        assertAllGoesOn(1, "agent-jobs_gz", "job-list");
        assertComesBack();
    }

    @Test
    void flushOfEverythingButWhatOthersWroteAgain() {
        // The writer is back sooner than the next reading.
        catalogue.command("FLUSHDB");
        catalogue.ask(redis -> redis.sadd("agent-list", "gz"));
        catalogue.ask(redis -> redis.set("agent-online_gz", "online"));
        assertAllGoesOn(2, "agent-jobs_gz", "job-list");
        assertComesBack();
    }

    @Test
    void replicaOfAnEmptyMasterAndItsPromotion() {
        RedisServer master = RedisServer.started();
        other = master;
        catalogue.command("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
        // The copy may be there already or not.
        load();
        assertEquals(SIX, probed());
        await().atMost(PATIENCE)
                .until(() -> catalogue.ask(redis -> redis.keys("*")).isEmpty());
        assertAllGoesOn(2, "agent-jobs_gz", "job-list");
        assertTrue(problem("job-list").contains("let redis.url name the master"), problem("job-list"));
        catalogue.command("REPLICAOF", "NO", "ONE");
        assertAllGoesOn(2, "agent-jobs_gz", "job-list");
        assertTrue(problem("job-list").contains("taken over the data of another server"), problem("job-list"));
        assertComesBack();
    }

    @Test
    void restartWithoutData() {
        server.stop();
        server.start();
        assertAllGoesOn(2, "agent-jobs_gz", "job-list");
        assertTrue(problem("job-list").contains("Redis was restarted"), problem("job-list"));
        assertComesBack();
    }

    @Test
    void reloadWithDataIsNoMatter() {
        catalogue.command("DEBUG", "RELOAD");
        assertAllGoesOn(1);
        assertComesBack();
    }

    @Test
    void deletedList() {
        catalogue.command("DEL", "job-list");
        assertAllGoesOn(2, "job-list");
        assertEquals(
                "job-list: it vanished, but the definitions of 2 jobs (a, b) still stand, so they are still probed;"
                        + " SADD their names again; what is to end, end with 'ping-agent job remove NAME'",
                problem("job-list"));
        // Edits of what goes on take effect.
        catalogue.ask(redis -> redis.sadd("group_g1", "192.0.2.77"));
        load();
        assertEquals("7 addresses", probed());
        catalogue.ask(redis -> redis.srem("group_g1", "192.0.2.77"));
        try (RedisAdmin admin = RedisAdmin.connect(settings)) {
            admin.jobs().remove("b", null);
        }
        load();
        assertEquals("4 addresses", probed());
        assertEquals(List.of("job-list"), wheres());
        assertComesBack();
    }

    @Test
    void evictedListAndGroup() {
        catalogue.command("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        evictOneOfOthers();
        catalogue.ask(redis -> redis.del("job-list", "group_g3"));
        assertAllGoesOn(2, "job-list");
        assertTrue(problem("job-list").contains("evicted"), problem("job-list"));
        catalogue.ask(redis -> redis.sadd("job-list", "a", "b"));
        assertAllGoesOn(1, "group_g3");
        assertTrue(problem("group_g3").contains("its 2 known addresses are still probed"), problem("group_g3"));
        assertComesBack();
    }

    /** Real evictions, of keys that are not ours: which keys go is up to chance. */
    private void evictOneOfOthers() {
        catalogue.ask(redis -> {
            var pipeline = redis.pipelined();
            for (int i = 0; i < 2_000; i++) {
                pipeline.set("foreign:" + i, "x".repeat(1_000));
            }
            pipeline.sync();
            return null;
        });
        catalogue.command("CONFIG", "SET", "maxmemory-policy", "volatile-random");
        catalogue.ask(redis -> {
            for (int i = 0; i < 2_000; i++) {
                redis.expire("foreign:" + i, 3_600);
            }
            return null;
        });
        catalogue.command("CONFIG", "SET", "maxmemory", "2mb");
        await().atMost(PATIENCE)
                .until(() -> !catalogue.ask(redis -> redis.info("stats")).contains("evicted_keys:0\r"));
        catalogue.command("CONFIG", "SET", "maxmemory", "0");
    }

    @Test
    void lostJobsEndWhenPeopleSaySo() {
        catalogue.command("FLUSHALL");
        assertAllGoesOn(1, "agent-jobs_gz", "job-list");
        try (RedisAdmin admin = RedisAdmin.connect(settings)) {
            assertFalse(admin.jobs().remove("b", null));
            load();
            assertEquals(Set.of("a", "own"), last.jobs().keySet());
            assertEquals(0, admin.jobs().removeAll(null));
            load();
            assertEquals(Set.of("own"), last.jobs().keySet());
            assertEquals(List.of("agent-jobs_gz"), wheres());
            admin.jobs().removeAll("gz");
        }
        load();
        assertEquals(Set.of(), last.jobs().keySet());
        assertNothingWrong();
        assertFalse(last.isKnown() && !catalogue.exists("agent-catalogue_gz"));
    }

    @Test
    void newAgentKnowsNothingOfAnEmptyRedis() {
        catalogue.command("FLUSHALL");
        loader = loader(true);
        load();
        assertNothingWrong();
        assertFalse(last.isKnown());
        fill();
        load();
        assertTrue(last.isKnown());
        assertEquals(SIX, probed());
    }

    @Test
    void commandsLeaveNoWitnessThatHidesALoss() {
        catalogue.command("FLUSHALL");
        catalogue.group("g1", "192.0.2.1").job("a", "*/10 * * * * *", "g1");
        loader(false).load(null);
        assertAllGoesOn(1, "agent-jobs_gz", "job-list");
    }

    /** The key is missing in an ACL that was written for an earlier version. */
    @Test
    void flushAllOfARedisThatForbidsTheWitness() {
        catalogue.ask(redis -> redis.aclSetUser(
                "old", "on", ">secret", "+@all", "~job-list", "~job_*", "~group*", "~agent-jobs_gz", "~agent_gz_*"));
        settings = RedisSettings.of("gz", java.net.URI.create("redis://old:secret@127.0.0.1:" + server.port()));
        loader = loader(true);
        load();
        assertEquals(SIX, probed());
        assertEquals(List.of("agent-catalogue_gz"), wheres());
        assertTrue(problem("agent-catalogue_gz").contains("ACL SETUSER"), problem("agent-catalogue_gz"));
        catalogue.command("FLUSHALL");
        assertAllGoesOn(2, "agent-jobs_gz", "job-list");
        fill();
        assertAllGoesOn(1, "agent-catalogue_gz");
        catalogue.command("FLUSHALL");
        loader = loader(true);
        load();
        assertFalse(last.isKnown(), "an agent that starts then cannot know that there were jobs");
    }

    // ---- removed by people ----

    @Test
    void whatPeopleRemoveIsGoneAtOnce() {
        subscribe();
        try (RedisAdmin admin = RedisAdmin.connect(settings)) {
            admin.jobs().remove("b", null);
            load();
            assertEquals(Set.of("a", "own"), last.jobs().keySet());
            assertNothingWrong();
            // The last of the list, its definition stands.
            catalogue.ask(redis -> redis.srem("job-list", "a"));
            awaitHeard();
            load();
            assertEquals(Set.of("own"), last.jobs().keySet());
            assertNothingWrong();
            admin.groups().remove("g3");
            load();
            assertEquals("0 addresses", probed());
            assertEquals(List.of("group_g3"), wheres());
            admin.jobs().removeAll("gz");
            load();
            assertEquals(Set.of(), last.jobs().keySet());
            assertNothingWrong();
            assertTrue(last.isKnown());
        }
    }

    @Test
    void deletedGroupIsAnEdit() {
        catalogue.command("DEL", "group_g3");
        load();
        assertEquals("4 addresses", probed());
        assertEquals(List.of("group_g3"), wheres());
    }

    // ---- spoiled ----

    @Test
    void lastGoodDefinitionGoesOn() {
        catalogue.ask(redis -> redis.set("job_a", "{\"SPEC\":\"61 * * * *\",\"group\":[\"g1\"]}"));
        catalogue.ask(redis -> redis.set("job_b", "nonsense"));
        catalogue.command("DEL", "agent_gz_own");
        catalogue.command("SADD", "agent_gz_own", "a set");
        assertAllGoesOn(2, "job_a: SPEC", "job_b", "agent_gz_own");
        for (String where : wheres()) {
            assertTrue(
                    problem(where)
                            .matches(".*; the definition read at \\d{4}-\\d\\d-\\d\\dT[0-9:]{8}Z stays in force;.*"),
                    problem(where));
        }
        // Also one that is deleted alone, while its list still names it.
        catalogue.command("DEL", "job_a");
        assertAllGoesOn(1, "job_a", "job_b", "agent_gz_own");
        // A new agent has none to go on with.
        loader = loader(true);
        load();
        assertEquals(Set.of(), last.jobs().keySet());
        for (String where : wheres()) {
            assertTrue(problem(where).contains("; there is no earlier one, so the job does not run;"), problem(where));
        }
        // A spoiled one is removed like any other.
        loader = loader(true);
        catalogue.command("DEL", "agent_gz_own");
        fill();
        load();
        catalogue.ask(redis -> redis.set("job_a", "nonsense"));
        load();
        assertEquals(SIX, probed());
        catalogue.ask(redis -> redis.srem("job-list", "a"));
        load();
        assertEquals(Set.of("b", "own"), last.jobs().keySet());
        assertNothingWrong();
    }

    @Test
    void ownDefinitionThatIsSpoiledIsNotReplacedByEveryones() {
        catalogue.ask(redis -> redis.set("job_own", Catalogue.definition("own", "@every 50s", "", "g1")));
        load();
        catalogue.command("DEL", "agent_gz_own");
        catalogue.command("LPUSH", "agent_gz_own", "a list");
        assertAllGoesOn(1, "agent_gz_own");
        assertEquals("@every 5s", last.jobs().get("own").job().spec());
        loader = loader(true);
        load();
        assertEquals("@every 50s", last.jobs().get("own").job().spec());
        assertTrue(problem("agent_gz_own").contains("job_own is used instead"), problem("agent_gz_own"));
    }

    @Test
    void keysOfTheWrongTypeKeepWhatWasReadOfThem() {
        catalogue.command("DEL", "job-list", "agent-jobs_gz", "group_g1");
        catalogue.command("SET", "job-list", "a,b");
        catalogue.command("SET", "agent-jobs_gz", "own");
        catalogue.command("SET", "group_g1", "192.0.2.1");
        assertAllGoesOn(2, "agent-jobs_gz", "job-list", "group_g1");
        assertTrue(problem("job-list").contains("; the list read at "), problem("job-list"));
        assertTrue(problem("group_g1").contains("; the list of members read at "), problem("group_g1"));
        loader = loader(true);
        load();
        assertEquals(Set.of(), last.jobs().keySet());
        assertTrue(problem("job-list").contains("there is no earlier one"), problem("job-list"));
        catalogue.command("DEL", "job-list", "agent-jobs_gz", "group_g1");
        loader = loader(true);
        fill();
        load();
        assertEquals(SIX, probed());
    }

    @Test
    void membersThatCannotBeReadKeepNobodyFromBeingProbed() {
        catalogue.ask(redis -> redis.sadd("group_g1", "192.0.2.300"));
        assertAllGoesOn(1, "group_g1");
    }

    @Test
    void thousandsOfProblemsAreTwentyLinesAndOneWithTheRest() {
        String[] unknown = new String[5_000];
        for (int i = 0; i < unknown.length; i++) {
            unknown[i] = "u" + i;
        }
        catalogue.job("many", "@every 60s", unknown);
        load();
        assertEquals(SIX, probed());
        assertEquals(21, last.problems().size());
        assertEquals(21, new TreeSet<>(wheres()).size());
        assertEquals("4980 more problems, 5000 in all", last.problems().get(20).what());
    }
}
