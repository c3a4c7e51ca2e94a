package io.pingagent.cli.picture;

import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Durations;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.Config;
import io.pingagent.control.KeptProbes;
import io.pingagent.model.Addresses;
import io.pingagent.model.FileNames;
import io.pingagent.model.IpAddress;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws what an agent of this machine keeps of an address. */
@Command(
        name = "plot",
        description = {
            "Draws the round-trip times and losses of an address as SVG, in the manner of SmokePing.",
            "They come from the memory of the agent that runs on this machine, which keeps them if history.last is set."
        })
public final class PlotCommand implements Runnable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final String STANDARD_OUTPUT = "-";

    private final Context context;

    @Parameters(paramLabel = "ADDRESS", description = "An address that the agent probes.")
    private String address = "";

    @Option(
            names = "--last",
            paramLabel = "TIME",
            description = "How far back: 90s, 10m, 2h (default: 10m), up to history.last.")
    private String last = "10m";

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file; -: standard output (default).")
    private String output = STANDARD_OUTPUT;

    @Option(names = "--agent", paramLabel = "NAME", description = "An agent of this machine (default: agent.name).")
    private @Nullable String agent;

    public PlotCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        IpAddress target = target();
        Duration wanted = Durations.parse("--last", last);
        if (wanted.compareTo(Duration.ofSeconds(1)) < 0 || wanted.compareTo(LONGEST) > 0) {
            throw CommandFailure.usage("--last takes 1s to 12h, not '" + last + "'");
        }
        Path file = file();
        Config config = CommandConfig.load(context);
        String name = agent == null || agent.isEmpty() ? config.agent().name() : agent;
        KeptProbes kept = new HistoryClient(config.agent(), name).ask(target, wanted, PATIENCE);
        require(kept, wanted);
        String svg = new SmokePlot(kept, wanted, System.currentTimeMillis(), ZoneId.systemDefault()).svg();
        if (file == null) {
            context.terminal().out().print(svg);
        } else {
            write(file, svg);
        }
    }

    private IpAddress target() {
        if (address.indexOf('/') >= 0) {
            throw CommandFailure.usage("plot takes one address, not the network '" + address + "'");
        }
        try {
            return Addresses.parse(address);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "plot takes an IPv4 or IPv6 address, not '" + address + "'; 'ping-agent status --search TEXT' finds"
                            + " the address of a name",
                    e);
        }
    }

    private @Nullable Path file() {
        if (output.equals(STANDARD_OUTPUT)) {
            return null;
        }
        Path file;
        try {
            file = FileNames.path(output);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.USAGE, "--output: " + e.getMessage() + "; " + FileNames.REMEDY, e);
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            throw CommandFailure.usage(
                    "--output: there is no directory " + directory + "; make it, or name a file in another");
        }
        return file;
    }

    /** There is something to draw; says on standard error if it is less than was asked for. */
    private void require(KeptProbes kept, Duration wanted) {
        String whose = "agent '" + kept.agent() + "' ";
        switch (kept.state()) {
            case OFF ->
                throw new CommandFailure(
                        ExitStatus.BAD_CONFIGURATION,
                        whose + "keeps no probes in memory; set history.last to " + last
                                + " or more in its configuration, and restart it");
            case NOT_PROBED ->
                throw CommandFailure.usage(
                        whose + "does not probe " + kept.address() + "; add it to a group of one of its jobs");
            case REFUSED ->
                throw new CommandFailure(
                        ExitStatus.BAD_CONFIGURATION,
                        whose + "keeps nothing of " + kept.address()
                                + ", because history.memory is used up; raise it, or shorten history.last");
            case SHORTENED ->
                context.terminal()
                        .complain(whose + "keeps only the newest probes of " + kept.address()
                                + ", because history.memory is used up; raise it, or shorten history.last");
            case WHOLE -> warnIfShort(context.terminal(), kept, wanted);
        }
        if (kept.series().size() == 0) {
            throw new CommandFailure(
                    ExitStatus.SERVICE_UNREACHABLE,
                    whose + "has no probe of " + kept.address() + " of the last " + last
                            + "; wait for its next, or raise --last");
        }
    }

    private static void warnIfShort(Terminal terminal, KeptProbes kept, Duration wanted) {
        if (wanted.compareTo(kept.last()) > 0) {
            terminal.complain("agent '" + kept.agent() + "' keeps "
                    + kept.last().toSeconds() + " s, less than --last; raise its history.last");
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (AccessDeniedException e) {
            throw new CommandFailure(
                    ExitStatus.NOT_PERMITTED,
                    file + " cannot be written: not permitted; name another with --output",
                    e);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitStatus.SERVICE_UNREACHABLE,
                    file + " cannot be written: " + e.getMessage() + "; name another with --output",
                    e);
        }
    }
}
