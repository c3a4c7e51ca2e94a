package io.pingagent.cli.doctor;

import io.pingagent.app.doctor.Check;
import io.pingagent.app.doctor.Check.Outcome;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.view.StatsView;
import io.pingagent.model.Problem;
import io.pingagent.redis.admin.AdminAgent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The checks of {@code doctor} that judge the running agent by what it reports: its rights and buffers are not those of
 * whoever runs {@code doctor}.
 */
final class AgentChecks {

    private static final int MOST_PROBLEMS = 20;

    private final AdminAgent agent;
    private final StatsView stats;
    private final CheckSink sink;
    private final Set<Problem> reported = new HashSet<>();

    AgentChecks(AdminAgent agent, StatsView stats, CheckSink sink) {
        this.agent = agent;
        this.stats = stats;
        this.sink = sink;
    }

    /** Problems that have a line of their own. */
    Set<Problem> reported() {
        return reported;
    }

    void run() {
        if (!agent.online()) {
            offline();
            return;
        }
        sink.add(Check.ok(
                "agent",
                "'" + agent.name() + "' is online, " + Numbers.count(agent.errListed(), "address", "addresses")
                        + " on the err list"));
        if (stats.isEmpty()) {
            sink.add(Check.warn(
                    "agent's report",
                    "agent '" + agent.name() + "' is online and reports nothing about itself",
                    "wait for redis.status-interval; else see its log"));
            return;
        }
        if (stats.hasProcess()) {
            sockets();
            buffer();
        }
        new OverloadChecks(stats, sink::add).run();
        problems();
    }

    private void offline() {
        String remedy = "start it with 'ping-agent run', or correct agent.name or redis.url; if it runs,"
                + " Redis refuses what it writes, and its log says why";
        sink.add(
                agent.listed()
                        ? Check.fail(
                                Outcome.SERVICE_UNREACHABLE, "agent", "'" + agent.name() + "' is not online", remedy)
                        : Check.warn(
                                "agent",
                                "'" + agent.name() + "' is not online and has never registered in this Redis",
                                remedy));
    }

    private void sockets() {
        String reporter = "the running agent '" + agent.name() + "' (" + stats.processLine() + ") reports ";
        List<String> open = stats.processHas("v6") ? List.of("IPv4", "IPv6") : List.of("IPv4");
        sink.add(Check.ok("raw sockets", reporter + "that " + String.join(" and ", open) + " are open"));
        if (!stats.processHas("v6")) {
            sink.add(Check.warn(
                    "IPv6",
                    "the running agent reports that it is not available",
                    "only needed for IPv6 addresses in groups"));
        }
    }

    private void buffer() {
        long granted = stats.process("receiveBufferBytes");
        long wanted = stats.process("receiveBufferWantedBytes");
        String found = "the running agent reports " + granted / 1024 + " KiB of " + wanted / 1024
                + " KiB wanted (probe.receive-buffer)";
        sink.add(
                granted >= wanted
                        ? Check.ok("receive buffer", found)
                        : Check.warn(
                                "receive buffer",
                                found,
                                "give it CAP_NET_ADMIN, or raise net.core.rmem_max: a short buffer loses replies in a"
                                        + " burst"));
    }

    private void problems() {
        List<StatsView.Reported> all = stats.problems();
        for (StatsView.Reported each : all.subList(0, Math.min(MOST_PROBLEMS, all.size()))) {
            reported.add(each.problem());
            sink.add(new Check(
                    outcome(each.source()),
                    "agent's report",
                    each.found(),
                    each.problem().remedy()));
        }
    }

    /** State that is not written, or jobs that are not as meant: monitoring cannot be trusted until it is fixed. */
    private static Outcome outcome(String source) {
        return switch (source) {
            case "redis", "state" -> Outcome.SERVICE_UNREACHABLE;
            case "catalogue" -> Outcome.BAD_CONFIGURATION;
            default -> Outcome.WARN;
        };
    }
}
