package io.pingagent.cli.ping;

import io.pingagent.base.ExitStatus;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.base.Version;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.LibraryLogging;
import io.pingagent.cli.shell.OptionWords;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener;
import io.pingagent.ping.PingRequest;
import io.pingagent.ping.PingRequest.Mode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One-shot probes for users who know fping: its options, its lines, its exit statuses 0 to 2. */
@Command(
        name = "ping",
        description = {
            "Probes addresses once, with fping's options and output and no limit on the number of targets.",
            "Without -c, -C or -l each target is probed until its first reply. Without ADDRESS, -f or -g targets are read"
                    + " from standard input, one per line."
        },
        footer = {ExitStatus.PING_HELP, ExitStatus.PING_HELP_REST})
public final class PingCommand implements Callable<Integer> {

    /** The fping whose options and output these are. */
    private static final String FPING_LEVEL = "5.5";

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MOST_MILLIS = 86_400_000;

    private static final double LONGEST_PASS_MILLIS = 10_000;

    private final Context context;

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

    @Mixin
    private final PingTargetOptions targetOptions = new PingTargetOptions();

    @Mixin
    private final PingOutputOptions shown = new PingOutputOptions();

    @Mixin
    private final PingPacketOptions packet = new PingPacketOptions();

    @Option(
            names = {"-R", "--random"},
            description = "Accepted for compatibility with fping, without effect.")
    void random(boolean ignored) {}

    @Option(
            names = "--check-source",
            description =
                    "Accepted for compatibility with fping, without effect: replies from another address never count.")
    void checkSource(boolean ignored) {}

    @Option(
            names = "--seqmap-timeout",
            paramLabel = "MSEC",
            description = "Accepted for compatibility with fping, without effect.")
    void sequenceMapTimeout(double ignored) {}

    @Option(names = "-T", paramLabel = "N", description = "Accepted for compatibility with fping, without effect.")
    void leftOverOfFping2(String ignored) {}

    @Option(
            names = {"-v", "--fping-version"},
            description = "Print the version as fping does.")
    private boolean showVersion;

    PingCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        if (showVersion) {
            // SmokePing gives -4 and -6 only to a program whose version says 3.16 or newer, and reads no further.
            terminal.out().println("ping-agent: Version " + FPING_LEVEL + ", as fping; ping-agent " + Version.text());
            return ExitStatus.DONE;
        }
        checkOptions();
        LibraryLogging.errorsOnly();
        // Must be set before the resolver's classes are initialized: the system's order, as with fping.
        System.setProperty("java.net.preferIPv6Addresses", "system");
        try (PingTargetReader reader = targetOptions.reader(terminal, shown.isQuiet(), shown.isJson())) {
            targetOptions.read(reader, context);
            PingTargets targets = reader.targets();
            if (targets.size() == 0) {
                if (reader.unknownNames() > 0) {
                    return ExitStatus.NAME_NOT_FOUND;
                }
                if (targetOptions.readsStandardInput(terminal)) {
                    return ExitStatus.SOME_UNREACHABLE;
                }
                throw targetOptions.noTargets();
            }
            return ping(targetOptions.named(targets, context), reader.unknownNames());
        }
    }

    private int ping(PingTargets targets, int unknownNames) {
        Terminal terminal = context.terminal();
        boolean countsProbes = mode() != Mode.ALIVE;
        long periodNanos = nanos(periodMillis);
        FpingOutput output = new FpingOutput(
                shown.style(countsProbes, listsTimes, periodNanos), targets, terminal.out(), terminal.err());
        PingListener listener = countsProbes ? shown.withIntervals(output, targets, periodNanos, terminal) : output;
        PingFanOut fanOut = new PingFanOut(targets);
        PingRequest request = request(fanOut.addresses());
        BooleanSupplier interrupted = context.interrupt().listen();
        BooleanSupplier stopRequested =
                shown.stopsWhenEnough() ? () -> output.hasEnough() || interrupted.getAsBoolean() : interrupted;
        long startNanos = System.nanoTime();
        try {
            context.operations().ping(request, fanOut.toRows(listener), stopRequested);
        } catch (ServiceUnreachableException e) {
            throw new CommandFailure(ExitStatus.SERVICE_UNREACHABLE, OptionWords.of(String.valueOf(e.getMessage())), e);
        }
        return output.finish(unknownNames, System.nanoTime() - startNanos);
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
        PingRequest.Plan plan = new PingRequest.Plan(
                mode,
                probes,
                backoff,
                nanos(intervalMillis != null ? intervalMillis : defaultIntervalMillis(addresses.size())),
                nanos(periodMillis),
                nanos(timeout));
        return new PingRequest(addresses, plan, packet.packet(), packet.route(), shown.showsTrafficClass());
    }

    private void checkOptions() {
        if (loop && count != null) {
            throw CommandFailure.usage("-l excludes -c and -C");
        }
        targetOptions.check();
        shown.check(mode() != Mode.ALIVE);
        OptionRanges.check(listsTimes ? "-C" : "-c", count, 1, listsTimes ? 1_000_000 : 1_000_000_000);
        OptionRanges.check("-r", retries, 0, 1000);
        OptionRanges.check("-i", intervalMillis, 0, MOST_MILLIS);
        OptionRanges.check("-p", periodMillis, 1, MOST_MILLIS);
        OptionRanges.check("-t", timeoutMillis, 0.001, MOST_MILLIS);
        OptionRanges.check("-B", backoff, 1, 5);
        packet.check();
    }

    private static long nanos(double millis) {
        return Math.round(millis * NANOS_PER_MILLI);
    }
}
