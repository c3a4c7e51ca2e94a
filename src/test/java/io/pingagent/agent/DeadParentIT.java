package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.control.ControlClient;
import io.pingagent.control.ControlException;
import io.pingagent.control.ControlRequest;
import io.pingagent.e2e.Catalogue;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.TrapperLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A router that is probed every 30 s, hosts behind it that are probed every 2 s, and what Zabbix gets of them. */
@Tag("root")
class DeadParentIT {

    private static final String ROUTER = "10.9.1.1";
    private static final String SWITCH = "10.9.2.1";
    private static final String HOST = "10.9.2.2";
    private static final List<String> BEHIND = List.of(SWITCH, HOST);
    /** Enough that nobody takes the outage for one of the agent's own. */
    private static final List<String> OTHERS = Catalogue.range("10.9.3.1", 20);

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private AgentLab lab;
    private TrapperLog zabbix;

    @BeforeEach
    void start() throws Exception {
        lab = new AgentLab("parent");
        zabbix = TrapperLog.here();
        lab.catalogue()
                .group("slow", ROUTER)
                .group("quick", BEHIND)
                .group("others", OTHERS)
                .job("slow", "*/30 * * * * *", "slow")
                .job("quick", "*/2 * * * * *", "quick", "others")
                .ask(redis -> redis.hset("target_" + SWITCH, "parent", ROUTER)
                        + redis.hset("target_" + HOST, "parent", SWITCH));
        lab.start(
                "p",
                "zabbix.servers",
                "127.0.0.1:" + zabbix.port(),
                "agent.socket",
                socket().toString(),
                "zabbix.push-interval",
                "4s",
                "zabbix.buffer.directory",
                directory.toString());
        awaitStatus("1", ROUTER, SWITCH, HOST);
    }

    @AfterEach
    void stop() throws Exception {
        if (lab != null) {
            lab.close();
        }
        if (zabbix != null) {
            zabbix.close();
        }
    }

    private Path socket() {
        return directory.resolve("agent.sock");
    }

    /** What whoever asks the agent gets; the first question makes it remember. */
    private String asked(String address) throws ControlException {
        return ControlClient.ask(socket(), new ControlRequest("ping.status", List.of("p", address), 10_000))
                .toString();
    }

    private void awaitAnswers(String status, Set<String> seen) {
        await(status).atMost(PATIENCE).until(() -> {
            Set<String> now = new TreeSet<>();
            for (String address : BEHIND) {
                now.add(asked(address));
            }
            seen.addAll(now);
            return now.equals(Set.of(status));
        });
    }

    private List<String> statuses(String address, long sinceNanos) {
        return zabbix.since(sinceNanos).stream()
                .filter(value -> value.key().equals("ping.status[\"" + address + "\"]"))
                .map(TrapperLog.Value::text)
                .toList();
    }

    private void awaitStatus(String status, String... addresses) {
        long sinceNanos = System.nanoTime();
        for (String address : addresses) {
            await(address)
                    .atMost(PATIENCE)
                    .until(() -> statuses(address, sinceNanos).contains(status));
        }
    }

    private void behave(Behaviour behaviour, String... addresses) {
        for (String address : addresses) {
            lab.responder().behave(address, behaviour);
        }
    }

    @Test
    void deadRouterIsOneOutageAndItsReturnIsNone() throws Exception {
        Set<String> answers = new TreeSet<>();
        awaitAnswers("1", answers);
        long diedNanos = System.nanoTime();
        behave(Behaviour.silent(), ROUTER, SWITCH, HOST);
        awaitAnswers("2", answers);
        awaitStatus("2", SWITCH, HOST);
        awaitStatus("0", ROUTER);
        // Two rows of each later.
        awaitStatus("2", SWITCH, HOST);
        awaitStatus("2", SWITCH, HOST);
        for (String address : BEHIND) {
            assertTrue(!statuses(address, diedNanos).contains("0"), () -> address + statuses(address, diedNanos));
        }

        long returnedNanos = System.nanoTime();
        behave(Behaviour.honest(), ROUTER, SWITCH, HOST);
        awaitAnswers("1", answers);
        assertEquals(Set.of("1", "2"), answers);
        awaitStatus("1", ROUTER, SWITCH, HOST);
        awaitStatus("1", ROUTER, SWITCH, HOST);
        for (String address : BEHIND) {
            List<String> since = statuses(address, returnedNanos);
            assertTrue(!since.contains("0"), () -> address + since);
            assertEquals("1", since.get(since.size() - 1));
        }
    }

    @Test
    void aHostThatDiesAloneIsDownAlthoughItsRouterIsProbedSeldom() throws Exception {
        behave(Behaviour.silent(), SWITCH);
        awaitStatus("0", SWITCH);
        assertEquals("0", asked(SWITCH));
        assertTrue(!lab.catalogue().isErrListed("p", ROUTER), "the router answers");
        behave(Behaviour.silent(), HOST);
        awaitStatus("2", HOST);
        // The switch answers again: then the host is down by itself.
        behave(Behaviour.honest(), SWITCH);
        awaitStatus("1", SWITCH);
        awaitStatus("0", HOST);
    }
}
