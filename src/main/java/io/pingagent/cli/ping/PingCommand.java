package io.pingagent.cli.ping;

import io.pingagent.base.ExitStatus;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.base.Version;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Inputs;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Setup;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.ping.PingListener;
import io.pingagent.ping.PingRequest;
import io.pingagent.ping.PingRequest.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One-shot probes for people who know fping: its options, its lines, its exit statuses 0 to 2. */
@Command(
        name = "ping",
        description = {
            "Probes addresses once, with fping's options and output and no limit on the number of targets.",
            "Without -c, -C or -l each target is probed until its first reply. Without ADDRESS, -f or -g targets are read"
                    + " from standard input, one per line."
        },
        footer = {ExitStatus.PING_HELP, ExitStatus.PING_HELP_REST})
public final class PingCommand implements Callable<Integer> {

    private static final double NANOS_PER_MILLI = 1e6;
    /** What a probe carries of its own; who asks for less gets this, for callers give fping as little as 24. */
    private static final int SMALLEST_PAYLOAD = 32;

    private static final int LARGEST_PAYLOAD = 65_487;
    private static final double MOST_MILLIS = 86_400_000;

    private static final double LONGEST_PASS_MILLIS = 10_000;

    private final Context context;

    @Parameters(paramLabel = "ADDRESS", description = "IPv4 and IPv6 addresses, host names.", arity = "0..*")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "Send N probes to each target.")
    void count(int probes) {
        count = probes;
    }

    private @Nullable Integer count;

    @Option(
            names = {"-C", "--vcount"},
            paramLabel = "N",
            description = "As -c, and list each round-trip time.")
    void listCount(int probes) {
        count = probes;
        listsTimes = true;
    }

    private boolean listsTimes;

    @Option(
            names = {"-l", "--loop"},
            description = "Probe until stopped with Ctrl-C.")
    private boolean loop;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "MSEC",
            description =
                    "Gap between any two packets (default: 10, less if a pass over all targets would take more than"
                            + " 10 s; decimals allowed).")
    private @Nullable Double intervalMillis;

    @Option(
            names = {"-p", "--period"},
            paramLabel = "MSEC",
            description = "With -c, -C, -l: gap between two packets to one target (default: ${DEFAULT-VALUE}).",
            defaultValue = "1000")
    private double periodMillis;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "MSEC",
            description = "Wait for a reply (default: 500; with -c, -C, -l the period, at most 2000).")
    private @Nullable Double timeoutMillis;

    @Option(
            names = {"-r", "--retry"},
            paramLabel = "N",
            description = "Retries of a silent target (default: ${DEFAULT-VALUE}).",
            defaultValue = "3")
    private int retries;

    @Option(
            names = {"-B", "--backoff"},
            paramLabel = "N",
            description = "Each retry waits N times longer (default: ${DEFAULT-VALUE}).",
            defaultValue = "1.5")
    private double backoff;

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
            names = {"-q", "--quiet"},
            description = "No line per target or probe.")
    private boolean quiet;

    @Option(
            names = {"-a", "--alive"},
            description = "List only the targets that answer.")
    private boolean onlyAlive;

    @Option(
            names = {"-u", "--unreach"},
            description = "List only the targets that do not answer.")
    private boolean onlyUnreachable;

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
            names = {"-e", "--elapsed"},
            description = "Show the round-trip time of targets that answer.")
    private boolean elapsed;

    @Option(
            names = {"-o", "--outage"},
            description = "Show the time lost in summaries: lost probes times the period.")
    private boolean outage;

    @Option(
            names = {"-Q", "--squiet"},
            paramLabel = "SECS",
            description = "As -q, with a summary every SECS seconds.")
    private @Nullable Integer summarySeconds;

    @Option(
            names = {"-N", "--netdata"},
            description = "With -l and -Q: print the summaries for netdata.")
    private boolean forNetdata;

    @Option(
            names = {"-x", "--reachable"},
            paramLabel = "N",
            description = "Say only whether at least N targets answer.")
    private @Nullable Integer leastReachable;

    @Option(
            names = {"-s", "--stats"},
            description = "Print statistics at the end.")
    private boolean statistics;

    @Option(
            names = {"-D", "--timestamp"},
            description = "Print the Unix time before each probe's line.")
    private boolean timestamps;

    @Option(
            names = {"-b", "--size"},
            paramLabel = "BYTES",
            description = "ICMP payload, 32 to 65487 (default: ${DEFAULT-VALUE}); less is sent as 32.",
            defaultValue = "56")
    private int payloadBytes;

    @Option(
            names = {"-O", "--tos"},
            paramLabel = "N",
            description = "Type of service byte, 0 to 255 or 0x00 to 0xff.")
    private @Nullable String trafficClass;

    @Option(
            names = {"-H", "--ttl"},
            paramLabel = "N",
            description = "TTL or hop limit, 1 to 255.")
    private @Nullable Integer hopLimit;

    @Option(
            names = {"-I", "--iface"},
            paramLabel = "IFACE",
            description = "Bind to an interface.")
    private @Nullable String interfaceName;

    @Option(
            names = {"-S", "--src"},
            paramLabel = "IP",
            description = "Source address.")
    private @Nullable String source;

    @Option(
            names = {"-M", "--dontfrag"},
            description = "Set the don't-fragment flag.")
    private boolean dontFragment;

    @Option(
            names = {"-R", "--random"},
            description = "Taken for fping's sake, without effect.")
    void random(boolean ignored) {}

    @Option(names = "-T", paramLabel = "N", description = "Taken for fping's sake, without effect.")
    void leftOverOfFping2(String ignored) {}

    @Option(
            names = {"-v", "--fping-version"},
            description = "Print the version as fping does.")
    private boolean showVersion;

    public PingCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        if (showVersion) {
            terminal.out().println("ping-agent: Version " + Version.text());
            return ExitStatus.DONE;
        }
        checkOptions();
        Setup.logErrorsOnly();
        // Must be known before the resolver's classes are initialized: the system's order, as fping has it.
        System.setProperty("java.net.preferIPv6Addresses", "system");
        PingTargetReader.Family family =
                onlyV4 ? PingTargetReader.Family.V4 : onlyV6 ? PingTargetReader.Family.V6 : PingTargetReader.Family.ANY;
        PingTargetReader.Naming naming =
                new PingTargetReader.Naming(showAddresses, nameAddresses, nameAll, everyAddress);
        try (PingTargetReader reader =
                new PingTargetReader(terminal, family, naming, quiet || summarySeconds != null)) {
            read(reader);
            PingTargets targets = reader.targets();
            if (targets.size() == 0) {
                if (reader.unknownNames() > 0) {
                    return ExitStatus.NAME_NOT_FOUND;
                }
                if (readsStandardInput()) {
                    return ExitStatus.SOME_UNREACHABLE;
                }
                throw CommandFailure.usage("no targets" + (file == null ? "" : " in '" + file + "'")
                        + "; name some addresses, or read them with -f FILE; see 'ping-agent ping --help'");
            }
            return ping(targets, reader.unknownNames());
        }
    }

    private int ping(PingTargets targets, int unknownNames) {
        Terminal terminal = context.terminal();
        boolean perProbe = mode() != Mode.ALIVE;
        FpingOutput output = new FpingOutput(
                new FpingOutput.Style(
                        perProbe,
                        listsTimes,
                        quiet || summarySeconds != null || leastReachable != null,
                        onlyAlive,
                        onlyUnreachable,
                        elapsed,
                        timestamps,
                        statistics,
                        outagePeriodNanos(),
                        leastReachable == null ? 0 : leastReachable),
                targets,
                terminal.out(),
                terminal.err());
        PingFanOut fanOut = new PingFanOut(targets);
        PingRequest request = request(fanOut.addresses());
        BooleanSupplier stopRequested = context.interrupt().listen();
        long startNanos = System.nanoTime();
        try {
            context.operations().ping(request, fanOut.toRows(withIntervals(output, targets)), stopRequested);
        } catch (ServiceUnreachableException e) {
            throw new CommandFailure(ExitStatus.SERVICE_UNREACHABLE, OptionWords.of(String.valueOf(e.getMessage())), e);
        }
        return output.finish(unknownNames, System.nanoTime() - startNanos);
    }

    private PingListener withIntervals(FpingOutput output, PingTargets targets) {
        if (summarySeconds == null || mode() == Mode.ALIVE) {
            return output;
        }
        Terminal terminal = context.terminal();
        return new PingIntervals(
                output,
                targets,
                summarySeconds * 1_000_000_000L,
                nanos(periodMillis),
                forNetdata,
                outagePeriodNanos(),
                terminal.out(),
                terminal.err());
    }

    private long outagePeriodNanos() {
        return outage ? nanos(periodMillis) : -1;
    }

    /** fping's 10 ms, which would be a quarter of an hour for 90,000 targets. */
    private static double defaultIntervalMillis(int targets) {
        return Math.min(10, LONGEST_PASS_MILLIS / Math.max(1, targets));
    }

    private Mode mode() {
        return count != null ? Mode.COUNT : loop ? Mode.LOOP : Mode.ALIVE;
    }

    private PingRequest request(List<IpAddress> addresses) {
        Mode mode = mode();
        double timeout =
                timeoutMillis != null ? timeoutMillis : mode == Mode.ALIVE ? 500 : Math.min(2000, periodMillis);
        int probes = switch (mode) {
            case ALIVE -> retries + 1;
            case COUNT -> count != null ? count : 1;
            case LOOP -> 0;
        };
        return new PingRequest(
                addresses,
                mode,
                probes,
                backoff,
                nanos(intervalMillis != null ? intervalMillis : defaultIntervalMillis(addresses.size())),
                nanos(periodMillis),
                nanos(timeout),
                Math.max(SMALLEST_PAYLOAD, payloadBytes),
                trafficClass == null ? null : parseTrafficClass(trafficClass),
                hopLimit,
                0,
                interfaceName,
                source == null ? null : parseSource(source),
                dontFragment);
    }

    private void read(PingTargetReader reader) {
        if (generate) {
            generate(reader);
        } else {
            arguments.forEach(reader::add);
        }
        String source = file != null ? file : readsStandardInput() ? "-" : "";
        if (!source.isEmpty()) {
            try (BufferedReader lines = Inputs.open(source, context.terminal())) {
                reader.addLines(lines);
            } catch (IOException e) {
                throw Inputs.unreadable(source, e);
            }
        }
    }

    /** A person at a terminal who names nothing has forgotten it, and would wait for a program that waits for them. */
    private boolean readsStandardInput() {
        return "-".equals(file)
                || file == null
                        && !generate
                        && arguments.isEmpty()
                        && !context.terminal().inIsTerminal();
    }

    private void generate(PingTargetReader reader) {
        if (arguments.size() == 2 && arguments.stream().noneMatch(argument -> argument.indexOf('/') >= 0)) {
            reader.addRange(arguments.get(0), arguments.get(1));
        } else {
            arguments.forEach(reader::addNetwork);
        }
    }

    private void checkOptions() {
        if (onlyV4 && onlyV6) {
            throw CommandFailure.usage("-4 and -6 exclude each other");
        }
        if (onlyAlive && onlyUnreachable) {
            throw CommandFailure.usage("-a and -u exclude each other");
        }
        if (loop && count != null) {
            throw CommandFailure.usage("-l excludes -c and -C");
        }
        if (nameAddresses && nameAll) {
            throw CommandFailure.usage("-n and -d exclude each other");
        }
        if (generate && file != null) {
            throw CommandFailure.usage("-g and -f exclude each other");
        }
        range(listsTimes ? "-C" : "-c", count, 1, listsTimes ? 1_000_000 : 1_000_000_000);
        range("-Q", summarySeconds, 1, 86_400);
        range("-x", leastReachable, 1, Integer.MAX_VALUE);
        range("-r", retries, 0, 1000);
        range("-b", payloadBytes, 0, LARGEST_PAYLOAD);
        range("-H", hopLimit, 1, 255);
        if (intervalMillis != null) {
            range("-i", intervalMillis, 0, MOST_MILLIS);
        }
        range("-p", periodMillis, 1, MOST_MILLIS);
        range("-t", timeoutMillis, 0.001, MOST_MILLIS);
        range("-B", backoff, 1, 5);
        if (trafficClass != null) {
            range("-O", parseTrafficClass(trafficClass), 0, 255);
        }
        if (source != null) {
            parseSource(source);
        }
    }

    private static void range(String option, @Nullable Number value, Number least, Number most) {
        if (value != null
                && !(value.doubleValue() >= least.doubleValue() && value.doubleValue() <= most.doubleValue())) {
            throw CommandFailure.usage(option + " takes " + Numbers.plain(least) + " to " + Numbers.plain(most)
                    + ", not " + Numbers.plain(value));
        }
    }

    private static int parseTrafficClass(String text) {
        try {
            return Integer.decode(text);
        } catch (NumberFormatException e) {
            throw new CommandFailure(ExitStatus.USAGE, "-O takes a number as 184 or 0xb8, not '" + text + "'", e);
        }
    }

    private static IpAddress parseSource(String text) {
        IpAddress address;
        try {
            address = Addresses.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.USAGE, "-S takes an address: " + e.getMessage(), e);
        }
        String why = NeverAnswers.why(address);
        if (!why.isEmpty()) {
            throw CommandFailure.usage(
                    "-S: '" + text + "' can never be a source: " + why + "; " + NeverAnswers.sourceRemedy(address));
        }
        return address;
    }

    private static long nanos(double millis) {
        return Math.round(millis * NANOS_PER_MILLI);
    }
}
