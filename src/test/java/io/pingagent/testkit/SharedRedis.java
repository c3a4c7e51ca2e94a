package io.pingagent.testkit;

import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.clients.jedis.Jedis;

/**
 * One Redis server for all tests of a class, empty before each of them: a static field with {@code @RegisterExtension}. One
 * thread.
 */
public final class SharedRedis implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    private @Nullable RedisServer server;
    private @Nullable Jedis connection;

    @Override
    public void beforeAll(ExtensionContext context) {
        RedisServer started = RedisServer.started();
        server = started;
        connection = new Jedis(started.url());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        connection().flushAll();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (connection != null) {
            connection.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /** What a test says to the server. */
    public Jedis connection() {
        return Objects.requireNonNull(connection);
    }

    public int port() {
        return Objects.requireNonNull(server).port();
    }

    public URI url() {
        return Objects.requireNonNull(server).url();
    }
}
