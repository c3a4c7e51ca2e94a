package io.pingagent.cli;

import com.google.gson.stream.JsonWriter;
import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Inputs;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Names;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.ParentCommand;
import io.pingagent.cli.shell.Table;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.cli.view.LabelFormat;
import io.pingagent.cli.view.ListedJobs;
import io.pingagent.cli.view.RowLabels;
import io.pingagent.config.Config;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.admin.AdminGroup;
import io.pingagent.redis.admin.RedisAdmin;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Groups of addresses. */
@Command(
        name = "group",
        description = "Lists, shows and changes groups of addresses.",
        subcommands = {
            GroupCommand.ListGroups.class,
            GroupCommand.Show.class,
            GroupCommand.Add.class,
            GroupCommand.Remove.class
        })
final class GroupCommand extends ParentCommand {

    private static final int MEMBERS_AT_ONCE = 1_000;

    private static CommandFailure noSuchGroup(String name) {
        return CommandFailure.usage("there is no group '" + name + "'; see 'ping-agent group list'");
    }

    @Command(
            name = "list",
            description = "Lists the groups, how many members each has, and how many addresses these stand for.")
    static final class ListGroups extends ListingCommand<AdminGroup> {

        ListGroups(Context context) {
            super(context);
        }

        @Override
        List<AdminGroup> read(RedisAdmin redis) {
            return redis.groups().all();
        }

        @Override
        void write(JsonWriter out, AdminGroup group, RedisAdmin redis) throws IOException {
            out.beginObject();
            out.name("name").value(group.name());
            out.name("members").value(group.members());
            out.name("addresses").value(redis.groups().countAddresses(group.name()));
            out.endObject();
        }

        @Override
        String saidOfNone() {
            return "no groups; create one with 'ping-agent group add NAME ADDRESS...'";
        }

        @Override
        void printTable(List<AdminGroup> groups, RedisAdmin redis, Terminal terminal) {
            Table table = new Table().left("GROUP").right("MEMBERS").right("ADDRESSES");
            groups.forEach(group -> table.row(
                    group.name(),
                    Numbers.grouped(group.members()),
                    Numbers.grouped(redis.groups().countAddresses(group.name()))));
            table.print(terminal);
        }
    }

    @Command(
            name = "show",
            description = "Prints the members of a group, one per line, as they were written and with their labels.")
    static final class Show extends ReadingCommand {

        @Parameters(paramLabel = "NAME")
        private String name = "";

        Show(Context context) {
            super(context);
        }

        @Override
        void run(RedisAdmin redis, Config config, Terminal terminal) {
            AdminGroup group = redis.groups().get(name);
            if (!group.listed() && group.members() == 0) {
                throw noSuchGroup(name);
            }
            if (!group.listed()) {
                terminal.complain("group '" + name + "' is not in group-list; jobs may still use it, and"
                        + " 'ping-agent group add " + name + "' lists it");
            }
            if (isJson()) {
                Json.print(terminal, out -> {
                    out.beginObject();
                    out.name("name").value(name);
                    out.name("members").beginArray();
                    List<String> members = new ArrayList<>();
                    redis.groups().eachMember(name, members::add);
                    Set<String> different = new LinkedHashSet<>(members);
                    for (String member : different) {
                        out.value(member);
                    }
                    out.endArray();
                    Map<String, TargetLabels> labels = RowLabels.written(redis).read(List.copyOf(different));
                    if (!labels.isEmpty()) {
                        out.name("labelled").beginObject();
                        for (Map.Entry<String, TargetLabels> entry : new TreeMap<>(labels).entrySet()) {
                            out.name(entry.getKey()).beginObject();
                            LabelFormat.writeFields(out, entry.getValue());
                            out.endObject();
                        }
                        out.endObject();
                    }
                    out.name("addresses").value(redis.groups().countAddresses(name));
                    out.endObject();
                });
            } else {
                boolean[] hasNetwork = {false};
                List<String> batch = new ArrayList<>(MEMBERS_AT_ONCE);
                redis.groups().eachMember(name, member -> {
                    hasNetwork[0] |= member.indexOf('/') >= 0;
                    batch.add(member);
                    if (batch.size() == MEMBERS_AT_ONCE) {
                        print(redis, batch, terminal);
                    }
                });
                print(redis, batch, terminal);
                if (hasNetwork[0]) {
                    // Beside the members, which scripts read.
                    terminal.complain("group '" + name + "': "
                            + Numbers.count(group.members(), "member stands", "members stand") + " for "
                            + Numbers.count(redis.groups().countAddresses(name), "address", "addresses"));
                }
            }
        }

        private static void print(RedisAdmin redis, List<String> members, Terminal terminal) {
            Map<String, TargetLabels> labels = RowLabels.written(redis).read(members);
            members.forEach(
                    member -> terminal.say(member + LabelFormat.words(labels.getOrDefault(member, TargetLabels.NONE))));
            members.clear();
        }
    }

    @Command(
            name = "add",
            description = {
                "Adds addresses, networks and host names to a group, and creates it if needed.",
                "A network such as 192.0.2.0/24 has at most 65,536 addresses."
                        + " host:gw.example.net means all addresses of a name, host4: and host6: those of one family.",
                "Behind an address may stand its name, its parent and its labels:"
                        + " 192.0.2.7 name=core-1 site=ams parent=192.0.2.1. An empty value, as in site=, removes one.",
                "A bad argument adds nothing (exit status 64)."
                        + " From a file, good lines are added, and bad ones are reported by number (78)."
            })
    static final class Add implements Callable<Integer> {

        private final Context context;

        @Parameters(index = "0", paramLabel = "NAME")
        private String name = "";

        @Parameters(index = "1..*", arity = "0..*", paramLabel = "ADDRESS")
        private List<String> members = new ArrayList<>();

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description =
                        "Read members from a file, one per line with its labels, # starts a comment; - is standard"
                                + " input. Values with blanks stand in double quotes.")
        private @Nullable String file;

        Add(Context context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            Names.check("group", name);
            List<MemberLine> lines;
            try {
                lines = MemberLine.ofArguments(members);
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitStatus.USAGE, e.getMessage() + "; nothing was added", e);
            }
            Terminal terminal = context.terminal();
            try (RedisAdmin redis = CommandConfig.redis(CommandConfig.load(context))) {
                boolean isNew = !redis.groups().get(name).listed();
                MemberImport members = new MemberImport(terminal, redis, name);
                if (file != null) {
                    readFile(members, file);
                }
                lines.forEach(members::add);
                members.flush();
                redis.groups().enlist(name);
                terminal.say((isNew ? "created group '" : "group '") + name + "': " + summary(members));
                return members.bad() > 0 ? ExitStatus.BAD_CONFIGURATION : ExitStatus.DONE;
            }
        }

        private static String summary(MemberImport members) {
            return "added "
                    + Numbers.count(members.added(), "member", "members")
                    + (members.known() == 0
                            ? ""
                            : ", " + Numbers.grouped(members.known()) + " already there or repeated")
                    + (members.addresses() == members.added() + members.known()
                            ? ""
                            : ", together " + (members.known() == 0 ? "" : "at most ")
                                    + Numbers.count(members.addresses(), "address", "addresses"))
                    + (members.labelled() == 0
                            ? ""
                            : ", labels of " + Numbers.count(members.labelled(), "address", "addresses") + " written")
                    + (members.bad() == 0 ? "" : ", left out " + Numbers.count(members.bad(), "bad line", "bad lines"));
        }

        private void readFile(MemberImport members, String file) {
            try (BufferedReader lines = Inputs.open(file, context.terminal())) {
                members.read(file.equals("-") ? "standard input" : file, lines);
            } catch (IOException e) {
                throw Inputs.unreadable(file, e);
            }
        }
    }

    @Command(
            name = "remove",
            description = {
                "Removes addresses from a group, or with no address the whole group.",
                "Addresses are named as 'group show' prints them."
            })
    static final class Remove extends RedisCommand {

        @Parameters(index = "0", paramLabel = "NAME")
        private String name = "";

        @Parameters(index = "1..*", arity = "0..*", paramLabel = "ADDRESS")
        private List<String> members = new ArrayList<>();

        Remove(Context context) {
            super(context);
        }

        @Override
        void run(RedisAdmin redis, Config config, Terminal terminal) {
            if (members.isEmpty()) {
                if (!redis.groups().remove(name)) {
                    throw CommandFailure.usage("there is no group '" + name
                            + "'; agents that still probe a lost group of this name stop; see 'ping-agent group list'");
                }
                terminal.say("removed group '" + name + "'");
                Set<String> users = new TreeSet<>();
                ListedJobs.naming(redis, name).forEach(job -> users.add(job.key()));
                if (!users.isEmpty()) {
                    terminal.complain("still named by " + String.join(", ", users) + "; change "
                            + (users.size() == 1 ? "it" : "them") + " with 'ping-agent job add --force'");
                }
                return;
            }
            AdminGroup group = redis.groups().get(name);
            if (!group.listed() && group.members() == 0) {
                throw noSuchGroup(name);
            }
            long removed = redis.groups().removeMembers(name, members);
            if (removed == 0) {
                throw CommandFailure.usage(
                        "group '" + name + "' has no such member; see 'ping-agent group show " + name + "'");
            }
            terminal.say("group '" + name + "': removed " + Numbers.count(removed, "member", "members")
                    + (removed == members.size()
                            ? ""
                            : ", " + Numbers.grouped(members.size() - removed) + " not there"));
        }
    }
}
