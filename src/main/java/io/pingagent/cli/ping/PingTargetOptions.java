package io.pingagent.cli.ping;

import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Inputs;
import io.pingagent.cli.shell.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
        return CommandFailure.usage("no targets" + (file == null ? "" : " in '" + file + "'")
                + "; name some addresses, or read them with -f FILE; see 'ping-agent ping --help'");
    }

    /** Hands over what the arguments name, then what the file or standard input lists. */
    void read(PingTargetReader reader, Terminal terminal) {
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
    }

    /** Not at a terminal: a user who names nothing there has forgotten it, and would wait for a program that waits. */
    boolean readsStandardInput(Terminal terminal) {
        return "-".equals(file) || file == null && !generate && arguments.isEmpty() && !terminal.inIsTerminal();
    }

    private void generate(PingTargetReader reader) {
        if (arguments.size() == 2 && arguments.stream().noneMatch(argument -> argument.indexOf('/') >= 0)) {
            reader.addRange(arguments.get(0), arguments.get(1));
        } else {
            arguments.forEach(reader::addNetwork);
        }
    }
}
