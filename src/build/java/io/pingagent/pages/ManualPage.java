package io.pingagent.pages;

import io.pingagent.base.ExitStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** One command as a manual page of section 1, its subcommands included; those of the program itself have pages of their own. */
final class ManualPage {

    /**
     * What stands in a page's corners.
     *
     * @param date ISO 8601
     * @param source program and version
     */
    record Heading(String date, String source) {}

    private final Heading heading;
    private final CommandSpec command;
    private final Roff roff = new Roff();

    ManualPage(Heading heading, CommandSpec command) {
        this.heading = heading;
        this.command = command;
    }

    String text() {
        String name = command.qualifiedName("-");
        roff.title(name.toUpperCase(Locale.ROOT), "1", heading);
        roff.section("NAME").line(name + " \\- " + Roff.text(summary(command)));
        roff.section("SYNOPSIS");
        synopsis(command);
        roff.section("DESCRIPTION");
        for (String line : command.usageMessage().description()) {
            roff.paragraph(plain(line));
        }
        if (isRoot()) {
            roff.section("COMMANDS");
            for (CommandLine each : command.subcommands().values()) {
                CommandSpec sub = each.getCommandSpec();
                roff.term("\\fB" + Roff.literal(sub.qualifiedName("-")) + "\\fR(1)", summary(sub));
            }
        }
        arguments(command);
        if (!isRoot()) {
            for (CommandLine each : command.subcommands().values()) {
                subcommand(each.getCommandSpec());
            }
        }
        roff.section("EXIT STATUS");
        exitStatus();
        environment();
        files();
        roff.section("EXAMPLES");
        for (ManualPageExamples.Example example : ManualPageExamples.of(command)) {
            roff.term("\\fB" + Roff.literal(example.line()) + "\\fR", example.meaning());
        }
        roff.section("SEE ALSO");
        roff.line(seeAlso());
        return roff.toString();
    }

    private boolean isRoot() {
        return command.parent() == null;
    }

    private void subcommand(CommandSpec sub) {
        roff.section(sub.qualifiedName(" ").toUpperCase(Locale.ROOT).replace("PING-AGENT ", ""));
        synopsis(sub);
        for (String line : sub.usageMessage().description()) {
            roff.paragraph(plain(line));
        }
        arguments(sub);
    }

    private void synopsis(CommandSpec spec) {
        StringBuilder line = new StringBuilder("\\fB" + Roff.literal(spec.qualifiedName(" ")) + "\\fR");
        if (spec.options().stream().anyMatch(ManualPage::isShown)) {
            line.append(" [\\fIOPTION\\fR...]");
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String label = "\\fI" + Roff.literal(parameter.paramLabel()) + "\\fR" + (isMany(parameter) ? "..." : "");
            line.append(' ').append(parameter.required() ? label : "[" + label + "]");
        }
        if (!spec.subcommands().isEmpty()) {
            line.append(" \\fICOMMAND\\fR");
        }
        roff.line(line.toString());
    }

    private static boolean isMany(ArgSpec argument) {
        return argument.arity().max() > 1 || argument.isMultiValue();
    }

    private static boolean isShown(ArgSpec argument) {
        return !argument.hidden();
    }

    private void arguments(CommandSpec spec) {
        boolean isSub = spec != command;
        List<PositionalParamSpec> parameters =
                spec.positionalParameters().stream().filter(ManualPage::isShown).toList();
        List<OptionSpec> options = options(spec);
        if (!isSub && !(parameters.isEmpty() && options.isEmpty())) {
            roff.section("OPTIONS");
        }
        for (PositionalParamSpec parameter : parameters) {
            roff.term("\\fI" + Roff.literal(parameter.paramLabel()) + "\\fR", description(parameter));
        }
        for (OptionSpec option : options) {
            // What every command takes stands once per page.
            if (!isSub || !(option.inherited() || option.usageHelp() || option.versionHelp())) {
                roff.term(names(option), description(option));
            }
        }
    }

    /** Those that are shown, in an order that does not depend on the Java that builds. */
    static List<OptionSpec> options(CommandSpec spec) {
        return spec.options().stream()
                .filter(ManualPage::isShown)
                .sorted(Comparator.comparingInt(OptionSpec::order))
                .toList();
    }

    private static String names(OptionSpec option) {
        List<String> names = new ArrayList<>();
        for (String name : option.names()) {
            names.add("\\fB" + Roff.literal(name) + "\\fR");
        }
        String value = option.arity().max() == 0
                ? ""
                : (option.longestName().startsWith("--") ? "=" : " ") + "\\fI" + Roff.literal(option.paramLabel())
                        + "\\fR";
        return String.join(", ", names) + value;
    }

    private static String description(ArgSpec argument) {
        return plain(String.join(" ", argument.description()));
    }

    /** The first sentence of the description, as it stands in a list of commands. */
    static String summary(CommandSpec spec) {
        String[] lines = spec.usageMessage().description();
        String first = lines.length == 0 ? spec.name() : plain(lines[0]);
        int end = first.indexOf(". ");
        String sentence = end < 0 ? first : first.substring(0, end + 1);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    /** Without what picocli's formatter would take for its own. */
    static String plain(String text) {
        return text.replace("%n", " ").replace("%%", "%").replace("$$", "$").strip();
    }

    private void exitStatus() {
        boolean isPing = Set.of("ping", "trace").contains(command.name());
        for (ExitStatus.Row row : isPing ? ExitStatus.pingRows() : ExitStatus.rows()) {
            roff.term(row.statuses(), row.meaning());
        }
    }

    private void environment() {
        roff.section("ENVIRONMENT");
        roff.term("\\fBPING_AGENT_CONFIG\\fR", "The configuration file, where --config names none.");
        roff.term(
                "\\fBPING_AGENT_\\fIKEY\\fR",
                "Overrides a key of the configuration, in capitals and with _ for dots and dashes:"
                        + " PING_AGENT_REDIS_URL for redis.url.");
        roff.term("\\fBPING_AGENT_DEBUG\\fR", "Set to any text: the same as --debug.");
        roff.term("\\fBPING_AGENT_JAVA_OPTS\\fR", "Options for Java, such as -Xmx1g.");
        roff.term("\\fBJAVA_HOME\\fR", "The Java to run with, else that of the PATH.");
        roff.term("\\fBNO_COLOR\\fR", "Set to any text: no colours.");
    }

    private void files() {
        roff.section("FILES");
        file("/etc/ping-agent/ping-agent.yaml", "The configuration, see ping-agent.yaml(5).");
        if (isRoot() || command.name().equals("run")) {
            file("/etc/default/ping-agent", "Options for the Java of the service (RPM: /etc/sysconfig/ping-agent).");
            file(
                    "/var/lib/ping-agent/zabbix",
                    "Values that wait for Zabbix, unless zabbix.buffer.directory says otherwise.");
        }
        if (command.name().equals("demo")) {
            file("/tmp/ping-agent-demo-*", "Password and configuration of a demo that runs; gone when it ends.");
        }
    }

    private void file(String path, String meaning) {
        roff.term("\\fI" + Roff.literal(path) + "\\fR", meaning);
    }

    private String seeAlso() {
        List<String> pages = new ArrayList<>();
        CommandSpec parent = command.parent();
        CommandSpec root = parent == null ? command : parent;
        if (parent != null) {
            pages.add(reference(root.name(), 1));
        }
        for (CommandLine each : root.subcommands().values()) {
            if (each.getCommandSpec() != command) {
                pages.add(reference(each.getCommandSpec().qualifiedName("-"), 1));
            }
        }
        pages.add(reference("ping-agent.yaml", 5));
        return String.join(",\n", pages);
    }

    private static String reference(String page, int section) {
        return "\\fB" + Roff.literal(page) + "\\fR(" + section + ")";
    }
}
