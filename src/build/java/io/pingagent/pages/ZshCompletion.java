package io.pingagent.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion for zsh in its own language, which unlike bash's shows the descriptions: one function for each command. */
final class ZshCompletion {

    private final StringBuilder script = new StringBuilder();

    private ZshCompletion() {}

    static String of(CommandSpec root) {
        ZshCompletion completion = new ZshCompletion();
        completion.script.append("#compdef ").append(root.name()).append('\n');
        completion.script.append("# Made by the build of ping-agent; do not edit.\n\n");
        completion.command(root);
        completion.script.append(function(root)).append(" \"$@\"\n");
        return completion.script.toString();
    }

    private static String function(CommandSpec command) {
        return "_" + command.qualifiedName("_");
    }

    private void command(CommandSpec command) {
        for (CommandLine sub : command.subcommands().values()) {
            command(sub.getCommandSpec());
        }
        script.append(function(command)).append("() {\n");
        if (command.subcommands().isEmpty()) {
            script.append("    _arguments -s -S");
            arguments(command);
            script.append("\n");
        } else {
            script.append("    local curcontext=\"$curcontext\" state line\n");
            script.append("    _arguments -C -s -S");
            arguments(command);
            script.append(" \\\n        '1:command:->command' \\\n        '*::argument:->argument'\n");
            script.append("    case $state in\n    command)\n        local -a commands=(\n");
            for (CommandLine sub : command.subcommands().values()) {
                CommandSpec spec = sub.getCommandSpec();
                String entry = spec.name() + ":" + ManualPage.summary(spec);
                script.append("            ").append(quoted(entry)).append('\n');
            }
            script.append("        )\n        _describe -t commands command commands\n        ;;\n    argument)\n");
            script.append("        curcontext=\"${curcontext%:*}-$line[1]:\"\n        case $line[1] in\n");
            for (CommandLine sub : command.subcommands().values()) {
                CommandSpec spec = sub.getCommandSpec();
                script.append("        ").append(spec.name()).append(") ");
                script.append(function(spec)).append(" ;;\n");
            }
            script.append("        esac\n        ;;\n    esac\n");
        }
        script.append("}\n\n");
    }

    private void arguments(CommandSpec command) {
        ManualPage.options(command).forEach(this::option);
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            boolean many = parameter.arity().max() > 1 || parameter.isMultiValue();
            String position = many ? "*" : String.valueOf(parameter.index().min() + 1);
            add(quoted(position + ":" + escaped(parameter.paramLabel()) + ":" + action(parameter)));
        }
    }

    private void option(OptionSpec option) {
        boolean takesValue = option.arity().max() > 0;
        String value = takesValue ? ":" + escaped(option.paramLabel()) + ":" + action(option) : "";
        String description = "[" + escaped(ManualPage.plain(String.join(" ", option.description()))) + "]";
        List<String> names = new ArrayList<>(List.of(option.names()));
        String others = option.isMultiValue() ? "*" : "(" + String.join(" ", names) + ")";
        for (String name : names) {
            // --name=VALUE or --name VALUE, -n VALUE or -nVALUE.
            String form = !takesValue ? name : name.startsWith("--") ? name + "=" : name + "+";
            add(quoted(others + form + description + value));
        }
    }

    private void add(String word) {
        script.append(" \\\n        ").append(word);
    }

    /** What zsh offers for a value. */
    private static String action(ArgSpec argument) {
        if (Set.of("FILE", "DIRECTORY").contains(argument.paramLabel())) {
            return "_files";
        }
        Iterable<String> candidates = argument.completionCandidates();
        return candidates == null ? " " : "(" + String.join(" ", candidates) + ")";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace(":", "\\:");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
