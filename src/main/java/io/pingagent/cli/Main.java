package io.pingagent.cli;

import io.pingagent.app.LocalOperations;
import io.pingagent.app.Operations;
import io.pingagent.app.Signals;
import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Interrupt;
import io.pingagent.cli.shell.ProcessInput;
import io.pingagent.cli.shell.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Entry point: parses the command line, runs the command, turns whatever goes wrong into one line and an exit status. */
public final class Main {

    private final Context context;

    Main(Context context) {
        this.context = context;
    }

    /** Never returns. */
    public static void main(String[] arguments) {
        if (startsAgent(arguments)) {
            // The default is 30 s: after a failover the name of redis.url leads to another server.
            // Java reads it when the first name is looked up.
            Security.setProperty("networkaddress.cache.ttl", "5");
            // A service that is stopped before it has begun has done nothing wrong; 143 would be a failure.
            Signals.handle("TERM", () -> System.exit(ExitStatus.DONE));
            Signals.handle("INT", () -> System.exit(ExitStatus.DONE));
        }
        Interrupt interrupt = new Interrupt(true);
        int status =
                new Main(new Context(Terminal.ofProcess(), Main::loadOperations, interrupt)).executeDecoded(arguments);
        interrupt.finish(status);
        System.exit(status);
    }

    /** Whether the command is {@code run}; before the parser is loaded, for a signal may come sooner. */
    static boolean startsAgent(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--config")) {
                i++;
            } else if (!arguments[i].startsWith("-")) {
                return arguments[i].equals("run");
            }
        }
        return false;
    }

    /** In a method of its own: the JVM loads the engine when a command calls it, and never for {@code --help}. */
    static Operations loadOperations() {
        return new LocalOperations();
    }

    /** Runs one command; nothing is thrown and everything is flushed. */
    int execute(String... arguments) {
        return execute(arguments, given -> given);
    }

    private int executeDecoded(String[] arguments) {
        return execute(arguments, ProcessInput::arguments);
    }

    private int execute(String[] given, UnaryOperator<String[]> decoder) {
        Terminal terminal = context.terminal();
        try {
            String[] arguments = decoder.apply(given);
            int status = run(commandLine(arguments).parseArgs(arguments));
            terminal.flush();
            return status;
        } catch (Throwable failure) {
            return Failures.report(failure, terminal, context.debug());
        }
    }

    /** By hand, for picocli's own way prints a stack trace for whatever its handlers let through. */
    private static int run(ParseResult parsed) throws Exception {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        Object command = last.commandSpec().userObject();
        if (command instanceof Callable<?> callable) {
            return callable.call() instanceof Integer status ? status : ExitStatus.DONE;
        }
        ((Runnable) command).run();
        return ExitStatus.DONE;
    }

    private CommandLine commandLine(String[] arguments) {
        Terminal terminal = context.terminal();
        return RootCommand.commandLine(context, arguments)
                .setOut(new PrintWriter(terminal.out(), false, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false);
    }
}
