package io.pingagent.redis.writer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.events.ExpirySubscriber;
import io.pingagent.testkit.RedisServer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Redis finds few of many expired keys by itself: the writer's check has to bring the events. */
class WriterAndSubscriberIT {

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void everySilentAddressAmongManyLiveOnesIsAnnounced() {
        int all = 60_000;
        int dead = 20_000;
        try (RedisServer server = RedisServer.started("--hz", "1");
                Jedis redis = new Jedis(server.url())) {
            RedisSettings settings = RedisSettings.of("gza", server.url());
            RedisConnector connector = new RedisConnector(settings);
            RedisKeys keys = new RedisKeys("gza");
            FakeTable table = FakeTable.ofSize(all);
            Set<IpAddress> expired = ConcurrentHashMap.newKeySet();
            AtomicInteger expiries = new AtomicInteger();
            AtomicInteger changes = new AtomicInteger();
            ExpirySubscriber.Events events = new ExpirySubscriber.Events() {
                @Override
                public void expired(IpAddress address) {
                    expiries.getAndIncrement();
                    expired.add(address);
                }

                @Override
                public void catalogueChanged(String key) {
                    changes.getAndIncrement();
                }

                @Override
                public void errListEdited() {
                    changes.getAndIncrement();
                }
            };
            try (ExpirySubscriber subscriber = new ExpirySubscriber(connector, keys, events);
                    StateWriter writer = new StateWriter(settings, connector, keys, table, table)) {
                subscriber.start();
                await().atMost(PATIENCE).until(() -> subscriber.state() == ExpirySubscriber.State.SUBSCRIBED);
                writer.start();
                table.ttlMillis = 120_000;
                for (int i = dead; i < all; i++) {
                    writer.replied(i);
                }
                await().atMost(PATIENCE).until(() -> writer.written() == all - dead);
                // Not so short that a writer held up would drop one of them.
                table.ttlMillis = 4_000;
                for (int i = 0; i < dead; i++) {
                    writer.replied(i);
                    writer.probeLost(i);
                }
                await().atMost(PATIENCE).until(() -> expired.size() == dead);
                assertEquals(dead, expiries.get());
                assertEquals(0, changes.get(), "the agent does not hear its own writes");
            }
            assertEquals(0, redis.keys("agent-online_*").size());
        }
    }
}
