package io.pingagent.cli;

import com.google.gson.stream.JsonWriter;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Names;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.ParentCommand;
import io.pingagent.cli.shell.Table;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.cli.view.AgentHealth;
import io.pingagent.cli.view.StatsView;
import io.pingagent.config.Config;
import io.pingagent.model.PublishedCounter;
import io.pingagent.redis.admin.AdminAgent;
import io.pingagent.redis.admin.RedisAdmin;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Agents that share this Redis. */
@Command(
        name = "agent",
        description = "Lists and shows the agents of this Redis, and removes what a retired one left.",
        subcommands = {AgentCommand.ListAgents.class, AgentCommand.Show.class, AgentCommand.Remove.class})
final class AgentCommand extends ParentCommand {

    private static void fields(JsonWriter out, AdminAgent agent) throws IOException {
        out.name("name").value(agent.name());
        out.name("online").value(agent.online());
        out.name("errList").value(agent.errListed());
        out.name("ownJobs").value(agent.ownJobs());
    }

    @Command(name = "list", description = "Lists the agents that have registered.")
    static final class ListAgents extends ListingCommand<AdminAgent> {

        ListAgents(Context context) {
            super(context);
        }

        @Override
        List<AdminAgent> read(RedisAdmin redis) {
            return redis.agents().all();
        }

        @Override
        void write(JsonWriter out, AdminAgent agent, RedisAdmin redis) throws IOException {
            out.beginObject();
            fields(out, agent);
            out.endObject();
        }

        @Override
        String saidOfNone() {
            return "no agents; start one with 'ping-agent run'";
        }

        @Override
        void printTable(List<AdminAgent> agents, RedisAdmin redis, Terminal terminal) {
            Table table =
                    new Table().left("AGENT").left("STATE").right("ERR LIST").right("OWN JOBS");
            for (AdminAgent agent : agents) {
                AgentHealth health =
                        AgentHealth.of(agent, StatsView.of(redis.agents().stats(agent.name())));
                table.startRow()
                        .cell(agent.name())
                        .cell(health.word(), health.style())
                        .cell(Numbers.grouped(agent.errListed()))
                        .cell(Numbers.grouped(agent.ownJobs()));
            }
            table.print(terminal);
        }
    }

    @Command(name = "show", description = "Shows what an agent says about itself.")
    static final class Show extends ReadingCommand {

        private static final List<String> REDIS_COUNTERS = List.of("written", "coalesced", "pending", "reconnects");

        @Parameters(paramLabel = "NAME")
        private String name = "";

        Show(Context context) {
            super(context);
        }

        @Override
        void run(RedisAdmin redis, Config config, Terminal terminal) {
            AdminAgent agent = StatusCommand.agents(redis, name).get(0);
            String text = redis.agents().stats(name);
            if (isJson()) {
                Json.print(terminal, out -> {
                    out.beginObject();
                    fields(out, agent);
                    out.name("stats");
                    Json.embed(out, text);
                    out.endObject();
                });
                return;
            }
            StatsView stats = StatsView.of(text);
            table(agent, stats).print(terminal);
            stats.problems().forEach(problem -> terminal.complain(problem.line()));
        }

        private static Table table(AdminAgent agent, StatsView stats) {
            Table table = new Table().left("FIELD").left("VALUE");
            table.row("name", agent.name());
            table.row("state", AgentHealth.of(agent, stats).word());
            table.row("err list", Numbers.grouped(agent.errListed()));
            table.row("own jobs", Numbers.grouped(agent.ownJobs()));
            if (stats.isEmpty()) {
                return table;
            }
            long age = stats.ageSeconds(Instant.now());
            table.row("version", stats.version());
            if (age >= 0) {
                table.row("up", Numbers.age(age));
            }
            if (stats.hasProcess()) {
                table.row("process", stats.processLine());
                table.row(
                        "receive buffer",
                        stats.process("receiveBufferBytes") / 1024 + " KiB of "
                                + stats.process("receiveBufferWantedBytes") / 1024 + " KiB wanted");
            }
            if (stats.lastMinute("lastReplySecondsAgo") >= 0) {
                table.row("last reply", Numbers.age(stats.lastMinute("lastReplySecondsAgo")) + " before the report");
            }
            if (stats.probesPerSecond() >= 0) {
                table.row("probes per second", Numbers.grouped(Math.round(stats.probesPerSecond())));
            }
            if (stats.latenessMillis("p99") >= 0) {
                table.row(
                        "lateness p50 / p99 / max ms",
                        String.format(
                                Locale.ROOT,
                                "%.1f / %.1f / %.1f",
                                stats.latenessMillis("p50"),
                                stats.latenessMillis("p99"),
                                stats.latenessMillis("max")));
            }
            addCount(table, "targets", stats.count("targets"));
            for (PublishedCounter counter : PublishedCounter.values()) {
                if (counter.isShown()) {
                    addCount(table, counter.total(), stats.count(counter));
                }
            }
            for (Map.Entry<String, Long> error : stats.sendErrors().entrySet()) {
                addCount(table, "not sent, " + error.getKey(), error.getValue());
            }
            for (Map.Entry<String, Long> refused : stats.refused().entrySet()) {
                addCount(table, "refused " + refused.getKey(), refused.getValue());
            }
            for (String counter : REDIS_COUNTERS) {
                addCount(table, "redis " + counter, stats.redisCount(counter));
            }
            if (!stats.notifications().isEmpty()) {
                table.row("redis notifications", stats.notifications());
            }
            return table;
        }

        private static void addCount(Table table, String name, long count) {
            if (count >= 0) {
                table.row(name, Numbers.grouped(count));
            }
        }
    }

    @Command(
            name = "remove",
            description = {
                "Removes an agent from agent-list, and its state: err list, round-trip times, status.",
                "Its own jobs stay; remove them with 'job remove --agent'."
            })
    static final class Remove extends RedisCommand {

        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(names = "--force", description = "Even while it is online; it will register again.")
        private boolean force;

        Remove(Context context) {
            super(context);
        }

        @Override
        void checkArguments() {
            Names.check("agent", name);
        }

        @Override
        void run(RedisAdmin redis, Config config, Terminal terminal) {
            AdminAgent agent = redis.agents().get(name);
            if (agent.online() && !force) {
                throw CommandFailure.usage(
                        "agent '" + name + "' is online; stop it first, or use --force and it will register again");
            }
            long keys = redis.agents().forget(name);
            if (!agent.listed() && keys == 0) {
                throw CommandFailure.usage("there is no agent '" + name + "'; see 'ping-agent agent list'");
            }
            terminal.say("removed agent '" + name + "' and " + Numbers.count(keys, "key", "keys") + " of its state");
            if (agent.ownJobs() > 0) {
                terminal.complain("it still has " + Numbers.count(agent.ownJobs(), "job", "jobs")
                        + " of its own; see 'ping-agent job list --agent " + name + "'");
            }
        }
    }
}
