package io.pingagent.cli;

import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.ExitStatus;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Setup;
import io.pingagent.cli.shell.Subcommands;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.Config;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.admin.AdminAgent;
import io.pingagent.redis.admin.RedisAdmin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The err list of an agent. */
@Command(
        name = "err-list",
        description = "Lists and changes the addresses on an agent's err list.",
        subcommands = {ErrListCommand.ListAddresses.class, ErrListCommand.Add.class, ErrListCommand.Remove.class})
final class ErrListCommand implements Runnable {

    @CommandLine.Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Subcommands.missing(spec);
    }

    /** @throws CommandFailure if nothing in Redis tells of it */
    private static AdminAgent agent(RedisAdmin redis, Config config, @Nullable String name) {
        return StatusCommand.known(redis.agents()
                .get(name == null || name.isEmpty() ? config.agent().name() : name));
    }

    private static List<IpAddress> parse(List<String> texts, Function<String, IpAddress> parser) {
        List<IpAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            try {
                addresses.add(parser.apply(text));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitStatus.USAGE, e.getMessage() + "; nothing was changed", e);
            }
        }
        return addresses;
    }

    private static void warnIfOffline(Terminal terminal, AdminAgent agent) {
        if (!agent.online()) {
            terminal.complain(
                    "agent '" + agent.name() + "' is not online, so nobody acts on this now; name another with"
                            + " --agent, see 'ping-agent agent list'");
        }
    }

    @Command(name = "list", description = "Prints the addresses on the err list, one per line, in order.")
    static final class ListAddresses implements Runnable {

        private final Context context;

        @Option(names = "--agent", paramLabel = "NAME", description = "Of this agent (default: agent.name).")
        private @Nullable String agent;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        ListAddresses(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            Terminal terminal = context.terminal();
            Config config = Setup.config(context);
            try (RedisAdmin redis = Setup.redis(config)) {
                AdminAgent found = agent(redis, config, agent);
                AddressSet.Builder addresses = new AddressSet.Builder();
                Set<String> others = new TreeSet<>();
                redis.errLists().each(found.name(), member -> {
                    try {
                        addresses.add(Addresses.parse(member));
                    } catch (IllegalArgumentException e) {
                        others.add(member);
                    }
                });
                AddressSet sorted = addresses.build();
                if (json) {
                    Json.print(terminal, out -> {
                        out.beginObject();
                        out.name("agent").value(found.name());
                        out.name("addresses").beginArray();
                        for (int i = 0; i < sorted.size(); i++) {
                            out.value(sorted.get(i).toString());
                        }
                        out.endArray();
                        out.endObject();
                    });
                } else {
                    sorted.forEach(address -> terminal.say(address.toString()));
                }
                for (String other : others) {
                    terminal.complain("'" + other + "' on the err list of agent '" + found.name()
                            + "' is no address; the agent removes it");
                }
            }
        }
    }

    @Command(name = "add", description = "Puts addresses on the err list; the agent honours it within a minute.")
    static final class Add implements Runnable {

        private final Context context;

        @Parameters(paramLabel = "ADDRESS", arity = "1..*")
        private List<String> addresses = new ArrayList<>();

        @Option(names = "--agent", paramLabel = "NAME", description = "Of this agent (default: agent.name).")
        private @Nullable String agent;

        Add(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            List<IpAddress> parsed = parse(addresses, Addresses::parseAnswerable);
            Config config = Setup.config(context);
            try (RedisAdmin redis = Setup.redis(config)) {
                AdminAgent found = agent(redis, config, agent);
                long added = redis.errLists().add(found.name(), parsed);
                context.terminal()
                        .say("err list of agent '" + found.name() + "': added "
                                + Numbers.count(added, "address", "addresses"));
                warnIfOffline(context.terminal(), found);
            }
        }
    }

    @Command(name = "remove", description = "Takes addresses off the err list; the agent honours it within a minute.")
    static final class Remove implements Runnable {

        private final Context context;

        @Parameters(paramLabel = "ADDRESS", arity = "1..*")
        private List<String> addresses = new ArrayList<>();

        @Option(names = "--agent", paramLabel = "NAME", description = "Of this agent (default: agent.name).")
        private @Nullable String agent;

        Remove(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            // What should never have come there must be removable.
            List<IpAddress> parsed = parse(addresses, Addresses::parse);
            Config config = Setup.config(context);
            try (RedisAdmin redis = Setup.redis(config)) {
                AdminAgent found = agent(redis, config, agent);
                long removed = redis.errLists().remove(found.name(), parsed);
                if (removed == 0) {
                    throw CommandFailure.usage("none of these is on the err list of agent '" + found.name()
                            + "'; see 'ping-agent err-list list'");
                }
                context.terminal()
                        .say("err list of agent '" + found.name() + "': removed "
                                + Numbers.count(removed, "address", "addresses"));
                warnIfOffline(context.terminal(), found);
            }
        }
    }
}
