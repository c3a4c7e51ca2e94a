package io.pingagent.e2e;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.pingagent.model.Addresses;
import io.pingagent.testkit.Directories;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TunResponder;
import io.pingagent.testkit.TunResponder.Request;
import io.pingagent.testkit.ZabbixApi;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.testkit.ZabbixVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/**
 * All that an agent with a Zabbix bridge lives among, real and in one namespace: a responder for its targets, a Redis server, a
 * Zabbix server that knows the agent's template; and agents, as processes of the distribution. One thread.
 */
final class ZabbixLab implements AutoCloseable {

    static final String TEMPLATE = "Ping agent by Zabbix trapper";

    /** The six of an address. */
    static final List<String> ITEMS =
            List.of("ping.status", "ping.loss", "ping.rtt", "ping.rtt.min", "ping.rtt.max", "ping.jitter");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Path directory;
    private final NetworkNamespace namespace;
    private final TunResponder responder;
    private final InstalledFiles distribution;
    private final Catalogue catalogue;
    private final RedisServer redis;
    private final ZabbixStack zabbix;
    private int configurations;

    /** Aborts the test where a part is missing; fails it with {@code CI=true}. */
    static void require() {
        Requires.tun();
        Requires.redisServer();
        ZabbixStack.require();
    }

    /** @param serverSettings as {@link ZabbixStack#started} takes them */
    ZabbixLab(String... serverSettings) throws Exception {
        this(ZabbixVersion.V6_0, serverSettings);
    }

    /** As {@link #ZabbixLab(String...)}, with any version. */
    ZabbixLab(ZabbixVersion version, String... serverSettings) throws Exception {
        try {
            directory = Files.createTempDirectory("ping-agent-e2e-");
            open.push(() -> Directories.delete(directory));
            namespace = opened(NetworkNamespace.create("zabbix"));
            distribution = new InstalledFiles(namespace);
            responder = opened(TunResponder.start(namespace));
            redis = opened(RedisServer.startedIn(namespace));
            catalogue = new Catalogue(redis.url());
            zabbix = opened(ZabbixStack.startedIn(version, namespace, serverSettings));
            zabbix.api().importYaml(Files.readString(version.template("ping-agent.yaml")));
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    NetworkNamespace namespace() {
        return namespace;
    }

    TunResponder responder() {
        return responder;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    RedisServer redis() {
        return redis;
    }

    ZabbixStack zabbix() {
        return zabbix;
    }

    ZabbixApi api() {
        return zabbix.api();
    }

    /** For files of the test; gone at the end. */
    Path directory() {
        return directory;
    }

    /**
     * Makes a Zabbix host that is linked to the template, and waits until the server knows it.
     *
     * @return its id
     */
    String host(String name) throws IOException {
        String id = api().createHost(name, api().templateId(TEMPLATE));
        zabbix.reloadConfiguration();
        return id;
    }

    /** A configuration file of an agent. */
    Path configuration(String name, List<String> zabbixLines, String... otherLines) throws IOException {
        List<String> lines = new ArrayList<>(List.of("agent: {name: " + name + "}"));
        lines.addAll(List.of("redis:", "  url: " + redis.url(), "  status-interval: 1s"));
        lines.addAll(List.of(otherLines));
        lines.add("zabbix:");
        if (zabbixLines.stream().noneMatch(line -> line.startsWith("buffer:"))) {
            lines.add("  buffer: {directory: " + directory.resolve("buffer") + "}");
        }
        if (zabbixLines.stream().noneMatch(line -> line.startsWith("servers:"))) {
            lines.add("  servers: [\"127.0.0.1:" + zabbix.serverPort() + "\"]");
        }
        zabbixLines.forEach(line -> lines.add("  " + line));
        return Files.write(directory.resolve("agent-" + ++configurations + ".yaml"), lines);
    }

    /** Starts an agent; it ends with this lab at the latest. */
    AgentProcess agent(Path configuration, String... environment) throws IOException {
        return opened(new AgentProcess(distribution, List.of(environment), "--config", configuration.toString()));
    }

    /** Runs another command of the agent's to its end. */
    InstalledFiles.Result command(Path configuration, String... arguments) throws Exception {
        return distribution.run(List.of("PING_AGENT_CONFIG=" + configuration), arguments);
    }

    /** Requests to an address, as seen by the responder. */
    List<Request> requests(String address) {
        return responder.requests(Addresses.parse(address));
    }

    /** When the agent sent a request, by its own clock: Unix nanoseconds. */
    static long sentWallNanos(Request request) {
        return request.payloadHead().getLong(0);
    }

    /** {@link System#nanoTime()} to Unix nanoseconds. */
    static long wallNanos(long nanoTime) {
        return wallNanos() + nanoTime - System.nanoTime();
    }

    static long wallNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    ItemHistory history(String hostId) {
        return ItemHistory.of(zabbix, hostId, "ping.%");
    }

    /** The newest value of an item, or null. */
    String lastValue(String hostId, String key) {
        String sql = "select h.value from items i join TABLE h on h.itemid = i.itemid where i.hostid = " + hostId
                + " and i.key_ = '" + key + "' order by h.clock desc, h.ns desc limit 1";
        String value = zabbix.sql(sql.replace("TABLE", "history"));
        value = value.isEmpty() ? zabbix.sql(sql.replace("TABLE", "history_uint")) : value;
        return value.isEmpty() ? null : value;
    }

    Map<String, JsonObject> problems(String hostId) throws IOException {
        return api().problems(hostId);
    }

    /** Problems that ever began on a host, whether they are over or not: one line each, the oldest first. */
    List<String> problemNames(String hostId) {
        return zabbix.sql("select distinct e.eventid, e.name from events e join functions f on f.triggerid = e.objectid"
                        + " join items i on i.itemid = f.itemid where e.source = 0 and e.object = 0 and e.value = 1"
                        + " and i.hostid = " + hostId + " order by 1")
                .lines()
                .map(line -> line.substring(line.indexOf('|') + 1))
                .toList();
    }

    /** For conditions that this machine may take its time for. */
    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200));
    }

    /** As {@link #patiently}, with a report when time is out. */
    static void until(Supplier<String> report, Callable<Boolean> condition) {
        try {
            patiently().until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(report.get(), e);
        }
    }

    @Override
    public void close() {
        Exception failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }
}
