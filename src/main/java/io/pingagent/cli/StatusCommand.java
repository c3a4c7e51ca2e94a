package io.pingagent.cli;

import com.google.gson.stream.JsonWriter;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Table;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.cli.view.AgentHealth;
import io.pingagent.cli.view.LabelFormat;
import io.pingagent.cli.view.LiveTable;
import io.pingagent.cli.view.RowLabels;
import io.pingagent.cli.view.StatsView;
import io.pingagent.cli.view.StatusSnapshot;
import io.pingagent.cli.view.TargetFilter;
import io.pingagent.config.Config;
import io.pingagent.model.TargetLabels;
import io.pingagent.model.TargetRow;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.admin.AdminAgent;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.redis.admin.StatusReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The state of agents and addresses, read from Redis once. */
@Command(
        name = "status",
        description = "Shows each agent, and its addresses that are on the err list or lose packets, the worst first.")
final class StatusCommand extends RedisCommand {

    private static final int ROWS_AT_ONCE = 1_000;

    @Option(names = "--agent", paramLabel = "NAME", description = "Only this agent.")
    private @Nullable String agent;

    @Option(names = "--all", description = "Every address, not only those with loss.")
    private boolean all;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Most addresses to show of an agent, 0 for all (default: 50; with --all all).")
    private @Nullable Integer limit;

    @Option(
            names = "--label",
            paramLabel = "LABEL=VALUE",
            description =
                    "All addresses with this label, as in site=ams, site!=ams or site. Repeatable; all must hold.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--search",
            paramLabel = "TEXT",
            description = "All addresses that have this in their address or name, in any case.")
    private @Nullable String search;

    private TargetFilter filter = TargetFilter.ALL;

    @Option(names = "--json", description = "Print JSON, addresses as the agent writes them.")
    private boolean json;

    StatusCommand(Context context) {
        super(context);
    }

    @Override
    void checkArguments() {
        if (limit != null && limit < 0) {
            throw CommandFailure.usage("--limit takes 0 or more, not " + limit);
        }
        filter = TargetFilter.of(labels, search);
    }

    @Override
    void run(RedisAdmin redis, Config config, Terminal terminal) {
        redis.serverProblems().forEach(problem -> terminal.complain(problem.toString()));
        List<AdminAgent> agents = agents(redis, agent);
        if (json) {
            Json.print(terminal, out -> writeJson(out, redis, agents));
        } else if (agents.isEmpty()) {
            terminal.say("no agent has registered in Redis at " + redis.server() + "; start one with 'ping-agent run'");
        } else {
            print(redis, agents, terminal);
        }
    }

    /**
     * The agents to show.
     *
     * @throws CommandFailure if the one that is wanted does not exist
     */
    static List<AdminAgent> agents(RedisAdmin redis, @Nullable String only) {
        if (only == null) {
            return redis.agents().all();
        }
        if (only.isEmpty()) {
            throw CommandFailure.usage("--agent takes the name of an agent");
        }
        return List.of(known(redis.agents().get(only)));
    }

    /**
     * The agent itself.
     *
     * @throws CommandFailure if Redis has nothing of it
     */
    static AdminAgent known(AdminAgent agent) {
        if (!agent.listed() && !agent.online() && agent.errListed() == 0 && agent.ownJobs() == 0) {
            throw CommandFailure.usage("there is no agent '" + agent.name() + "'; see 'ping-agent agent list'");
        }
        return agent;
    }

    private int mostRows() {
        if (limit == null) {
            return all ? Integer.MAX_VALUE : 50;
        }
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    private void print(RedisAdmin redis, List<AdminAgent> agents, Terminal terminal) {
        List<StatusSnapshot> states = new ArrayList<>();
        List<StatsView> stats = new ArrayList<>();
        for (AdminAgent each : agents) {
            StatusSnapshot state = snapshot(redis, each.name()).withLastMs(redis, each.name());
            states.add(filter.isAll() ? state.withLabels(redis, each.name()) : state);
            stats.add(StatsView.of(redis.agents().stats(each.name())));
        }
        summary(agents, states, stats).print(terminal);
        for (int i = 0; i < agents.size(); i++) {
            printAddresses(agents.get(i), states.get(i), terminal);
        }
        List<String> offline = agents.stream()
                .filter(each -> !each.online())
                .map(AdminAgent::name)
                .toList();
        if (!offline.isEmpty()) {
            terminal.complain(String.join(", ", offline)
                    + ": offline; start it, or, if it runs, Redis refuses what it writes, and its log says why");
        }
        for (int i = 0; i < agents.size(); i++) {
            if (AgentHealth.of(agents.get(i), stats.get(i)) == AgentHealth.NO_REPORT) {
                terminal.complain("agent '" + agents.get(i).name() + "': online, but agent-stats_"
                        + agents.get(i).name()
                        + " is missing: Redis refuses it, or is slower than the agent writes; its log says why");
            }
            for (StatsView.Reported problem : stats.get(i).problems()) {
                terminal.complain("agent '" + agents.get(i).name() + "': " + problem.line());
            }
        }
    }

    /** Whoever asks for some addresses wants to see them, well or not. */
    private StatusSnapshot snapshot(RedisAdmin redis, String name) {
        return StatusSnapshot.read(redis, name, all || !filter.isAll(), mostRows(), filter);
    }

    /** One line per agent. */
    static Table summary(List<AdminAgent> agents, List<StatusSnapshot> states, List<StatsView> stats) {
        Instant now = Instant.now();
        Table table = new Table()
                .left("AGENT")
                .left("STATE")
                .right("TARGETS")
                .right("ERR LIST")
                .right("LOSS 60 S")
                .right("PROBES/S")
                .right("PROBLEMS")
                .right("UP");
        for (int i = 0; i < agents.size(); i++) {
            AdminAgent agent = agents.get(i);
            StatusSnapshot state = states.get(i);
            StatsView own = stats.get(i);
            int problems = own.problems().size();
            AgentHealth health = AgentHealth.of(agent, own);
            // What one left behind that has gone says nothing of now.
            boolean isPresent = health != AgentHealth.OFFLINE;
            long age = isPresent ? own.ageSeconds(now) : -1;
            double rate = isPresent ? own.probesPerSecond() : -1;
            table.startRow()
                    .cell(agent.name())
                    .cell(health.word(), health.style())
                    .cell(state.known() ? Numbers.grouped(state.sums().targets()) : "-")
                    .cell(Numbers.grouped(agent.errListed()), agent.errListed() > 0 ? Ansi.Style.BAD : Ansi.Style.PLAIN)
                    .cell(
                            isPresent && state.sums().loss() >= 0
                                    ? Numbers.percent(state.sums().loss())
                                    : "-")
                    .cell(rate < 0 ? "-" : Numbers.grouped(Math.round(rate)))
                    .cell(
                            own.isEmpty() ? "-" : Numbers.grouped(problems),
                            problems > 0 ? Ansi.Style.WARNING : Ansi.Style.PLAIN)
                    .cell(age < 0 ? "-" : Numbers.age(age));
        }
        return table;
    }

    private void printAddresses(AdminAgent agent, StatusSnapshot state, Terminal terminal) {
        String name = agent.name() + (agent.online() ? "" : " (offline, as it was before)");
        if (!state.known()) {
            return;
        }
        terminal.out().println();
        if (state.rows().isEmpty()) {
            terminal.say(name + ": "
                    + (state.sums().targets() == 0
                            ? "no addresses"
                            : filter.isAll() ? "no address on the err list or with loss" : "no address matches"));
            return;
        }
        terminal.say(name + ": "
                + Numbers.count(state.wanted(), "address", "addresses")
                + (!filter.isAll()
                        ? " of " + Numbers.grouped(state.sums().targets())
                        : all ? "" : " on the err list or with loss"));
        new LiveTable(state.rows(), state.names(), terminal.columns(), terminal.colours())
                .lines(Integer.MAX_VALUE, terminal.out()::println);
        int hidden = state.wanted() - state.rows().size();
        if (hidden > 0) {
            terminal.say("... and " + Numbers.grouped(hidden) + " more; --limit 0 shows them");
        }
    }

    private void writeJson(JsonWriter out, RedisAdmin redis, List<AdminAgent> agents) throws IOException {
        out.beginObject();
        out.name("agents").beginArray();
        for (AdminAgent each : agents) {
            StatusSnapshot state = filter.isAll()
                    ? StatusSnapshot.read(redis, each.name(), false, mostRows()).withLabels(redis, each.name())
                    : snapshot(redis, each.name());
            String stats = redis.agents().stats(each.name());
            out.beginObject();
            out.name("name").value(each.name());
            out.name("online").value(each.online());
            out.name("health").value(AgentHealth.of(each, StatsView.of(stats)).word());
            out.name("targets").value(state.sums().targets());
            out.name("errList").value(each.errListed());
            out.name("sent").value(state.sums().sent());
            out.name("received").value(state.sums().received());
            out.name("loss");
            if (state.sums().loss() < 0) {
                out.nullValue();
            } else {
                out.value(state.sums().loss());
            }
            out.name("stats");
            Json.embed(out, stats);
            out.name("addresses").beginArray();
            if (all && filter.isAll()) {
                writeAll(out, redis, each.name());
            } else {
                writeRows(out, state.rows(), state.labels());
            }
            out.endArray();
            out.endObject();
        }
        out.endArray();
        out.endObject();
    }

    /** Straight from Redis to the output, a thousand rows at once for the sake of their labels. */
    private void writeAll(JsonWriter out, RedisAdmin redis, String name) throws IOException {
        int[] left = {mostRows()};
        List<TargetRow> rows = new ArrayList<>(ROWS_AT_ONCE);
        RowLabels rowLabels = RowLabels.of(redis, name, false);
        try (InputStream status = redis.agents().status(name)) {
            if (status == null) {
                return;
            }
            StatusReader.read(status, new RedisKeys(name).allIpStatus(), (ip, sent, received, inErrList) -> {
                if (left[0]-- > 0) {
                    rows.add(new TargetRow(ip, sent, received, -1, -1, inErrList));
                    if (rows.size() == ROWS_AT_ONCE) {
                        writeRows(out, rowLabels, rows);
                    }
                }
            });
        }
        writeRows(out, rowLabels, rows);
    }

    private static void writeRows(JsonWriter out, RowLabels labels, List<TargetRow> rows) {
        try {
            writeRows(
                    out, rows, labels.read(rows.stream().map(TargetRow::address).toList()));
            rows.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeRows(JsonWriter out, List<TargetRow> rows, Map<String, TargetLabels> labels)
            throws IOException {
        for (TargetRow row : rows) {
            out.beginObject();
            out.name("ip").value(row.address());
            out.name("SendCount").value(row.sent());
            out.name("ReturnCount").value(row.received());
            out.name("InErrList").value(row.inErrList());
            LabelFormat.writeFields(out, labels.getOrDefault(row.address(), TargetLabels.NONE));
            out.endObject();
        }
    }
}
