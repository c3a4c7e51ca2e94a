package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An agent that is started again in the middle of the rounds of its jobs. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("root")
class RestartIT {

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long CADENCE_NANOS = 10 * SECOND_NANOS;
    /** For a machine that does other things, too; far from the second interval that it once took. */
    private static final long SLACK_NANOS = 3 * SECOND_NANOS;

    private static final List<String> BUSY = Catalogue.range("10.9.1.1", 200);
    private static final String SILENT = "10.9.9.1";

    @Test
    void everyAddressIsProbedWithinItsIntervalAndAtItsOldPlace() throws Exception {
        try (AgentLab lab = new AgentLab("restart")) {
            lab.responder().behave("10.9.0.0/16", Behaviour.delayed(Duration.ofMillis(5)));
            lab.responder().behave(SILENT, Behaviour.silent());
            lab.catalogue().group("busy", BUSY).group("silent", SILENT);
            lab.catalogue().job("busy", "*/10 * * * * *", "busy").job("silent", "*/10 * * * * *", "silent");
            Agent first = lab.start("a");
            long firstNanos = awaitTargets(first);
            Map<IpAddress, Long> before = awaitProbes(lab, firstNanos);
            first.close();
            lab.catalogue().ask(redis -> redis.del("agent-err-list_a"));
            Thread.sleep(1_700);
            long requestsBefore = lab.responder().requests().size();
            Agent second = lab.start("a");
            long secondNanos = awaitTargets(second);
            Map<IpAddress, Long> after = awaitProbes(lab, secondNanos);
            assertTrue(requestsBefore >= 200, requestsBefore + " requests to the first agent");
            for (Map<IpAddress, Long> waits : List.of(before, after)) {
                waits.forEach((address, nanos) -> assertTrue(
                        nanos <= CADENCE_NANOS + SLACK_NANOS,
                        address + " was probed " + nanos / 1_000_000 + " ms after the start"));
            }
            long moved = BUSY.stream()
                    .map(Addresses::parse)
                    .filter(address -> distanceNanos(firstNanos + before.get(address), secondNanos + after.get(address))
                            > SECOND_NANOS)
                    .count();
            assertTrue(moved <= BUSY.size() / 10, moved + " addresses have another place in their interval");
            await().atMost(Duration.ofNanos(CADENCE_NANOS + 2 * SECOND_NANOS + SLACK_NANOS))
                    .until(() -> lab.catalogue().isErrListed("a", SILENT));
        }
    }

    /** How far two times are apart within the interval. */
    private static long distanceNanos(long oneNanos, long otherNanos) {
        long apart = Math.floorMod(oneNanos - otherNanos, CADENCE_NANOS);
        return Math.min(apart, CADENCE_NANOS - apart);
    }

    /** Waits until the agent has its targets; returns the time, by the clock of the responder. */
    private static long awaitTargets(Agent agent) {
        int count = BUSY.size() + 1;
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        agent.engine().targetCount() == count && agent.engine().isLive(count - 1));
        return System.nanoTime();
    }

    /** When each address got its first probe after {@code sinceNanos}, in nanoseconds after it. */
    private static Map<IpAddress, Long> awaitProbes(AgentLab lab, long sinceNanos) {
        Map<IpAddress, Long> first = new TreeMap<>();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            lab.responder()
                    .requestTimes()
                    .forEach((address, times) -> Arrays.stream(times)
                            .filter(time -> time - sinceNanos >= -SECOND_NANOS / 10)
                            .findFirst()
                            .ifPresent(time -> first.put(address, time - sinceNanos)));
            return first.size() == BUSY.size() + 1;
        });
        return first;
    }
}
