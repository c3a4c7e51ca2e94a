package io.pingagent.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code ping-agent} itself: the options that every command takes, and the list of commands. */
@Command(
        name = "ping-agent",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nArguments:%n",
        description = "Probes any number of addresses with ICMP and keeps their state in Redis.",
        footerHeading = "%nExit status:%n",
        footer = {
            "  0 done, 64 wrong usage, 69 a needed service is away, 77 not permitted,",
            "  78 bad configuration"
        },
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            CheckConfigCommand.class,
            DoctorCommand.class,
            StatusCommand.class,
            TopCommand.class,
            PingCommand.class,
            JobCommand.class,
            GroupCommand.class,
            AgentCommand.class,
            ErrListCommand.class
        })
final class RootCommand implements Runnable {

    private final Context context;

    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    RootCommand(Context context) {
        this.context = context;
    }

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration file; else $$PING_AGENT_CONFIG, else /etc/ping-agent/ping-agent.yaml.")
    private void config(String file) {
        context.configFile(file);
    }

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an error; also $$PING_AGENT_DEBUG.")
    private void debug(boolean on) {
        context.debug(on);
    }

    @Override
    public void run() {
        throw Subcommands.missing(spec);
    }
}
