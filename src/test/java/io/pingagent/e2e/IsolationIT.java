package io.pingagent.e2e;

import static io.pingagent.e2e.ItemHistory.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The agent's own uplink dies, and what a real Zabbix makes of it. */
@Timeout(300)
@Tag("root")
class IsolationIT {

    private static final List<String> ALL = Catalogue.range("10.9.1.1", 200);
    /** A fifth, really down while the uplink is. */
    private static final List<String> DEAD = ALL.subList(0, 40);

    private static final Behaviour ANSWERING = Behaviour.delayed(Duration.ofMillis(5));

    private static ZabbixLab lab;
    private static String hostId;
    private static AgentProcess agent;

    @BeforeAll
    static void start() throws Exception {
        ZabbixLab.require();
        lab = new ZabbixLab();
        lab.responder().behave(ANSWERING);
        lab.catalogue().group("core", ALL.toArray(String[]::new)).job("two", "*/2 * * * * *", "core");
        hostId = lab.host("gza");
        agent = lab.agent(lab.configuration("gza", List.of("push-interval: 4s"), "probe: {timeout: 600ms}"));
        ZabbixLab.until(
                agent::log,
                () -> ALL.stream().allMatch(address -> "1".equals(lab.lastValue(hostId, key("ping.status", address)))));
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static Set<String> open() throws Exception {
        return new TreeSet<>(lab.problems(hostId).keySet());
    }

    private static String report() {
        return agent.log() + lab.problemNames(hostId);
    }

    private static void awaitIsolation(boolean isIsolated) {
        ZabbixLab.until(
                IsolationIT::report,
                () -> lab.catalogue()
                                .stats("gza")
                                .getAsJsonObject("isolation")
                                .get("isolated")
                                .getAsBoolean()
                        == isIsolated);
    }

    private static List<String> downs(List<String> addresses) {
        return addresses.stream()
                .map(address -> "Ping " + address + ": Down")
                .sorted()
                .toList();
    }

    @Test
    void deadUplinkIsOneProblemAndWhoeverIsReallyDownIsFoundAfterIt() throws Exception {
        List<String> problemsBefore = lab.problemNames(hostId);
        lab.responder().behave(Behaviour.silent());
        awaitIsolation(true);
        ZabbixLab.until(IsolationIT::report, () -> open().size() == 1);
        String problem = open().iterator().next();
        assertTrue(problem.contains("cut off"), problem);
        assertTrue(
                lab.command(lab.configuration("gza", List.of()), "status").out().contains("cut off"), "status");
        // Longer than it takes to call an address down, and than a push interval.
        int requestsBefore = lab.requests(ALL.get(7)).size();
        ZabbixLab.until(IsolationIT::report, () -> lab.requests(ALL.get(7)).size() >= requestsBefore + 6);
        assertEquals(Set.of(problem), open(), IsolationIT::report);

        lab.responder().behave(ANSWERING);
        for (String address : DEAD) {
            lab.responder().behave(address, Behaviour.silent());
        }
        awaitIsolation(false);
        ZabbixLab.until(IsolationIT::report, () -> List.copyOf(open()).equals(downs(DEAD)));
        List<String> began = new ArrayList<>(lab.problemNames(hostId));
        problemsBefore.forEach(began::remove);
        began.removeAll(downs(DEAD));
        assertEquals(1, began.size(), began::toString);

        for (String address : DEAD) {
            lab.responder().behave(address, ANSWERING);
        }
        ZabbixLab.until(IsolationIT::report, () -> open().isEmpty());
    }
}
