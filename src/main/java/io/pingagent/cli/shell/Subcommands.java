package io.pingagent.cli.shell;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** For commands that do nothing but hold others. */
public final class Subcommands {

    private Subcommands() {}

    /** The error of having been called without one. */
    public static CommandLine.ParameterException missing(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it runs a command");
        }
        CommandLine commandLine = spec.commandLine();
        String names = String.join(", ", commandLine.getSubcommands().keySet());
        return new CommandLine.ParameterException(commandLine, "which command? one of " + names);
    }
}
