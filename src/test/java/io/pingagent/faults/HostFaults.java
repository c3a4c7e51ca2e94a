package io.pingagent.faults;

import io.pingagent.faults.Fault.Listing;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import redis.clients.jedis.Protocol;

/** Faults of the agent's own machine: clock, processor, memory, descriptors. */
final class HostFaults {

    private static final Notice CLOCK = Notice.line("(?i)clock");
    private static final Notice STALL = Notice.line("do not count|stalled");

    private HostFaults() {}

    static List<Fault> all() {
        return Stream.of(clocks(), stalls(), limits(), Stops.all())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Fault> clocks() {
        List<Fault> faults = new ArrayList<>();
        for (int seconds : new int[] {60, -60}) {
            String by = Math.abs(seconds) + " s " + (seconds > 0 ? "ahead" : "back");
            faults.add(
                    clock("clock of the Redis host " + by, false, true, seconds).says(CLOCK.or(Notice.nothing())));
            faults.add(clock("clock of the agent's host " + by, true, false, seconds)
                    .says(CLOCK));
            faults.add(clock("clock of both hosts " + by, true, true, seconds).says(CLOCK));
        }
        return faults;
    }

    private static Fault clock(String name, boolean ofAgent, boolean ofRedis, int seconds) {
        Fault fault = Fault.host(name);
        SteppedClock clock = new SteppedClock(fault.slug());
        if (ofRedis) {
            fault.redisWith(() -> {
                clock.shift(Duration.ZERO);
                return clock.environment();
            });
        }
        return fault.prepare(site -> {
                    clock.shift(Duration.ZERO);
                    if (ofAgent) {
                        site.agentWith(List.of(), clock.environment());
                    }
                })
                .begin(site -> clock.shift(Duration.ofSeconds(seconds)))
                // A step is over at once; what it does may show later.
                .lasting(15);
    }

    private static List<Fault> stalls() {
        return List.of(
                Fault.host("SIGSTOP for 60 s")
                        .begin(site -> site.agent().signal("STOP"))
                        .lasting(60)
                        .end(site -> site.agent().signal("CONT"))
                        .gap(60 + 2 + 1)
                        .says(STALL.or(Notice.counter("receiverStalls"))),
                Fault.host("stalls of 1.2 s every 2 s, and the far addresses dead")
                        .begin(site -> {
                            site.responder().behave(Site.FAR_V4, Behaviour.silent());
                            site.responder().behave(Site.FAR_V6, Behaviour.silent());
                            for (int i = 0; i < 15; i++) {
                                site.agent().signal("STOP");
                                Thread.sleep(1_200);
                                site.agent().signal("CONT");
                                Thread.sleep(800);
                            }
                        })
                        .end(site -> site.responder().behaveHonestly())
                        .lasting(30)
                        .gap(2 + 2 + 1)
                        // The TTL is 5 s, the memory check looks every 5 s.
                        .lists(Listing.ALL, 5 + 15 + 5 + 2)
                        .says(Notice.line("is on the err list")),
                Fault.host("no processor to spare, agent at nice 10")
                        .prepare(site -> site.agentWith(List.of("nice", "-n", "10"), List.of()))
                        .begin(site -> site.burn(2 * Runtime.getRuntime().availableProcessors()))
                        .lasting(20)
                        .end(Site::burnNoMore)
                        .gap(5)
                        .says(STALL.or(Notice.counter("sentLate")).or(Notice.nothing()))
                        .alone());
    }

    private static List<Fault> limits() {
        return List.of(
                Fault.host("descriptor limit, and Redis closes all connections")
                        .affects(site -> List.of())
                        .begin(site -> {
                            Command.check(
                                    "prlimit",
                                    "--pid",
                                    Long.toString(site.agent().pid()),
                                    "--nofile=8:");
                            for (String type : List.of("pubsub", "normal")) {
                                site.catalogue()
                                        .ask(redis -> redis.sendCommand(Protocol.Command.CLIENT, "KILL", "TYPE", type));
                            }
                        })
                        .lasting(15)
                        .end(site -> Command.check(
                                "prlimit", "--pid", Long.toString(site.agent().pid()), "--nofile=4096:"))
                        .rightWithin(20)
                        .says(Notice.line("(?i)too many open files|descriptor").or(Notice.line("is unreachable"))),
                Fault.host("memory limit: 600,000 addresses for a heap of 32 MiB")
                        .affects(site -> List.of())
                        .prepare(site -> site.agentWith(
                                List.of(),
                                // As the package's own settings, with less memory.
                                List.of("PING_AGENT_JAVA_OPTS=-Xmx32m -XX:TieredStopAtLevel=1"
                                        + " -XX:+ExitOnOutOfMemoryError")))
                        .begin(site -> {
                            site.hugeJob(600_000);
                            // The service manager.
                            for (int i = 0; i < 5; i++) {
                                Thread.sleep(3_000);
                                site.startAgentIfItEnded();
                            }
                        })
                        .lasting(15)
                        .end(site -> {
                            site.removeJob("huge");
                            // What it had begun to read may still end it.
                            for (int i = 0; i < 3; i++) {
                                Thread.sleep(2_000);
                                site.startAgentIfItEnded();
                            }
                        })
                        .gap(60)
                        .rightWithin(40)
                        .says(Notice.line("(?i)memory").or(Notice.nothing())));
    }
}
