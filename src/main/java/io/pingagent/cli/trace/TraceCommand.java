package io.pingagent.cli.trace;

import io.pingagent.base.ExitStatus;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.LibraryLogging;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.OptionWords;
import io.pingagent.cli.shell.Screen;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.trace.Hop;
import io.pingagent.trace.TraceListener;
import io.pingagent.trace.TraceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The hops on the way to an address, as users of mtr know them. */
@Command(
        name = "trace",
        description = {
            "Shows the hops on the way to an address: who answers, loss and round-trip times.",
            "On a terminal it runs until q or Ctrl-C, and leaves a table; elsewhere it makes 10 rounds. Needs no Redis."
        },
        footer = {ExitStatus.PING_HELP, ExitStatus.PING_HELP_REST})
public final class TraceCommand implements Callable<Integer> {

    private static final int ROUNDS_WITHOUT_TERMINAL = 10;
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int MOST_HOPS = 64;
    private static final int MOST_ROUNDS = 1_000_000;
    /** What a probe carries of its own. */
    private static final int SMALLEST_PAYLOAD = 32;

    private static final int LARGEST_PAYLOAD = 65_487;
    /** Options that say how this machine traces. */
    private static final List<String> OF_A_TRACE =
            List.of("-c", "-i", "-t", "-f", "-m", "-b", "-O", "-I", "-S", "-r", "--names");

    private final Context context;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final TraceTargetOptions target = new TraceTargetOptions();

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "End after N rounds, each with a packet to every hop.")
    private @Nullable Integer count;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "SECS",
            description = "Gap between two rounds, 0.1 to 3600 (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private double intervalSeconds;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "SECS",
            description = "Wait for an answer, 0.01 to 60 (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private double timeoutSeconds;

    @Option(
            names = {"-f", "--first-hop"},
            paramLabel = "N",
            description = "First TTL, 1 to 64 (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int firstHop;

    @Option(
            names = {"-m", "--max-hops"},
            paramLabel = "N",
            description = "Highest TTL, 1 to 64 (default: ${DEFAULT-VALUE}).",
            defaultValue = "30")
    private int maxHops;

    @Option(
            names = {"-n", "--numeric"},
            description = "Show addresses only; that is the default.")
    private boolean numeric;

    @Option(names = "--names", description = "Look up the names of the hops, and show them.")
    private boolean withNames;

    @Option(
            names = {"-r", "--report"},
            description = "Print a table at the end only, after 10 rounds without -c.")
    private boolean report;

    @Option(names = "--json", description = "Print JSON at the end, after 10 rounds without -c.")
    private boolean json;

    @Option(
            names = {"-b", "--size"},
            paramLabel = "BYTES",
            description = "ICMP payload, 32 to 65487 (default: ${DEFAULT-VALUE}).",
            defaultValue = "56")
    private int payloadBytes;

    @Option(
            names = {"-O", "--tos"},
            paramLabel = "N",
            description = "Type of service byte, 0 to 255 (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    private int trafficClass;

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
            names = "--last",
            description =
                    "Show what agents kept in Redis: the path when the address last went down, and the last good one.")
    private boolean last;

    @Option(names = "--agent", paramLabel = "NAME", description = "With --last: only of this agent.")
    private @Nullable String agent;

    TraceCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        check();
        LibraryLogging.errorsOnly();
        // Must be set before the resolver's classes are initialized: the system's order, as with ping.
        System.setProperty("java.net.preferIPv6Addresses", "system");
        IpAddress address = target.resolve(context.terminal());
        if (address == null) {
            return ExitStatus.NAME_NOT_FOUND;
        }
        if (last) {
            return new KeptPathView(context, json).show(address, agent);
        }
        return trace(address);
    }

    private int trace(IpAddress address) {
        TraceStatistics statistics = new TraceStatistics(firstHop);
        Terminal terminal = context.terminal();
        BooleanSupplier stopRequested = context.interrupt().listen();
        boolean isLive = terminal.interactive() && !report && !json;
        try (HopNames names = new HopNames()) {
            Function<IpAddress, String> shown = withNames ? names::of : IpAddress::toString;
            if (isLive) {
                traceLive(address, statistics, shown, stopRequested);
            } else {
                run(request(address, false), quiet(statistics), stopRequested);
            }
            if (withNames) {
                statistics.hops().forEach(hop -> hop.addresses().forEach(names::of));
                names.finish();
            }
            if (json) {
                Json.print(terminal, out -> TraceTable.json(out, target.text(), address, statistics));
            } else {
                print(TraceTable.lines(statistics, maxHops, terminal.columns(), terminal.colours(), shown));
            }
        }
        return statistics.isReached() ? ExitStatus.DONE : ExitStatus.SOME_UNREACHABLE;
    }

    private void run(TraceRequest request, TraceListener listener, BooleanSupplier stopRequested) {
        try {
            context.operations().trace(request, listener, stopRequested);
        } catch (ServiceUnreachableException e) {
            throw new CommandFailure(ExitStatus.SERVICE_UNREACHABLE, OptionWords.of(String.valueOf(e.getMessage())), e);
        }
    }

    private void print(List<String> lines) {
        lines.forEach(context.terminal().out()::println);
        context.terminal().flush();
    }

    private static TraceListener quiet(TraceStatistics statistics) {
        return new TraceListener() {
            @Override
            public void round(boolean reached, List<Hop> hops) {
                statistics.round(reached, hops);
            }

            @Override
            public void passed() {}
        };
    }

    private void traceLive(
            IpAddress address,
            TraceStatistics statistics,
            Function<IpAddress, String> names,
            BooleanSupplier stopRequested) {
        Terminal terminal = context.terminal();
        try (Screen screen = new Screen(terminal, stopRequested)) {
            TraceListener listener = new TraceListener() {
                private long drawnNanos = System.nanoTime() - REDRAW_NANOS;

                @Override
                public void round(boolean reached, List<Hop> hops) {
                    statistics.round(reached, hops);
                }

                @Override
                public void passed() {
                    long nowNanos = System.nanoTime();
                    if (nowNanos - drawnNanos >= REDRAW_NANOS) {
                        drawnNanos = nowNanos;
                        List<String> frame = new ArrayList<>(List.of(title(address, statistics), ""));
                        frame.addAll(
                                TraceTable.lines(statistics, maxHops, terminal.columns(), terminal.colours(), names));
                        screen.draw(frame.subList(0, Math.min(frame.size(), screen.lines())));
                    }
                }
            };
            // A pause without length: it looks at the keys, and stops the process if that is wanted.
            run(request(address, true), listener, () -> !screen.pause(0));
        }
    }

    private String title(IpAddress address, TraceStatistics statistics) {
        String text = target.text();
        String shown = text.equals(address.toString()) ? text : Ansi.harmless(text) + " (" + address + ")";
        return Ansi.paint(
                        "ping-agent trace",
                        Ansi.Style.HEADING,
                        context.terminal().colours()) + "  " + shown + "  "
                + Numbers.count(statistics.rounds(), "round", "rounds") + "  (q ends, Ctrl-Z stops)";
    }

    private TraceRequest request(IpAddress address, boolean isEndless) {
        int rounds = count != null ? count : isEndless ? 0 : ROUNDS_WITHOUT_TERMINAL;
        return new TraceRequest(
                address,
                new TraceRequest.Plan(firstHop, maxHops, rounds, nanos(intervalSeconds), nanos(timeoutSeconds)),
                new TraceRequest.Packet(
                        payloadBytes, trafficClass, interfaceName, source == null ? null : parseSource(source)));
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * NANOS_PER_SECOND);
    }

    private void check() {
        target.check();
        if (count != null) {
            range("-c", count, 1, MOST_ROUNDS);
        }
        range("-i", intervalSeconds, 0.1, 3_600);
        range("-t", timeoutSeconds, 0.01, 60);
        range("-f", firstHop, 1, MOST_HOPS);
        range("-m", maxHops, 1, MOST_HOPS);
        range("-b", payloadBytes, SMALLEST_PAYLOAD, LARGEST_PAYLOAD);
        range("-O", trafficClass, 0, 255);
        if (firstHop > maxHops) {
            throw CommandFailure.usage(
                    "-f " + firstHop + " is above -m " + maxHops + "; lower the one or raise the other");
        }
        if (numeric && withNames) {
            throw CommandFailure.usage("-n and --names exclude each other");
        }
        if (agent != null && !last) {
            throw CommandFailure.usage("--agent needs --last; a trace is made by this machine");
        }
        if (last) {
            checkWithLast();
        }
        if (source != null) {
            parseSource(source);
        }
    }

    private void checkWithLast() {
        for (String option : OF_A_TRACE) {
            if (spec != null && spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw CommandFailure.usage(
                        option + " excludes --last, which shows what agents kept; leave out " + option);
            }
        }
    }

    private static void range(String option, Number value, Number least, Number most) {
        if (!(value.doubleValue() >= least.doubleValue() && value.doubleValue() <= most.doubleValue())) {
            throw CommandFailure.usage(option + " takes " + Numbers.plain(least) + " to " + Numbers.plain(most)
                    + ", not " + Numbers.plain(value));
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
}
