package io.pingagent.cli;

import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.ParentCommand;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The err list of an agent. */
@Command(
        name = "err-list",
        description = "Lists and changes the addresses on an agent's err list.",
        subcommands = {ErrListCommand.ListAddresses.class, ErrListCommand.Add.class, ErrListCommand.Remove.class})
final class ErrListCommand extends ParentCommand {

    /** @throws CommandFailure if Redis knows no such agent */
    private static AdminAgent agent(RedisAdmin redis, Config config, @Nullable String name) {
        return StatusCommand.known(redis.agents()
                .get(name == null || name.isEmpty() ? config.agent().name() : name));
    }

    private static List<IpAddress> parseAll(List<String> texts, Function<String, IpAddress> parser) {
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
            terminal.complain("agent '" + agent.name()
                    + "' is not online, so the change takes effect when it starts; name another with"
                    + " --agent, see 'ping-agent agent list'");
        }
    }

    @Command(name = "list", description = "Prints the addresses on the err list, one per line, in order.")
    static final class ListAddresses extends ReadingCommand {

        @Option(names = "--agent", paramLabel = "NAME", description = "Of this agent (default: agent.name).")
        private @Nullable String agent;

        ListAddresses(Context context) {
            super(context);
        }

        @Override
        void run(RedisAdmin redis, Config config, Terminal terminal) {
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
            if (isJson()) {
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

    /** Adds or removes addresses. */
    private abstract static class Change extends RedisCommand {

        @Parameters(paramLabel = "ADDRESS", arity = "1..*")
        private List<String> addresses = new ArrayList<>();

        @Option(names = "--agent", paramLabel = "NAME", description = "Of this agent (default: agent.name).")
        private @Nullable String agent;

        Change(Context context) {
            super(context);
        }

        @Override
        final void checkArguments() {
            parseAll(addresses, this::parse);
        }

        @Override
        final void run(RedisAdmin redis, Config config, Terminal terminal) {
            AdminAgent found = agent(redis, config, agent);
            String done = apply(redis, found, parseAll(addresses, this::parse));
            terminal.say("err list of agent '" + found.name() + "': " + done);
            warnIfOffline(terminal, found);
        }

        /** @throws IllegalArgumentException if the text cannot be changed */
        abstract IpAddress parse(String text);

        /** @return what was done, to be printed */
        abstract String apply(RedisAdmin redis, AdminAgent agent, List<IpAddress> addresses);
    }

    @Command(name = "add", description = "Puts addresses on the err list; the agent applies it within a minute.")
    static final class Add extends Change {

        Add(Context context) {
            super(context);
        }

        @Override
        IpAddress parse(String text) {
            return Addresses.parseAnswerable(text);
        }

        @Override
        String apply(RedisAdmin redis, AdminAgent agent, List<IpAddress> addresses) {
            long added = redis.errLists().add(agent.name(), addresses);
            return "added " + Numbers.count(added, "address", "addresses");
        }
    }

    @Command(name = "remove", description = "Takes addresses off the err list; the agent applies it within a minute.")
    static final class Remove extends Change {

        Remove(Context context) {
            super(context);
        }

        /** Takes any address: one that should never have been listed must be removable. */
        @Override
        IpAddress parse(String text) {
            return Addresses.parse(text);
        }

        @Override
        String apply(RedisAdmin redis, AdminAgent agent, List<IpAddress> addresses) {
            long removed = redis.errLists().remove(agent.name(), addresses);
            if (removed == 0) {
                throw CommandFailure.usage("none of these is on the err list of agent '" + agent.name()
                        + "'; see 'ping-agent err-list list'");
            }
            return "removed " + Numbers.count(removed, "address", "addresses");
        }
    }
}
