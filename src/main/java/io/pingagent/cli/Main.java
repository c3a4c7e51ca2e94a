package io.pingagent.cli;

import io.pingagent.app.Operations;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Entry point: parses the command line, runs the command, turns whatever goes wrong into one line and an exit status. */
public final class Main {

    private final Context context;

    Main(Context context) {
        this.context = context;
    }

    /** Never returns. */
    public static void main(String[] arguments) {
        Interrupt interrupt = new Interrupt();
        int status = new Main(new Context(Terminal.ofProcess(), Main::loadOperations, interrupt)).execute(arguments);
        interrupt.finish(status);
        System.exit(status);
    }

    private static Operations loadOperations() {
        return ServiceLoader.load(Operations.class)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        ExitStatus.INTERNAL_ERROR, "this build has no probe engine; install ping-agent again"));
    }

    /** Runs one command; nothing is thrown and everything is flushed. */
    int execute(String... arguments) {
        Terminal terminal = context.terminal();
        try {
            int status = commandLine().execute(arguments);
            terminal.flush();
            return status;
        } catch (Throwable failure) {
            Supplier<Boolean> debug = context::debug;
            return Failures.report(failure, terminal, debug.get());
        }
    }

    private CommandLine commandLine() {
        RootCommand root = new RootCommand(context);
        Terminal terminal = context.terminal();
        return new CommandLine(root, new CommandFactory(context))
                .setOut(new PrintWriter(terminal.out(), false, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setExecutionStrategy(new CommandLine.RunLast())
                .setParameterExceptionHandler((exception, args) -> {
                    throw exception;
                })
                .setExecutionExceptionHandler((exception, commandLine, result) -> {
                    throw exception;
                });
    }
}
