package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.probe.Counter;
import io.pingagent.probe.DurationHistogram;
import io.pingagent.testkit.DnsResponder;
import io.pingagent.testkit.MachineWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An agent whose group has host names, a real name server, and a network that answers. A tenth of the names never gets an
 * answer, another tenth moves. With {@code -Dpingagent.test.names=10000} it is the acceptance measurement, and prints figures.
 */
@Tag("root")
class HostNamesIT {

    private static final int NAMES = Integer.getInteger("pingagent.test.names", 400);
    private static final int MOVES = Integer.getInteger("pingagent.test.moves", 1);
    private static final Duration RELOAD = Duration.ofSeconds(Long.getLong("pingagent.test.reload", 5));
    /** The place of a new address in its round comes in the interval after the one in which it is known. */
    private static final long JOB_SECONDS = Math.max(1, RELOAD.toSeconds() / 3);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** In the third part of an address: where a name moves to and back. */
    private static final int DISTANCE = 100;

    private final MachineWatch watch = new MachineWatch();
    private final AgentLab lab = new AgentLab("names");
    private final Catalogue catalogue = lab.catalogue();
    private final DnsResponder dns = new DnsResponder("127.0.0.53");

    private static String name(int i) {
        return "n" + i + ".example.net";
    }

    private static boolean isDead(int i) {
        return i % 10 == 3;
    }

    private static boolean moves(int i) {
        return i % 10 == 7;
    }

    private static String address(int i, boolean isMoved) {
        return "10.9." + (16 + i / 200 + (isMoved ? DISTANCE : 0)) + "." + (1 + i % 200);
    }

    @BeforeEach
    void fill() {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            members.add("host4:" + name(i));
            if (isDead(i)) {
                dns.silence(name(i));
            } else {
                dns.put(name(i), 5, address(i, false));
            }
        }
        members.add("10.9.9.1");
        catalogue.group("named", members).job("named", "@every " + JOB_SECONDS + "s", "named");
    }

    @AfterEach
    void stop() {
        lab.close();
        dns.close();
        watch.close();
    }

    private Agent start() throws Exception {
        return lab.start(
                "n",
                "redis.status-interval",
                "1s",
                "redis.reload-interval",
                RELOAD.toSeconds() + "s",
                "probe.timeout",
                "4s",
                "dns.servers",
                dns.server());
    }

    private static List<String> problems(Agent agent) {
        return agent.problems().present().stream()
                .map(present -> present.problem().toString())
                .toList();
    }

    @Test
    void namesThatNeverResolveAndNamesThatMoveDelayNoProbe() throws Exception {
        Agent agent = start();
        int sound = (int) IntStream.range(0, NAMES).filter(i -> !isDead(i)).count();
        long startedNanos = System.nanoTime();
        await().atMost(PATIENCE).until(() -> agent.engine().targetCount() == sound + 1);
        System.err.println("all names known after " + (System.nanoTime() - startedNanos) / 1_000_000 + " ms");
        await().atMost(PATIENCE)
                .until(() -> problems(agent).stream().anyMatch(line -> line.contains("more names do not resolve")));
        assertEquals(
                20,
                problems(agent).stream()
                        .filter(line -> line.contains("no DNS server answers within"))
                        .count());

        long lateBefore = agent.engine().counters().get(Counter.LATE);
        DurationHistogram.Snapshot before = agent.engine().sendLateness().snapshot();
        long cpuBefore = processNanos();
        long begun = System.nanoTime();
        List<Long> waitsMillis = new ArrayList<>();
        for (int round = 1; round <= MOVES; round++) {
            move(agent, round % 2 == 1, waitsMillis);
        }
        DurationHistogram.Snapshot lateness =
                agent.engine().sendLateness().snapshot().since(before);
        long late = agent.engine().counters().get(Counter.LATE) - lateBefore;
        waitsMillis.sort(null);
        System.err.println("changes probed after ms: median " + waitsMillis.get(waitsMillis.size() / 2) + ", longest "
                + waitsMillis.get(waitsMillis.size() - 1) + " of " + waitsMillis.size() + "; late probes " + late
                + " of " + lateness.count() + ", lateness us p50 " + lateness.quantileNanos(0.5) / 1_000 + " p99 "
                + lateness.quantileNanos(0.99) / 1_000 + " p99.9 " + lateness.quantileNanos(0.999) / 1_000 + " max "
                + lateness.quantileNanos(1) / 1_000 + "; cpu of the whole JVM "
                + 100.0 * (processNanos() - cpuBefore) / (System.nanoTime() - begun) + " %, questions "
                + dns.asked().size());
        assertEquals(0, late, "late probes");
        assertTrue(
                waitsMillis.get(waitsMillis.size() - 1) <= 2 * RELOAD.toMillis() + watch.longestStallMillis(),
                "longest wait " + waitsMillis.get(waitsMillis.size() - 1) + " ms");
    }

    /** It may be restarted because of the same outage. */
    @Test
    void anAgentThatStartsWhileNoServerAnswersProbesTheLastAddresses() throws Exception {
        dns.put("gone.example.net", 5, "10.9.9.7");
        catalogue.ask(redis -> redis.del("group_named"));
        catalogue.group("named", "host4:gone.example.net", "host:n3.example.net", "10.9.9.1");
        Agent first = start();
        await().atMost(PATIENCE).until(() -> answers(first, "10.9.9.7"));
        await().atMost(PATIENCE)
                .until(() -> "10.9.9.7"
                        .equals(catalogue.ask(redis -> redis.hget("agent-names_n", "host4:gone.example.net"))));
        first.close();
        dns.dead(true);
        Agent second = start();
        await().atMost(PATIENCE).until(() -> answers(second, "10.9.9.7") && answers(second, "10.9.9.1"));
        await().atMost(PATIENCE).until(() -> problems(second).size() == 2);
        assertTrue(
                problems(second).get(0).contains("probed at its last address 10.9.9.7"),
                problems(second).toString());
        assertTrue(
                problems(second).get(1).contains("nothing of it is probed"),
                problems(second).toString());
        dns.dead(false);
        dns.put("gone.example.net", 5, "10.9.9.8");
        await().atMost(PATIENCE).until(() -> answers(second, "10.9.9.8"));
        await().atMost(PATIENCE).until(() -> second.engine().targetId(Addresses.parse("10.9.9.7")) < 0);
    }

    private void move(Agent agent, boolean isMoved, List<Long> waitsMillis) {
        int[] moving = IntStream.range(0, NAMES).filter(HostNamesIT::moves).toArray();
        lab.responder().forgetRequests();
        long changed = System.nanoTime();
        Arrays.stream(moving).forEach(i -> dns.put(name(i), 5, address(i, isMoved)));
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> Arrays.stream(moving).allMatch(i -> answers(agent, address(i, isMoved))));
        Map<IpAddress, long[]> requests = lab.responder().requestTimes();
        for (int i : moving) {
            long first = requests.get(Addresses.parse(address(i, isMoved)))[0];
            waitsMillis.add((first - changed) / 1_000_000);
        }
        await().atMost(PATIENCE)
                .until(() -> Arrays.stream(moving)
                        .allMatch(i -> agent.engine().targetId(Addresses.parse(address(i, !isMoved))) < 0));
        long restNanos = Long.getLong("pingagent.test.rest", 0) * 1_000_000_000L;
        await().atMost(PATIENCE).until(() -> System.nanoTime() - changed >= restNanos);
    }

    private static boolean answers(Agent agent, String address) {
        int targetId = agent.engine().targetId(Addresses.parse(address));
        return targetId >= 0
                && agent.engine().isLive(targetId)
                && agent.engine().lastRttNanos(targetId) > 0;
    }

    private static long processNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }
}
