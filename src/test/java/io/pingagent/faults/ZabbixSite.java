package io.pingagent.faults;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.e2e.AgentProcess;
import io.pingagent.e2e.Catalogue;
import io.pingagent.e2e.InstalledFiles;
import io.pingagent.testkit.Directories;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Opened;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.TunResponder;
import io.pingagent.testkit.ZabbixSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A host with the packaged agent, a Redis server, a {@link ZabbixSink}, and a {@link TunResponder} that is all addresses.
 * The agent sees files as a process that lives as long as the site does: what that mounts is there for it and nobody else.
 * One thread.
 */
final class ZabbixSite implements AutoCloseable {

    static final String AGENT = "m";
    static final Duration PUSH_INTERVAL = Duration.ofSeconds(1);

    /** Stands in {@code /etc/hosts} while the name resolves. */
    static final String NAME = "zabbix.test";

    private static final String HOSTS = "127.0.0.1 localhost\n127.0.0.1 " + NAME + "\n";

    private final Opened open = new Opened();
    private final Path log;
    private final NetworkNamespace host;
    private final TunResponder responder;
    private final InstalledFiles distribution;
    private final RedisServer redis;
    private final ZabbixSink zabbix;
    private final Catalogue catalogue;
    private final ZabbixCount count;
    private final Path directory;
    private final List<String> addresses;
    private final List<String> moreEnvironment = new ArrayList<>();
    private @Nullable Process mounts;
    private @Nullable AgentProcess agent;
    private long clockShiftSeconds;

    /**
     * @param log where the agents' log goes, and stays
     * @param addresses all probed once a second; each has six values a push interval
     */
    ZabbixSite(Path log, int addresses) throws IOException {
        this.log = log;
        this.addresses = Catalogue.range("10.9.1.1", addresses);
        try {
            host = open.add(NetworkNamespace.create("zabbix"));
            responder = open.add(TunResponder.in(host).withoutPayloads().start());
            distribution = new InstalledFiles(host);
            redis = open.add(RedisServer.startedIn(host, "--hz", "100"));
            zabbix = open.add(ZabbixSink.in(host));
            count = new ZabbixCount(zabbix);
            catalogue = new Catalogue(redis.url());
            catalogue.group("all", this.addresses).job("all", "* * * * * *", "all");
            directory = Files.createTempDirectory("ping-agent-zabbix-");
            open.add(() -> Directories.delete(directory));
            Files.createDirectory(directory.resolve("buffer"));
            Files.writeString(directory.resolve("hosts"), HOSTS);
            Files.writeString(directory.resolve("resolv.conf"), "");
            // No name server but those that nobody has on this loopback: an unknown name is known to be that at once.
            mount("mount --bind " + directory.resolve("hosts") + " /etc/hosts; mount --bind "
                    + directory.resolve("resolv.conf") + " /etc/resolv.conf");
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A process with mounts of its own, as every one has that is started in a network namespace by {@code ip}. */
    private void mount(String script) throws IOException {
        Process process = host.start("sh", "-ec", script + "; echo mounted; exec sleep 1000");
        mounts = process;
        open.add(process::destroyForcibly);
        byte[] said = process.getInputStream().readNBytes("mounted".length());
        if (!new String(said, StandardCharsets.UTF_8).equals("mounted")) {
            throw new IOException(new String(said, StandardCharsets.UTF_8)
                    + new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private List<String> amongMounts() {
        return List.of(
                "nsenter", "-t", Long.toString(Objects.requireNonNull(mounts).pid()), "-m");
    }

    /** Runs a line of shell where the agent's files are. {@code $B} is the buffer's directory. */
    void onHost(String line) throws IOException {
        List<String> words = new ArrayList<>(amongMounts());
        words.addAll(List.of("sh", "-ec", "B=" + directory.resolve("buffer") + "; " + line));
        host.check(words.toArray(String[]::new));
    }

    /** The agent's buffer, as this process can open it. */
    Path buffer() {
        return Path.of(
                "/proc", Long.toString(Objects.requireNonNull(mounts).pid()), "root" + directory, "buffer", AGENT);
    }

    /** In place, as the agent has it mounted. */
    void nameResolves(boolean does) throws IOException {
        Files.writeString(directory.resolve("hosts"), does ? HOSTS : "127.0.0.1 localhost\n");
    }

    /** The server moves, and its name with it. */
    void serverMovesTo(String address) throws IOException {
        zabbix.moveTo(address);
        Files.writeString(directory.resolve("hosts"), HOSTS.replace("127.0.0.1 " + NAME, address + " " + NAME));
    }

    ZabbixSink zabbix() {
        return zabbix;
    }

    ZabbixCount count() {
        return count;
    }

    TunResponder responder() {
        return responder;
    }

    List<String> addresses() {
        return addresses;
    }

    /** For all starts from now on. */
    void agentWith(String... environment) {
        moreEnvironment.addAll(List.of(environment));
    }

    private List<String> environment() {
        List<String> environment = new ArrayList<>(List.of(
                "PING_AGENT_AGENT_NAME=" + AGENT,
                "PING_AGENT_REDIS_URL=" + redis.url(),
                "PING_AGENT_REDIS_STATUS_INTERVAL=1s",
                "PING_AGENT_ZABBIX_SERVERS=" + NAME + ":" + zabbix.port(),
                "PING_AGENT_ZABBIX_PUSH_INTERVAL=1s",
                "PING_AGENT_ZABBIX_BUFFER_DIRECTORY=" + directory.resolve("buffer")));
        environment.addAll(moreEnvironment);
        return environment;
    }

    void startAgent() throws IOException {
        agent = open.add(new AgentProcess(distribution, amongMounts(), environment(), log));
    }

    AgentProcess agent() {
        return Objects.requireNonNull(agent);
    }

    void kill() throws Exception {
        agent().signal("KILL");
        agent().awaitEnd(30);
    }

    /** @return the exit status */
    int terminate() throws Exception {
        agent().signal("TERM");
        return agent().awaitEnd(30);
    }

    /** The agent's clock is ahead by so much. */
    void clockIsAhead(Duration by) {
        clockShiftSeconds = by.toSeconds();
    }

    /** Unix seconds of the agent's clock. */
    long agentSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) + clockShiftSeconds;
    }

    /** A command of the same configuration, to its end. */
    InstalledFiles.Result run(String... words) throws Exception {
        return distribution.runAfter(amongMounts(), environment(), words);
    }

    /** What {@code agent-stats} says of Zabbix; empty if nothing. */
    JsonObject stats() {
        JsonObject zabbixStats = agentStats().getAsJsonObject("zabbix");
        return zabbixStats == null ? new JsonObject() : zabbixStats;
    }

    /** The problems of {@code agent-stats}, one in each line. */
    String problems() {
        JsonArray all = agentStats().getAsJsonArray("problems");
        StringBuilder text = new StringBuilder();
        if (all != null) {
            all.forEach(problem -> text.append(problem).append('\n'));
        }
        return text.toString();
    }

    private JsonObject agentStats() {
        try {
            return catalogue.stats(AGENT);
        } catch (JedisException e) {
            return new JsonObject();
        }
    }

    /** Whether the sink has a value of each address, and one of the agent's own, that is younger than a moment. */
    boolean hasAllSince(long agentSeconds) {
        Map<String, Long> newest = zabbix.newest();
        return newest.getOrDefault("ping.agent.heartbeat", 0L) > agentSeconds
                && addresses.stream()
                        .allMatch(
                                address -> newest.getOrDefault("ping.status[\"" + address + "\"]", 0L) > agentSeconds);
    }

    /**
     * Waits until {@link #hasAllSince}: values go out in the order of their making, so that all older ones are there, too.
     *
     * @return nanoseconds of waiting, or -1
     */
    long awaitAllSince(long agentSeconds, Duration limit) throws InterruptedException {
        long fromNanos = System.nanoTime();
        while (System.nanoTime() - fromNanos < limit.toNanos()) {
            if (hasAllSince(agentSeconds)) {
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
