package io.pingagent.redis.events;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.testkit.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

@Execution(ExecutionMode.CONCURRENT)
class ExpirySubscriberIT {

    private static final String SETTING = "notify-keyspace-events";

    /** What came; fails once in a while on purpose. */
    private static final class Heard implements ExpirySubscriber.Events {
        final Queue<IpAddress> expired = new ConcurrentLinkedQueue<>();
        final Set<String> changed = ConcurrentHashMap.newKeySet();
        final AtomicInteger edits = new AtomicInteger();
        final AtomicInteger resubscribed = new AtomicInteger();

        @Override
        public void expired(IpAddress address) {
            expired.add(address);
            if (address.equals(Addresses.parse("192.0.2.66"))) {
                throw new IllegalStateException("broken on purpose");
            }
        }

        private final java.util.Queue<String> removals = new java.util.concurrent.ConcurrentLinkedQueue<>();

        @Override
        public void membersRemoved(String key) {
            removals.add(key);
        }

        @Override
        public void catalogueChanged(String key) {
            changed.add(key);
        }

        @Override
        public void errListEdited() {
            edits.getAndIncrement();
        }

        @Override
        public void resubscribed() {
            resubscribed.getAndIncrement();
        }
    }

    private final Heard heard = new Heard();
    private RedisServer server;
    private Jedis redis;
    private ExpirySubscriber subscriber;

    @BeforeEach
    void startRedis() {
        server = RedisServer.started();
        redis = new Jedis(server.url());
    }

    @AfterEach
    void stop() {
        if (subscriber != null) {
            subscriber.close();
        }
        redis.close();
        server.close();
    }

    private void start(String agent, URI url) {
        RedisSettings settings = RedisSettings.of(agent, url);
        subscriber = new ExpirySubscriber(new RedisConnector(settings), new RedisKeys(agent), heard);
        subscriber.start();
    }

    private void startSubscribed(String agent) {
        start(agent, server.url());
        becomes(ExpirySubscriber.State.SUBSCRIBED);
    }

    private void becomes(ExpirySubscriber.State state) {
        await().atMost(Duration.ofSeconds(20)).until(() -> subscriber.state() == state);
    }

    private static void soon(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }

    private void expire(Jedis with, String key) {
        with.set(key, "1", SetParams.setParams().px(1));
    }

    private String flags() {
        return redis.configGet(SETTING).get(SETTING);
    }

    @Test
    void addsTheMissingFlagsAndKeepsTheOthers() {
        redis.configSet(SETTING, "Elt");
        startSubscribed("gza");
        for (char flag : "KEsxlt".toCharArray()) {
            assertTrue(flags().indexOf(flag) >= 0, flag + " in " + flags());
        }
        assertEquals(6, flags().length(), "g and $ would announce every last-ms key: " + flags());
        assertNull(subscriber.lastError());
    }

    @Test
    void findsEditsThatNoFlagAnnounces() {
        redis.sadd("job-list", "core", "edge");
        redis.sadd("agent-jobs_gza", "own");
        redis.sadd("group-list", "g", "h");
        redis.sadd("group_g", "192.0.2.1");
        redis.set("job_core", "{}");
        redis.set("job_edge", "{}");
        startSubscribed("gza");
        await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
        assertEquals(Set.of(), heard.changed);
        redis.set("job_core", "{\"SPEC\":\"@hourly\"}");
        redis.set("agent_gza_own", "{}");
        redis.del("group_g", "job_edge");
        soon(() -> assertEquals(Set.of("job_core", "agent_gza_own", "group_g", "job_edge"), heard.changed));
    }

    @Test
    void leavesAllFlagsAlone() {
        redis.configSet(SETTING, "KEA");
        startSubscribed("gza");
        assertTrue(flags().contains("A"), flags());
    }

    @Test
    void tellsExpiredAddressesOfThisAgentAlone() {
        startSubscribed("a");
        expire(redis, "agent-ip-last-ms_a_b_192.0.2.1");
        expire(redis, "ip_a_b_192.0.2.1");
        expire(redis, "agent-ip-last-ms_ab_192.0.2.1");
        expire(redis, "agent-ip-last-ms_a_nonsense");
        expire(redis, "agent-online_a");
        expire(redis, "agent-ip-last-ms_a_192.0.2.66");
        expire(redis, "agent-ip-last-ms_a_192.0.2.2");
        expire(redis, "agent-ip-last-ms_a_2001:db8::5");
        expire(redis, "ip_a_192.0.2.3");
        soon(() -> assertEquals(4, heard.expired.size()));
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        assertEquals(
                Set.of(
                        Addresses.parse("192.0.2.66"),
                        Addresses.parse("192.0.2.2"),
                        Addresses.parse("192.0.2.3"),
                        Addresses.parse("2001:db8::5")),
                Set.copyOf(heard.expired));
        assertEquals(ExpirySubscriber.State.SUBSCRIBED, subscriber.state());
    }

    @Test
    void hearsChangesOfTheCatalogueButNotTheAgentsOwnWrites() {
        redis.configSet(SETTING, "KEA");
        startSubscribed("g[z]a_*");
        List<String> keys = List.of(
                "job_core",
                "agent_g[z]a_*_core",
                "agent_gza_core",
                "agent-ip-last-ms_g[z]a_*_192.0.2.1",
                "agent-all-ip-status_g[z]a_*",
                "agent-stats_g[z]a_*",
                "ip_g[z]a_*_192.0.2.1");
        keys.forEach(key -> redis.set(key, "{}"));
        redis.sadd("job-list", "core");
        redis.sadd("group-list", "g");
        redis.sadd("groups-list", "g");
        redis.sadd("group_g", "192.0.2.1");
        redis.sadd("agent-jobs_g[z]a_*", "core");
        redis.sadd("agent-err-list_g[z]a_*", "192.0.2.1");
        redis.sadd("agent-err-list_other", "192.0.2.1");
        redis.del("job_core");
        soon(() -> assertEquals(
                Set.of(
                        "job_core",
                        "agent_g[z]a_*_core",
                        "job-list",
                        "group-list",
                        "groups-list",
                        "group_g",
                        "agent-jobs_g[z]a_*"),
                heard.changed));
        // Told after the last of these changes.
        soon(() -> assertEquals(1, heard.edits.get()));
        assertTrue(heard.expired.isEmpty());
    }

    @Test
    void usesTheDatabaseOfTheUrl() {
        start("gza", URI.create("redis://127.0.0.1:" + server.port() + "/5"));
        becomes(ExpirySubscriber.State.SUBSCRIBED);
        expire(redis, "agent-ip-last-ms_gza_192.0.2.1");
        redis.select(5);
        expire(redis, "agent-ip-last-ms_gza_192.0.2.2");
        soon(() -> assertEquals(List.of(Addresses.parse("192.0.2.2")), List.copyOf(heard.expired)));
    }

    @Test
    void subscribesAgainToARestartedServerThatLostItsFlags() {
        startSubscribed("gza");
        server.stop();
        becomes(ExpirySubscriber.State.DISCONNECTED);
        assertNotNull(subscriber.lastError());
        server.start();
        becomes(ExpirySubscriber.State.SUBSCRIBED);
        soon(() -> assertEquals(1, heard.resubscribed.get()));
        try (Jedis again = new Jedis(server.url())) {
            expire(again, "agent-ip-last-ms_gza_192.0.2.1");
            soon(() -> assertEquals(1, heard.expired.size()));
        }
        assertEquals(1, subscriber.reconnects());
    }

    @Test
    void noticesAServerThatHangsWithoutClosing() {
        startSubscribed("gza");
        server.pause();
        await().atMost(Duration.ofSeconds(60)).until(() -> subscriber.state() == ExpirySubscriber.State.DISCONNECTED);
        server.resume();
        becomes(ExpirySubscriber.State.SUBSCRIBED);
    }

    @Test
    void saysThatEventsAreMissingWhereConfigIsNotPermitted() {
        redis.aclSetUser("agent", "on", ">secret", "~*", "&*", "+@all", "-config");
        start("gza", URI.create("redis://agent:secret@127.0.0.1:" + server.port()));
        becomes(ExpirySubscriber.State.NOT_PERMITTED);
        assertTrue(String.valueOf(subscriber.lastError()).contains("notify-keyspace-events KEsx"));
    }

    @Test
    void findsOutThatEventsComeWhereConfigIsNotPermitted() {
        redis.configSet(SETTING, "KEA");
        redis.aclSetUser("agent", "on", ">secret", "~*", "&*", "+@all", "-config");
        start("gza", URI.create("redis://agent:secret@127.0.0.1:" + server.port()));
        becomes(ExpirySubscriber.State.SUBSCRIBED);
        expire(redis, "agent-ip-last-ms_gza_192.0.2.1");
        soon(() -> assertEquals(1, heard.expired.size()));
    }

    @Test
    void readsTheFlagsWhereOnlySettingThemIsNotPermitted() {
        redis.aclSetUser("agent", "on", ">secret", "~*", "&*", "+@all", "-config", "+config|get");
        start("gza", URI.create("redis://agent:secret@127.0.0.1:" + server.port()));
        becomes(ExpirySubscriber.State.NOT_PERMITTED);
        assertTrue(String.valueOf(subscriber.lastError()).contains("CONFIG SET"));
    }

    @Test
    void saysThatTheChannelsAreNotPermitted() {
        redis.aclSetUser("agent", "on", ">secret", "~*", "resetchannels", "+@all");
        start("gza", URI.create("redis://agent:secret@127.0.0.1:" + server.port()));
        becomes(ExpirySubscriber.State.NOT_PERMITTED);
        assertTrue(String.valueOf(subscriber.lastError()).contains("refuses the subscription"));
        redis.aclSetUser("agent", "allchannels");
        becomes(ExpirySubscriber.State.SUBSCRIBED);
    }

    /** The connection to a master that was demoted lives on, and nothing is ever written there again. */
    @Test
    void leavesAServerThatTurnedIntoAReadOnlyReplica() {
        startSubscribed("gza");
        try (RedisServer master = RedisServer.started()) {
            redis.replicaof("127.0.0.1", master.port());
            becomes(ExpirySubscriber.State.DISCONNECTED);
            assertTrue(
                    String.valueOf(subscriber.lastError()).contains("read-only replica; let redis.url name the master"),
                    subscriber.lastError());
            long reconnects = subscriber.reconnects();
            redis.replicaofNoOne();
            becomes(ExpirySubscriber.State.SUBSCRIBED);
            // Not once per attempt meanwhile.
            assertEquals(reconnects + 1, subscriber.reconnects());
        }
        redis.sadd("job-list", "core");
        soon(() -> assertTrue(heard.changed.contains("job-list")));
    }

    @Test
    void tellsOfMembersThatWereTakenOutButNotOfADeletedSet() {
        startSubscribed("gza");
        redis.sadd("job-list", "a", "b");
        redis.sadd("group_g", "192.0.2.1");
        redis.del("job-list");
        redis.sadd("group_h", "192.0.2.1");
        redis.srem("group_g", "192.0.2.1");
        soon(() -> assertEquals(List.of("group_g"), List.copyOf(heard.removals)));
        redis.sadd("job-list", "a");
        redis.spop("job-list");
        soon(() -> assertEquals(List.of("group_g", "job-list"), List.copyOf(heard.removals)));
    }
}
