package io.pingagent.faults;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.pingagent.e2e.AgentProcess;
import io.pingagent.e2e.Catalogue;
import io.pingagent.e2e.InstalledFiles;
import io.pingagent.model.Addresses;
import io.pingagent.testkit.JunkSource;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Opened;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.SentSignals;
import io.pingagent.testkit.TunResponder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The network of one row: the agent's host with the packaged agent and a Redis server, a router with two links to it, and a
 * {@link TunResponder} behind the router that answers for all addresses and records each request.
 *
 * <pre>
 *   host --- near --- router --- 10.9.1.0/24, fd00:9::1:0/112   (host routes)
 *        \-- far  --/       \--- 10.9.2.0/24, fd00:9::2:0/112   (default routes)
 * </pre>
 *
 * One thread.
 */
final class Site implements AutoCloseable {

    static final String AGENT = "m";

    /** Of all addresses before the fault. */
    static final Duration CADENCE = Duration.ofSeconds(2);

    static final String NEAR_V4 = "10.9.1.0/24";
    static final String NEAR_V6 = "fd00:9::1:0/112";
    static final String FAR_V4 = "10.9.2.0/24";
    static final String FAR_V6 = "fd00:9::2:0/112";

    /** Members of a group that are written at once. */
    private static final int PART = 20_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Opened open = new Opened();
    private final Path log;
    private final NetworkNamespace host;
    private final NetworkNamespace router;
    private final Link near;
    private final Link far;
    private final TunResponder responder;
    private final InstalledFiles distribution;
    private final RedisServer redis;
    private final Catalogue catalogue;
    private final ErrListObserver errList;
    private final List<String> nearAddresses =
            both(Catalogue.range("10.9.1.1", 200), Catalogue.range("fd00:9::1:1", 50));
    private List<String> farAddresses = both(Catalogue.range("10.9.2.1", 100), Catalogue.range("fd00:9::2:1", 25));

    private List<String> before = List.of();
    private List<String> moreEnvironment = List.of();
    private final List<Link> gateways = new ArrayList<>();
    private final List<String> addressesOfGateways = new ArrayList<>();
    private final List<Process> burning = new ArrayList<>();
    private @Nullable JunkSource junk;
    private @Nullable AgentProcess agent;

    /** @param log where the agents' log goes, and stays */
    Site(Path log, List<String> redisEnvironment) throws IOException {
        this.log = log;
        try {
            host = open.add(NetworkNamespace.create("fault"));
            router = open.add(NetworkNamespace.create("router"));
            for (NetworkNamespace each : List.of(host, router)) {
                each.check(
                        "sh",
                        "-ec",
                        "echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad");
            }
            router.check(
                    "sh",
                    "-ec",
                    "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
            near = new Link(host, router, "near", 71);
            far = new Link(host, router, "far", 72);
            near.make();
            far.make();
            routeNear();
            routeFar();
            responder = open.add(TunResponder.in(router).withoutPayloads().start());
            distribution = new InstalledFiles(host);
            redis = open.add(
                    RedisServer.startedIn(host, both(List.of("env"), redisEnvironment), List.of("--hz", "100")));
            catalogue = new Catalogue(redis.url());
            catalogue.group("near", nearAddresses).jobWith("\"timeout\":2,", "near", "*/2 * * * * *", "near");
            catalogue.group("far", farAddresses).jobWith("\"timeout\":1,", "far", "*/2 * * * * *", "far");
            errList = open.add(new ErrListObserver(catalogue, AGENT));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static List<String> both(List<String> one, List<String> other) {
        List<String> all = new ArrayList<>(one);
        all.addAll(other);
        return List.copyOf(all);
    }

    void routeNear() throws IOException {
        near.route(NEAR_V4, NEAR_V6);
    }

    void routeFar() throws IOException {
        far.route("0.0.0.0/0", "::/0");
    }

    NetworkNamespace host() {
        return host;
    }

    NetworkNamespace router() {
        return router;
    }

    Link near() {
        return near;
    }

    Link far() {
        return far;
    }

    TunResponder responder() {
        return responder;
    }

    RedisServer redis() {
        return redis;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    ErrListObserver errList() {
        return errList;
    }

    List<String> nearAddresses() {
        return nearAddresses;
    }

    List<String> farAddresses() {
        return farAddresses;
    }

    List<String> addresses() {
        return both(both(nearAddresses, farAddresses), addressesOfGateways);
    }

    /** One more behind the far link; before the agent starts. */
    void addFar(String address) {
        farAddresses = both(farAddresses, List.of(address));
        catalogue.group("far", address);
    }

    /** One more link, whose neighbour is resolved, with a network and a job of its own; before the agent starts. */
    void gateway(String device, int number, String network, List<String> addresses, String spec) throws IOException {
        Link link = new Link(host, router, device, number).resolved();
        link.make();
        link.route(network);
        gateways.add(link);
        addressesOfGateways.addAll(addresses);
        catalogue.group(device, addresses).jobWith("\"timeout\":1,", device, spec, device);
    }

    List<Link> gateways() {
        return gateways;
    }

    List<String> addressesOfGateways() {
        return List.copyOf(addressesOfGateways);
    }

    /** A job with a group of so many addresses, which is due in hours: reading it is what counts. */
    void hugeJob(int addresses) {
        List<String> all = Catalogue.range("172.16.0.1", addresses);
        for (int from = 0; from < addresses; from += PART) {
            catalogue.group("huge", all.subList(from, Math.min(addresses, from + PART)));
        }
        catalogue.job("huge", "@every 6h", "huge");
    }

    /** With its group, which has the same name. */
    void removeJob(String name) {
        catalogue.ask(connection -> connection.srem("job-list", name));
        catalogue.ask(connection -> connection.del("job_" + name));
        catalogue.ask(connection -> connection.srem("group-list", name));
        catalogue.ask(connection -> connection.del("group_" + name));
    }

    /** A stranger's packets to the agent's host. */
    void junk(int perSecond) throws IOException {
        junk = open.add(JunkSource.start(
                router, (int) Addresses.parse(near.ownAddress()).low(), perSecond));
    }

    void junkNoMore() {
        Objects.requireNonNull(junk).close();
    }

    /** So many processes take all of a processor each. */
    void burn(int processes) throws IOException {
        for (int i = 0; i < processes; i++) {
            burning.add(host.start("sh", "-c", "while :; do :; done"));
        }
    }

    void burnNoMore() {
        burning.forEach(Process::destroyForcibly);
    }

    /** For all starts from now on. */
    void agentWith(List<String> wordsBefore, List<String> environment) {
        before = wordsBefore;
        moreEnvironment = environment;
    }

    void startAgent() throws IOException {
        List<String> environment = new ArrayList<>(List.of(
                "PING_AGENT_AGENT_NAME=" + AGENT,
                "PING_AGENT_REDIS_URL=" + redis.url(),
                "PING_AGENT_REDIS_STATUS_INTERVAL=2s",
                // As it is by default, but twelve times a minute instead of once: the table is filled in minutes.
                "PING_AGENT_ERR_LIST_REVIEW_SPEC=*/5 * * * * *"));
        environment.addAll(moreEnvironment);
        agent = open.add(new AgentProcess(distribution, before, environment, log));
    }

    /** As a service manager does. */
    void startAgentIfItEnded() throws IOException {
        if (!agent().isAlive()) {
            startAgent();
        }
    }

    AgentProcess agent() {
        return Objects.requireNonNull(agent);
    }

    JsonObject stats() {
        try {
            return catalogue.stats(AGENT);
        } catch (JedisException e) {
            return new JsonObject();
        }
    }

    /** Whether the agent runs, has written a result of each of these that still lives, and nobody is on the err list. */
    boolean isRight(List<String> addresses) {
        if (!agent().isAlive() || !errList.listedNow().isEmpty()) {
            return false;
        }
        String[] keys = addresses.stream()
                .map(address -> "agent-ip-last-ms_" + AGENT + "_" + address)
                .toArray(String[]::new);
        try (Jedis connection = catalogue.connect()) {
            return connection.exists(keys) == keys.length && connection.scard("agent-err-list_" + AGENT) == 0;
        } catch (JedisException e) {
            return false;
        }
    }

    void awaitRight() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> isRight(addresses()));
    }

    /** Waits for a line of the agent's log, in what it said since a length of it. */
    void awaitLog(int from, String text) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> agent().log().indexOf(text, from) >= 0);
    }

    /** Runs a line of shell on the agent's host that must succeed. */
    void onHost(String line) throws IOException {
        host.check("sh", "-ec", line);
    }

    void signalRedis(String name) throws IOException {
        SentSignals.send(redis.pid(), name);
    }

    @Override
    public void close() {
        open.close();
    }
}
