package io.pingagent.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Prose;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The help of every command is plain English, and made of whole sentences: lists of commands show the first line alone. */
class HelpTextsTest {

    private final List<String> faults = new ArrayList<>();
    private int commands;

    @Test
    void helpIsPlainEnglish() {
        judge(CommandPages.allCommands());
        assertEquals(List.of(), faults);
        assertTrue(commands > 25, "only " + commands);
    }

    private void judge(CommandLine command) {
        commands++;
        CommandSpec spec = command.getCommandSpec();
        String name = spec.qualifiedName();
        judge(name, spec.usageMessage().description());
        for (OptionSpec option : spec.options()) {
            judge(name + " " + option.longestName(), option.description());
        }
        for (ArgSpec argument : spec.positionalParameters()) {
            judge(name + " " + argument.paramLabel(), argument.description());
        }
        for (String line : spec.usageMessage().footer()) {
            faults.addAll(Prose.faults(name, line, 1));
        }
        command.getSubcommands().values().forEach(this::judge);
    }

    private void judge(String where, String[] lines) {
        for (String line : lines) {
            faults.addAll(Prose.faults(where, line, 1));
            if (!line.endsWith(".")) {
                faults.add(where + ": not the end of a sentence: " + line);
            }
        }
    }
}
