package io.pingagent.redis.writer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.testkit.DocumentedAcl;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ClientKillParams;

/** The keys of paths, with a real Redis that goes away, refuses and comes back. */
class PathWriterIT {

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final IpAddress ONE = Addresses.parse("192.0.2.1");
    private static final IpAddress OTHER = Addresses.parse("2001:db8::1");
    private static final String KEY = "agent-path_gza_192.0.2.1";

    @BeforeEach
    void requires() {
        Requires.redisServer();
    }

    private static PathWriter writer(String url) {
        PathWriter writer = new PathWriter(
                new RedisConnector(RedisSettings.of("gza", URI.create(url))),
                new RedisKeys("gza"),
                Duration.ofHours(1));
        writer.start();
        return writer;
    }

    @Test
    void aRecordIsWrittenReadAndRemovedAndLivesAsLongAsItShould() throws Exception {
        try (RedisServer redis = RedisServer.started();
                Jedis admin = new Jedis(redis.url())) {
            PathWriter writer = writer(redis.url().toString());
            writer.save(ONE, "{}");
            await().atMost(PATIENCE).until(() -> "{}".equals(admin.get(KEY)));
            assertTrue(admin.pttl(KEY) > Duration.ofMinutes(59).toMillis());
            CompletableFuture<String> found = new CompletableFuture<>();
            CompletableFuture<String> none = new CompletableFuture<>();
            writer.load(ONE, found::complete, Assertions::fail);
            writer.load(OTHER, none::complete, Assertions::fail);
            assertEquals("{}", found.get());
            assertNull(none.get());
            writer.remove(ONE);
            await().atMost(PATIENCE).until(() -> !admin.exists(KEY));
            writer.save(OTHER, "last");
            writer.close(Duration.ofSeconds(5));
            assertEquals("last", admin.get("agent-path_gza_2001:db8::1"));
        }
    }

    @Test
    void whileRedisIsAwayTheNewestRecordWaitsAndAProblemSaysSo() throws Exception {
        try (RedisServer redis = RedisServer.started()) {
            redis.stop();
            PathWriter writer = writer(redis.url().toString());
            writer.save(ONE, "older");
            await().atMost(PATIENCE).until(() -> !writer.problems().isEmpty());
            assertTrue(writer.problems().get(0).toString().contains("unreachable"), writer.problems()::toString);
            writer.save(ONE, "newer");
            for (int i = 0; i < PathWriter.MOST_WAITING - 1; i++) {
                writer.save(IpAddress.v4(0x0a00_0000 + i), "x");
            }
            CompletableFuture<String> answer = new CompletableFuture<>();
            writer.load(ONE, answer::complete, () -> answer.complete("unknown"));
            int refused = 0;
            for (int i = 0; i < PathWriter.MOST_LOADS; i++) {
                AtomicBoolean isUnknown = new AtomicBoolean();
                writer.load(OTHER, json -> {}, () -> isUnknown.set(true));
                refused += isUnknown.get() ? 1 : 0;
            }
            assertTrue(refused > 0, "more questions than may wait");
            assertFalse(answer.isDone(), "it waits");
            redis.start();
            assertEquals("newer", answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            try (Jedis admin = new Jedis(redis.url())) {
                await().atMost(PATIENCE).until(() -> admin.dbSize() == PathWriter.MOST_WAITING);
                assertEquals("newer", admin.get(KEY));
                await().atMost(PATIENCE).until(() -> writer.problems().isEmpty());
            }
            writer.close(Duration.ofSeconds(1));
        }
    }

    @Test
    void aRecordIsReadThoughRedisHasClosedTheIdleConnection() throws Exception {
        try (RedisServer redis = RedisServer.started();
                Jedis admin = new Jedis(redis.url())) {
            PathWriter writer = writer(redis.url().toString());
            writer.save(ONE, "{}");
            await().atMost(PATIENCE).until(() -> "{}".equals(admin.get(KEY)));
            admin.clientKill(new ClientKillParams().skipMe(ClientKillParams.SkipMe.YES));
            CompletableFuture<String> answer = new CompletableFuture<>();
            writer.load(ONE, answer::complete, () -> answer.complete("unknown"));
            assertEquals("{}", answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            writer.close(Duration.ofSeconds(1));
        }
    }

    @Test
    void aRefusalIsNoAnswerAndAnotherTypeIsNoRecord() throws Exception {
        try (RedisServer redis = RedisServer.started();
                Jedis admin = new Jedis(redis.url())) {
            DocumentedAcl.require(admin);
            admin.aclSetUser("reader", "on", ">secret", "~*", "+@all", "-get");
            PathWriter writer = writer("redis://reader:secret@127.0.0.1:" + redis.port() + "/0");
            CompletableFuture<String> answer = new CompletableFuture<>();
            writer.load(ONE, answer::complete, () -> answer.complete("unknown"));
            assertEquals("unknown", answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            admin.aclSetUser("reader", "+get");
            admin.sadd(KEY, "x");
            CompletableFuture<String> ofSet = new CompletableFuture<>();
            writer.load(ONE, ofSet::complete, () -> ofSet.complete("unknown"));
            assertNull(ofSet.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            writer.close(Duration.ofSeconds(1));
        }
    }

    @Test
    void theDocumentedRuleSufficesAndWithoutItAProblemNamesIt() throws IOException {
        try (RedisServer redis = RedisServer.started();
                Jedis admin = new Jedis(redis.url())) {
            DocumentedAcl.require(admin);
            admin.aclSetUser(DocumentedAcl.USER, DocumentedAcl.ofTheAgent().toArray(String[]::new));
            PathWriter writer = writer("redis://" + DocumentedAcl.USER + ":" + DocumentedAcl.PASSWORD + "@127.0.0.1:"
                    + redis.port() + "/0");
            writer.save(ONE, "{}");
            await().atMost(PATIENCE).until(() -> !writer.problems().isEmpty());
            assertTrue(
                    writer.problems().get(0).toString().contains("allow '~agent-path_gza_*' with ACL SETUSER"),
                    writer.problems()::toString);
            List<String> rule = new ArrayList<>(DocumentedAcl.forPaths());
            assertEquals(List.of("~agent-path_gza_*"), rule);
            admin.aclSetUser(DocumentedAcl.USER, rule.toArray(String[]::new));
            writer.save(ONE, "{}");
            await().atMost(PATIENCE).until(() -> "{}".equals(admin.get(KEY)));
            await().atMost(PATIENCE).until(() -> writer.problems().isEmpty());
            writer.remove(ONE);
            await().atMost(PATIENCE).until(() -> !admin.exists(KEY));
            assertEquals(List.of(), writer.problems());
            writer.close(Duration.ofSeconds(1));
        }
    }
}
