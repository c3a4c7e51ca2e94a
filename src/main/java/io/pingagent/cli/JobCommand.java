package io.pingagent.cli;

import com.google.gson.stream.JsonWriter;
import io.pingagent.app.JobValidation;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Names;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.ParentCommand;
import io.pingagent.cli.shell.Table;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.cli.view.GroupLookup;
import io.pingagent.cli.view.ListedJobs;
import io.pingagent.cli.view.ShownJob;
import io.pingagent.config.Config;
import io.pingagent.model.KeyNames;
import io.pingagent.model.Problem;
import io.pingagent.redis.admin.AdminGroup;
import io.pingagent.redis.admin.AdminJob;
import io.pingagent.redis.admin.JobAdmin;
import io.pingagent.redis.admin.RedisAdmin;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Jobs: which groups are probed, and when. */
@Command(
        name = "job",
        description = "Lists, shows and changes jobs.",
        subcommands = {JobCommand.ListJobs.class, JobCommand.Show.class, JobCommand.Add.class, JobCommand.Remove.class})
final class JobCommand extends ParentCommand {

    /** Shown only of jobs that have them. */
    private static final List<String> PROBE_FIELDS =
            List.of("count", "gap", "dscp", "size", "ttl", "source", "interface", "dontfragment");

    private static boolean usable(AdminJob job) {
        String json = job.json();
        return json != null && JobValidation.isUsable(job.name(), job.key(), json);
    }

    /** Those of the definition, then those of the groups that it names. */
    private static List<Problem> problems(AdminJob job, GroupLookup groups) {
        List<Problem> problems = new ArrayList<>(ListedJobs.problems(job));
        for (String group : new LinkedHashSet<>(ShownJob.of(job.json()).groups())) {
            problems.addAll(groups.problems(group));
        }
        return problems;
    }

    @Command(name = "list", description = "Lists the jobs: those of every agent, and those that only one agent runs.")
    static final class ListJobs extends ListingCommand<AdminJob> {

        @Option(names = "--agent", paramLabel = "NAME", description = "Only the jobs that this agent runs.")
        private @Nullable String agent;

        private @Nullable GroupLookup groups;

        ListJobs(Context context) {
            super(context);
        }

        @Override
        List<AdminJob> read(RedisAdmin redis) {
            if (agent != null) {
                StatusCommand.known(redis.agents().get(agent));
            }
            return ListedJobs.read(redis, agent);
        }

        @Override
        void write(JsonWriter out, AdminJob job, RedisAdmin redis) throws IOException {
            writeJob(out, job, lookup(redis));
        }

        private GroupLookup lookup(RedisAdmin redis) {
            if (groups == null) {
                groups = new GroupLookup(redis);
            }
            return groups;
        }

        @Override
        String saidOfNone() {
            return "no jobs; create one with 'ping-agent job add NAME --spec \"*/10 * * * * *\" --group GROUP'";
        }

        @Override
        void printTable(List<AdminJob> jobs, RedisAdmin redis, Terminal terminal) {
            Table table = new Table()
                    .left("JOB")
                    .left("AGENT")
                    .left("SPEC")
                    .left("GROUPS")
                    .left("STATE");
            Set<Problem> problems = new LinkedHashSet<>();
            for (AdminJob job : jobs) {
                ShownJob text = ShownJob.of(job.json());
                List<Problem> found = problems(job, lookup(redis));
                boolean probes = usable(job) && text.groups().stream().anyMatch(lookup(redis)::hasMembers);
                problems.addAll(found);
                table.startRow()
                        .cell(job.name())
                        .cell(job.agent() == null ? "(every)" : job.agent())
                        .cell(text.spec())
                        .cell(String.join(", ", text.groups()))
                        .cell(
                                found.isEmpty() ? "ok" : probes ? "warning" : "bad",
                                found.isEmpty() ? Ansi.Style.GOOD : probes ? Ansi.Style.WARNING : Ansi.Style.BAD);
            }
            table.print(terminal);
            problems.forEach(problem -> terminal.complain(problem.toString()));
        }
    }

    private static void writeJob(JsonWriter out, AdminJob job, GroupLookup groups) throws IOException {
        out.beginObject();
        out.name("name").value(job.name());
        out.name("agent").value(job.agent());
        out.name("key").value(job.key());
        out.name("definition");
        Json.embed(out, job.json());
        out.name("usable").value(usable(job));
        out.name("problems").beginArray();
        for (Problem problem : problems(job, groups)) {
            out.value(problem.toString());
        }
        out.endArray();
        out.endObject();
    }

    @Command(name = "show", description = "Shows one job, with its groups.")
    static final class Show extends ReadingCommand {

        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(names = "--agent", paramLabel = "NAME", description = "This agent's own definition.")
        private @Nullable String agent;

        Show(Context context) {
            super(context);
        }

        @Override
        void run(RedisAdmin redis, Config config, Terminal terminal) {
            AdminJob job = redis.jobs().get(name, agent);
            boolean listed = redis.jobs().isListed(name, agent);
            if (job.json() == null && !listed) {
                throw noSuchJob(name, agent, "");
            }
            GroupLookup groups = new GroupLookup(redis);
            if (isJson()) {
                Json.print(terminal, out -> writeJob(out, job, groups));
                return;
            }
            ShownJob text = ShownJob.of(job.json());
            Table table = new Table().left("FIELD").left("VALUE");
            table.row("name", name);
            table.row("agent", agent == null ? "every agent" : agent + " only");
            table.row("key", job.key());
            table.row("spec", text.spec());
            String zone = JobValidation.zoneOfSpec(text.spec());
            table.row(
                    "time zone",
                    zone != null
                            ? zone
                            : "jobs.time-zone of the agent, here "
                                    + config.jobs().timeZone());
            for (String group : new LinkedHashSet<>(text.groups())) {
                AdminGroup found = redis.groups().get(group);
                table.row(
                        "group",
                        group + " (" + Numbers.count(found.members(), "member", "members") + ", "
                                + Numbers.count(redis.groups().countAddresses(group), "address", "addresses")
                                + (found.listed() ? ")" : ", not in group-list)"));
            }
            table.row("pttl", withUnit(text.field("pttl"), "s"));
            table.row("allowedloss", withUnit(text.field("allowedloss"), "packets"));
            table.row("timeout", withUnit(text.field("timeout"), "s"));
            for (String field : PROBE_FIELDS) {
                if (!text.field(field).isEmpty()) {
                    table.row(field, text.field(field));
                }
            }
            if (!listed) {
                table.row("runs", "no: it is in no job list");
            }
            table.print(terminal);
            problems(job, groups).forEach(problem -> terminal.complain(problem.toString()));
        }
    }

    private static String withUnit(String value, String unit) {
        return value.isEmpty() ? "default" : value + " " + unit;
    }

    private static CommandFailure noSuchJob(String name, @Nullable String agent, String consequence) {
        return CommandFailure.usage(
                "there is no job '" + name + "'" + (agent == null ? "" : " of agent '" + agent + "' only") + consequence
                        + "; see 'ping-agent job list'");
    }

    @Command(
            name = "add",
            description = "Adds a job, or with --force replaces it; agents pick it up at once.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  ping-agent job add core --spec '*/10 * * * * *' --group routers",
                "  ping-agent job add slow --spec '@every 60s' --group sites --allowed-loss 1",
                "  ping-agent job add daily --spec 'CRON_TZ=Europe/Berlin 0 6 * * *' --group sites",
                "  ping-agent job add loss --spec '@every 10s' --group wan --count 5 --gap 200ms",
                "  ping-agent job add voice --spec '@every 10s' --group phones --dscp 46 --size 160 --interface eth1"
            })
    static final class Add extends RedisCommand {

        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(
                names = "--spec",
                required = true,
                paramLabel = "CRON",
                description = {
                    "Cron with five fields, or six with seconds first; also @every 10s, @hourly and similar.",
                    "CRON_TZ=Europe/Berlin in front sets the time zone (default: jobs.time-zone of the agent)."
                })
        private String spec = "";

        @Option(
                names = "--group",
                required = true,
                split = ",",
                paramLabel = "GROUP",
                description = "Group to probe; for several use commas, or repeat the option.")
        private List<String> groups = new ArrayList<>();

        @Option(
                names = "--pttl",
                paramLabel = "SECONDS",
                description =
                        "TTL of the last round-trip time (default: twice the job's longest gap plus the timeout).")
        private @Nullable Integer pttl;

        @Option(
                names = "--allowed-loss",
                paramLabel = "PACKETS",
                description = "Lost packets in 60 s with which an address still leaves the err list.")
        private @Nullable Integer allowedLoss;

        @Option(names = "--timeout", paramLabel = "SECONDS", description = "Wait for a reply; decimals allowed.")
        private @Nullable BigDecimal timeout;

        @Mixin
        private final JobProbeOptions probes = new JobProbeOptions();

        @Option(names = "--agent", paramLabel = "NAME", description = "Only this agent runs the job.")
        private @Nullable String agent;

        @Option(names = "--force", description = "Replace a job of that name.")
        private boolean force;

        Add(Context context) {
            super(context);
        }

        @Override
        void checkArguments() {
            Names.check("job", name);
            groups.forEach(group -> Names.check("group", group));
            if (agent != null) {
                Names.check("agent", agent, KeyNames.MOST_AGENT_CHARACTERS);
            }
            if (!JobValidation.isUsable(name, JobAdmin.key(name, agent), definition())) {
                throw CommandFailure.usage(JobOptionWords.of(problems().get(0), name, JobAdmin.key(name, agent)));
            }
        }

        private String definition() {
            Map<String, @Nullable Object> optional = new LinkedHashMap<>();
            optional.put("pttl", pttl);
            optional.put("allowedloss", allowedLoss);
            optional.put("timeout", timeout);
            probes.putInto(optional);
            return JobDefinition.json(name, spec, groups, optional);
        }

        private List<Problem> problems() {
            return JobValidation.check(name, JobAdmin.key(name, agent), definition());
        }

        @Override
        void run(RedisAdmin redis, Config config, Terminal terminal) {
            boolean exists = redis.jobs().get(name, agent).json() != null;
            if (exists && !force) {
                throw CommandFailure.usage("there is a job '" + name + "' already; replace it with --force");
            }
            redis.jobs().put(name, agent, definition());
            terminal.say((exists ? "replaced job '" : "added job '") + name + "'"
                    + (agent == null ? "" : " of agent '" + agent + "' only"));
            problems()
                    .forEach(problem -> terminal.complain(JobOptionWords.of(problem, name, JobAdmin.key(name, agent))));
            warn(redis, terminal);
        }

        private void warn(RedisAdmin redis, Terminal terminal) {
            for (String group : new LinkedHashSet<>(groups)) {
                AdminGroup found = redis.groups().get(group);
                if (found.members() == 0) {
                    terminal.complain("group '" + group + "' has no members yet; add some with 'ping-agent group add "
                            + group + " ADDRESS...'");
                }
            }
            if (agent != null && !redis.agents().get(agent).listed()) {
                terminal.complain("no agent '" + agent + "' has ever registered here; see 'ping-agent agent list'");
            }
        }
    }

    @Command(
            name = "remove",
            description = {
                "Removes one job or all jobs; groups stay.",
                "Agents also stop jobs that Redis has lost and that they still run."
            })
    static final class Remove extends RedisCommand {

        @Parameters(arity = "0..1", paramLabel = "NAME")
        private @Nullable String name;

        @Option(names = "--all", description = "All jobs of every agent's list, or with --agent of that agent's.")
        private boolean all;

        @Option(names = "--agent", paramLabel = "NAME", description = "The job that only this agent runs.")
        private @Nullable String agent;

        Remove(Context context) {
            super(context);
        }

        @Override
        void checkArguments() {
            if (all == (name != null)) {
                throw CommandFailure.usage("name one job, or give --all; as in 'ping-agent job remove core'");
            }
        }

        @Override
        void run(RedisAdmin redis, Config config, Terminal terminal) {
            String only = name;
            if (all) {
                if (agent != null) {
                    StatusCommand.known(redis.agents().get(agent));
                }
                terminal.say("removed " + Numbers.count(redis.jobs().removeAll(agent), "job", "jobs")
                        + "; agents also stop those that Redis has lost");
            } else if (only == null || !redis.jobs().remove(only, agent)) {
                throw noSuchJob(String.valueOf(only), agent, "; agents that still run a lost job of this name stop it");
            } else {
                terminal.say("removed job '" + only + "'");
            }
        }
    }
}
