package io.pingagent.cli.shell;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** A command that does nothing but hold others: to call it without one of these is wrong usage. */
public abstract class ParentCommand implements Runnable {

    @CommandLine.Spec
    private @Nullable CommandSpec spec;

    @Override
    public final void run() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it runs a command");
        }
        CommandLine commandLine = spec.commandLine();
        String names = String.join(", ", commandLine.getSubcommands().keySet());
        throw new CommandLine.ParameterException(commandLine, "which command? one of " + names);
    }
}
