package io.pingagent.faults;

import io.pingagent.e2e.AgentProcess;
import io.pingagent.e2e.Catalogue;
import io.pingagent.e2e.InstalledFiles;
import io.pingagent.model.Addresses;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Directories;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Opened;
import io.pingagent.testkit.RedisProxy;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.TrapperLog;
import io.pingagent.testkit.TunResponder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/**
 * A host with the packaged agent, a Redis server, a Zabbix trapper that takes everything, and a {@link TunResponder} that is
 * all addresses. The agent reaches Redis as a user of its own, through a proxy that can be slow or silent; the test reaches
 * it as the default user. One thread.
 */
final class RedisSite implements AutoCloseable {

    static final String AGENT = "m";
    static final Duration CADENCE = Duration.ofSeconds(2);

    /** With these the agent's user may do everything. */
    private static final List<String> USER = List.of("agent", "on", ">secret", "~*", "&*", "+@all");

    private static final int DEAD = 10;

    private final Opened open = new Opened();
    private final Path log;
    private final NetworkNamespace host;
    private final TunResponder responder;
    private final InstalledFiles distribution;
    private final RedisServer redis;
    private final RedisProxy proxy;
    private final TrapperLog zabbix;
    private final Catalogue catalogue;
    private final Path buffer;
    private final List<String> addresses = new ArrayList<>();
    private final Set<String> dead = new TreeSet<>();
    private @Nullable AgentProcess agent;
    private @Nullable RedisServer otherRedis;
    private @Nullable Jedis last;

    /** @param log where the agents' log goes, and stays */
    RedisSite(Path log, List<String> redisArguments) throws IOException {
        this.log = log;
        addresses.addAll(Catalogue.range("10.9.1.1", 150));
        addresses.addAll(Catalogue.range("fd00:9::1:1", 50));
        try {
            host = open.add(NetworkNamespace.create("redis"));
            responder = open.add(TunResponder.in(host).withoutPayloads().start());
            distribution = new InstalledFiles(host);
            List<String> arguments = new ArrayList<>(List.of("--hz", "100"));
            arguments.addAll(redisArguments);
            redis = open.add(RedisServer.startedIn(host, List.of("env"), arguments));
            proxy = open.add(RedisProxy.before(host, redis.port()));
            zabbix = open.add(TrapperLog.in(host));
            catalogue = new Catalogue(redis.url());
            buffer = Files.createTempDirectory("ping-agent-buffer-");
            open.add(() -> Directories.delete(buffer));
            makeUser();
            writeCatalogue();
            die(addresses.subList(addresses.size() - DEAD, addresses.size()));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** As people write it, and write it again when it is gone. */
    void writeCatalogue() {
        catalogue.group("one", addresses.subList(0, 100)).job("one", "*/2 * * * * *", "one");
        catalogue.group("two", addresses.subList(100, addresses.size())).job("two", "*/2 * * * * *", "two");
    }

    /** What the server forgets when it starts again. */
    void makeUser() {
        acl(USER.subList(1, USER.size()).toArray(String[]::new));
    }

    /** Rules for the agent's user. */
    void acl(String... rules) {
        catalogue.ask(redis -> redis.aclSetUser(USER.get(0), rules));
    }

    /** Ends the agent's connections. */
    void killConnections() {
        catalogue.command("CLIENT", "KILL", "USER", USER.get(0));
    }

    void command(String... words) {
        catalogue.command(words);
    }

    /** From now on these do not answer. */
    void die(List<String> some) {
        dead.addAll(some);
        some.forEach(address -> responder.behave(Addresses.parse(address), Behaviour.silent()));
    }

    /** From now on these answer again. */
    void live(List<String> some) {
        some.forEach(dead::remove);
        some.forEach(address -> responder.behave(Addresses.parse(address), Behaviour.honest()));
    }

    /** From now on Redis takes no new connection. */
    void refuseConnections() {
        Jedis connection = open.add(catalogue.connect());
        connection.configSet("maxclients", "1");
        last = connection;
    }

    void takeConnections() {
        Objects.requireNonNull(last).configSet("maxclients", "10000");
    }

    /** Another server with nothing in it, for replication. */
    RedisServer otherRedis() {
        RedisServer other = otherRedis;
        if (other == null) {
            other = open.add(RedisServer.startedIn(host));
            otherRedis = other;
        }
        return other;
    }

    RedisServer redis() {
        return redis;
    }

    RedisProxy proxy() {
        return proxy;
    }

    TrapperLog zabbix() {
        return zabbix;
    }

    TunResponder responder() {
        return responder;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    List<String> addresses() {
        return addresses;
    }

    Set<String> dead() {
        return dead;
    }

    List<String> alive() {
        return addresses.stream().filter(address -> !dead.contains(address)).toList();
    }

    private List<String> environment() {
        return List.of(
                "PING_AGENT_AGENT_NAME=" + AGENT,
                "PING_AGENT_AGENT_ONLINE_TTL=6s",
                "PING_AGENT_REDIS_URL=redis://agent:secret@127.0.0.1:" + proxy.port() + "/0",
                "PING_AGENT_REDIS_STATUS_INTERVAL=2s",
                // As it is by default, but twelve times a minute instead of once: the table is filled in minutes.
                "PING_AGENT_REDIS_RELOAD_INTERVAL=5s",
                "PING_AGENT_ERR_LIST_REVIEW_SPEC=*/5 * * * * *",
                "PING_AGENT_ZABBIX_SERVERS=127.0.0.1:" + zabbix.port(),
                "PING_AGENT_ZABBIX_PUSH_INTERVAL=2s",
                "PING_AGENT_ZABBIX_BUFFER_DIRECTORY=" + buffer);
    }

    void startAgent() throws IOException {
        agent = open.add(new AgentProcess(distribution, List.of(), environment(), log));
    }

    AgentProcess agent() {
        return Objects.requireNonNull(agent);
    }

    /** A command of the same configuration, to its end. */
    InstalledFiles.Result run(String... words) throws Exception {
        return distribution.run(environment(), words);
    }

    /** What is not as the responder knows it; empty if Redis holds the truth. */
    String wrong() {
        return agent().isAlive() ? new RedisTruth(catalogue, AGENT, addresses, dead).wrong() : "the agent has ended";
    }

    /**
     * Waits until Redis holds the truth.
     *
     * @return how long after the moment that was, or -1
     */
    long awaitTruth(long fromNanos, Duration limit) throws InterruptedException {
        while (System.nanoTime() - fromNanos < limit.toNanos()) {
            if (wrong().isEmpty()) {
                return System.nanoTime() - fromNanos;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return -1;
    }

    @Override
    public void close() {
        open.close();
    }
}
