package io.pingagent.cli;

import io.pingagent.base.ExitStatus;
import io.pingagent.cli.doctor.DoctorCommand;
import io.pingagent.cli.picture.PlotCommand;
import io.pingagent.cli.ping.PingCommand;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.ParentCommand;
import io.pingagent.cli.shell.VersionText;
import io.pingagent.cli.trace.TraceCommand;
import io.pingagent.cli.zabbix.ZabbixCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code ping-agent} itself: the options that every command takes, and the list of commands. */
@Command(
        name = "ping-agent",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nArguments:%n",
        description = "Probes any number of addresses with ICMP and keeps their state in Redis.",
        footerHeading = "%nExit status:%n",
        footer = {ExitStatus.HELP, ExitStatus.HELP_REST})
public final class RootCommand extends ParentCommand {

    /** The only list of them, in the order of the help. */
    private static final Map<String, Class<?>> COMMANDS = commands();

    private final Context context;

    RootCommand(Context context) {
        this.context = context;
    }

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("run", RunCommand.class);
        commands.put("demo", DemoCommand.class);
        commands.put("check-config", CheckConfigCommand.class);
        commands.put("doctor", DoctorCommand.class);
        commands.put("status", StatusCommand.class);
        commands.put("top", TopCommand.class);
        commands.put("plot", PlotCommand.class);
        commands.put("ping", PingCommand.class);
        commands.put("trace", TraceCommand.class);
        commands.put("job", JobCommand.class);
        commands.put("group", GroupCommand.class);
        commands.put("agent", AgentCommand.class);
        commands.put("err-list", ErrListCommand.class);
        commands.put("zabbix", ZabbixCommand.class);
        return commands;
    }

    /** All commands, in the order of the help. */
    static Set<String> names() {
        return COMMANDS.keySet();
    }

    /**
     * Parses what is typed as it is typed. Picocli would read {@code @daily} from a file of that name, and take a
     * mistyped option for the value of the one before.
     *
     * @param arguments decide which commands are there, see {@link #addCommands}
     */
    public static CommandLine commandLine(Context context, String... arguments) {
        CommandLine root = new CommandLine(new RootCommand(context), new CommandFactory(context));
        addCommands(root, arguments);
        ValueConverters.register(root);
        return root.setExpandAtFiles(false).setUnmatchedOptionsAllowedAsOptionParameters(false);
    }

    /**
     * Adds only the commands that are needed, for reading them all takes time:
     *
     * <ul>
     *   <li>the one that the first argument names;
     *   <li>none for the version;
     *   <li>names and descriptions of all for the help;
     *   <li>else every one.
     * </ul>
     */
    private static void addCommands(CommandLine root, String[] arguments) {
        if (arguments.length == 1 && Set.of("-V", "--version").contains(arguments[0])) {
            return;
        }
        if (arguments.length == 1 && Set.of("-h", "--help").contains(arguments[0])) {
            COMMANDS.values().forEach(command -> root.addSubcommand(heading(command)));
            return;
        }
        Class<?> named = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        if (named != null) {
            root.addSubcommand(named);
        } else {
            COMMANDS.values().forEach(root::addSubcommand);
        }
        CommandLine ping = root.getSubcommands().get("ping");
        if (ping != null) {
            // As with fping, the last one counts: callers put what a site configured behind their own.
            ping.setOverwrittenOptionsAllowed(true);
        }
    }

    /** What the list of commands shows of one, without its options. */
    private static CommandLine.Model.CommandSpec heading(Class<?> type) {
        Command command = type.getAnnotation(Command.class);
        CommandLine.Model.CommandSpec heading =
                CommandLine.Model.CommandSpec.create().name(command.name());
        heading.usageMessage().description(command.description());
        return heading;
    }

    @Option(
            names = "--config",
            // The order of methods is not that of the file, and another one with an archive of classes.
            order = 100,
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration file; else $$PING_AGENT_CONFIG, else /etc/ping-agent/ping-agent.yaml.")
    void config(String file) {
        context.configFile(file);
    }

    @Option(
            names = "--debug",
            order = 101,
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an error; also $$PING_AGENT_DEBUG.")
    void debug(boolean on) {
        context.debug(on);
    }
}
