package io.pingagent.redis.writer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.redis.RedisConnection;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.testkit.RedisServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What counts as lost data, with the time as a variable. */
class ServerWatchIT {

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private RedisServer server;
    private Jedis admin;
    private RedisConnection connection;
    private Jedis redis;

    private final RedisKeys keys = new RedisKeys("gza");
    private final FakeTable table = FakeTable.ofSize(1);
    private final TargetPages pages = new TargetPages();
    private final CommandBatch batch = new CommandBatch();
    private NameClaim claim;
    private ServerWatch watch;
    private PresenceKeys ownKeys;
    private StateAnswers answers;
    private long nowNanos;

    @BeforeEach
    void start() {
        server = RedisServer.started();
        admin = new Jedis(server.url());
        admin.aclSetUser("agent", "on", ">secret", "~*", "&*", "+@all");
        RedisSettings settings =
                RedisSettings.of("gza", URI.create("redis://agent:secret@127.0.0.1:" + server.port() + "/0"));
        connection = new RedisConnector(settings).openConnection("writer", 5_000);
        redis = new Jedis(connection);
        WriteTroubles troubles = new WriteTroubles(settings, keys, "redis");
        ErrListMirror mirror = new ErrListMirror(keys.errList().getBytes(StandardCharsets.UTF_8), table, table, pages);
        claim = new NameClaim(settings, keys, AgentOwner.thisProcess());
        watch = new ServerWatch(claim, new ErrListWatch(keys.errList(), mirror, troubles), troubles, () -> nowNanos);
        ownKeys = new PresenceKeys(settings, keys, batch, claim);
        StatusStream status = new StatusStream(keys, table, batch, Duration.ofSeconds(10));
        ExpiryWheel wheel = new ExpiryWheel(pages, TargetPages.millis(nowNanos));
        answers = new StateAnswers(pages, wheel, mirror, status, troubles, () -> nowNanos);
        watch.connected(redis, nowNanos);
        announce();
        watch.takeDataReplaced();
    }

    @AfterEach
    void stop() {
        redis.close();
        admin.close();
        server.close();
    }

    private void announce() {
        ownKeys.announce(nowNanos);
        batch.send(connection, answers);
        if (answers.takeOwnerProlonged()) {
            claim.prolonged(nowNanos);
        }
    }

    @Test
    void keyThatWasDeletedBeforeItsTimeIsLostData() {
        nowNanos += MINUTE_NANOS;
        announce();
        admin.del(keys.owner());
        watch.look(redis, nowNanos);
        assertTrue(watch.takeDataLost());
    }

    @Test
    void keyThatLapsedWhileThisProcessStoodStillIsNoLostData() {
        admin.del(keys.owner());
        nowNanos += MINUTE_NANOS;
        announce();
        watch.look(redis, nowNanos);
        assertFalse(watch.takeDataLost());
    }

    @Test
    void keyThatMayNotBeProlongedLapsesWithoutLostData() {
        admin.aclSetUser("agent", "-pexpire");
        nowNanos += MINUTE_NANOS;
        announce();
        admin.del(keys.owner());
        watch.look(redis, nowNanos);
        assertFalse(watch.takeDataLost());
    }

    @Test
    void serverThatDoesNotAnswerInfoAnyMoreHasNotExchangedItsData() {
        admin.aclSetUser("agent", "-info");
        nowNanos += MINUTE_NANOS;
        watch.look(redis, nowNanos);
        assertFalse(watch.takeDataReplaced());
        admin.aclSetUser("agent", "+info");
        nowNanos += MINUTE_NANOS;
        watch.look(redis, nowNanos);
        assertFalse(watch.takeDataReplaced());
    }
}
