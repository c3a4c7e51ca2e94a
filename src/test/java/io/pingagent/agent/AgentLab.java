package io.pingagent.agent;

import io.pingagent.config.ConfigLoader;
import io.pingagent.e2e.Catalogue;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Opened;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TunResponder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Agents in this process, probing through raw sockets in a namespace where a {@link TunResponder} answers, with a Redis
 * server on loopback. One thread.
 */
final class AgentLab implements AutoCloseable {

    private static final Path NO_FILE = Path.of("/dev/null");

    private final Opened open = new Opened();
    private final NetworkNamespace namespace;
    private final TunResponder responder;
    private final RedisServer redis;
    private final Catalogue catalogue;

    /** @param purpose a few letters for the name of the namespace */
    AgentLab(String purpose) {
        Requires.rawSockets();
        Requires.rawSocketsV6();
        Requires.tun();
        Requires.redisServer();
        try {
            namespace = open.add(NetworkNamespace.create(purpose));
            responder = open.add(TunResponder.start(namespace));
            redis = open.add(RedisServer.started());
            catalogue = new Catalogue(redis.url());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    TunResponder responder() {
        return responder;
    }

    NetworkNamespace namespace() {
        return namespace;
    }

    RedisServer redis() {
        return redis;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /**
     * Starts an agent, with sockets in the namespace and threads outside.
     *
     * @param settings keys and values in the order key, value, key, value: {@code "redis.status-interval", "1s"}
     */
    Agent start(String name, String... settings) throws IOException {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PING_AGENT_AGENT_NAME", name);
        environment.put("PING_AGENT_REDIS_URL", redis.url().toString());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(
                    "PING_AGENT_"
                            + settings[i]
                                    .toUpperCase(java.util.Locale.ROOT)
                                    .replace('.', '_')
                                    .replace('-', '_'),
                    settings[i + 1]);
        }
        Agent agent = namespace.call(() -> new Agent(ConfigLoader.load(NO_FILE, environment), new AgentListener()));
        open.add(agent);
        agent.start();
        return agent;
    }

    /** In the opposite order of opening. */
    @Override
    public void close() {
        open.close();
    }
}
