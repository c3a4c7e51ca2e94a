package io.pingagent.cli.ping;

import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Inputs;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.cli.view.KnownTargets;
import io.pingagent.cli.view.TargetFilter;
import io.pingagent.model.IpAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Arguments and options of {@code ping} about its targets: where they are read, and how they are shown. */
final class PingTargetOptions {

    @Parameters(paramLabel = "ADDRESS", description = "IPv4 and IPv6 addresses, host names.", arity = "0..*")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Read targets from a file, one per line; - is standard input.")
    private @Nullable String file;

    @Option(
            names = {"-g", "--generate"},
            description = "The arguments are networks (192.0.2.0/24) or a first and a last address.")
    private boolean generate;

    @Option(
            names = {"-4", "--ipv4"},
            description = "Only IPv4.")
    private boolean onlyV4;

    @Option(
            names = {"-6", "--ipv6"},
            description = "Only IPv6.")
    private boolean onlyV6;

    @Option(
            names = {"-A", "--addr"},
            description = "Show targets by address.")
    private boolean showAddresses;

    @Option(
            names = {"-n", "--name"},
            description = "Look up the names of targets given as addresses, and show them.")
    private boolean nameAddresses;

    @Option(
            names = {"-d", "--rdns"},
            description = "As -n, and also look up the addresses of names.")
    private boolean nameAll;

    @Option(
            names = {"-m", "--all"},
            description = "Probe every address of a name; best with -A.")
    private boolean everyAddress;

    @Option(
            names = "--label",
            paramLabel = "LABEL=VALUE",
            description =
                    "Probe all addresses of groups in Redis with this label, as in site=ams, site!=ams or site, and show"
                            + " their names. Repeatable; all must hold.")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--known-names", description = "Show targets by the names that they have in Redis.")
    private boolean showsKnownNames;

    private TargetFilter filter = TargetFilter.ALL;

    /** @throws CommandFailure if two options exclude each other */
    void check() {
        if (onlyV4 && onlyV6) {
            throw CommandFailure.usage("-4 and -6 exclude each other");
        }
        if (nameAddresses && nameAll) {
            throw CommandFailure.usage("-n and -d exclude each other");
        }
        if (generate && file != null) {
            throw CommandFailure.usage("-g and -f exclude each other");
        }
        filter = TargetFilter.of(labels, null);
    }

    PingTargetReader reader(Terminal terminal, boolean quiet, boolean isJson) {
        return new PingTargetReader(
                terminal,
                family(),
                new PingTargetReader.Naming(showAddresses, nameAddresses, nameAll, everyAddress),
                quiet,
                isJson);
    }

    private PingTargetReader.Family family() {
        return onlyV4 ? PingTargetReader.Family.V4 : onlyV6 ? PingTargetReader.Family.V6 : PingTargetReader.Family.ANY;
    }

    CommandFailure noTargets() {
        if (!filter.isAll()) {
            return CommandFailure.usage(
                    "no address of a group in Redis has " + (labels.size() == 1 ? "the label " : "the labels ")
                            + String.join(" and ", labels) + "; see 'ping-agent group show NAME'");
        }
        return CommandFailure.usage("no targets" + (file == null ? "" : " in '" + file + "'")
                + "; name some addresses, or read them with -f FILE; see 'ping-agent ping --help'");
    }

    /** Hands over what the arguments name, then what the file or standard input lists, then what has the labels. */
    void read(PingTargetReader reader, Context context) {
        Terminal terminal = context.terminal();
        if (generate) {
            generate(reader);
        } else {
            arguments.forEach(reader::add);
        }
        String source = file != null ? file : readsStandardInput(terminal) ? "-" : "";
        if (!source.isEmpty()) {
            try (BufferedReader lines = Inputs.open(source, terminal)) {
                reader.addLines(lines);
            } catch (IOException e) {
                throw Inputs.unreadable(source, e);
            }
        }
        if (!filter.isAll()) {
            KnownTargets.matching(context, filter).stream()
                    .filter(address -> address.isV6() ? !onlyV4 : !onlyV6)
                    .forEach(reader::add);
        }
    }

    /** The targets by the names that Redis has of them, where that is wanted. */
    PingTargets named(PingTargets targets, Context context) {
        if (!showsKnownNames && filter.isAll()) {
            return targets;
        }
        Map<IpAddress, String> names = KnownTargets.names(context, targets.addresses());
        PingTargets named = new PingTargets();
        for (int row = 0; row < targets.size(); row++) {
            IpAddress address = targets.address(row);
            String name = names.get(address);
            String shown = name == null ? targets.name(row) : Ansi.harmless(name);
            named.add(name != null && showAddresses ? shown + " (" + address + ")" : shown, address);
        }
        return named;
    }

    /** Not at a terminal: a user who names nothing there has forgotten it, and would wait for a program that waits. */
    boolean readsStandardInput(Terminal terminal) {
        return "-".equals(file)
                || file == null && !generate && arguments.isEmpty() && filter.isAll() && !terminal.inIsTerminal();
    }

    private void generate(PingTargetReader reader) {
        if (arguments.size() == 2 && arguments.stream().noneMatch(argument -> argument.indexOf('/') >= 0)) {
            reader.addRange(arguments.get(0), arguments.get(1));
        } else {
            arguments.forEach(reader::addNetwork);
        }
    }
}
