package io.pingagent.cli.ping;

import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.ping.PingListener;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code ping} about what it prints. */
final class PingOutputOptions {

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

    /** @throws CommandFailure if a value is out of range, or two options exclude each other */
    void check() {
        if (onlyAlive && onlyUnreachable) {
            throw CommandFailure.usage("-a and -u exclude each other");
        }
        OptionRanges.check("-Q", summarySeconds, 1, 86_400);
        OptionRanges.check("-x", leastReachable, 1, Integer.MAX_VALUE);
    }

    boolean isQuiet() {
        return quiet || summarySeconds != null;
    }

    /**
     * @param countsProbes whether each target gets a number of probes, whatever it answers
     * @param listsTimes whether the summary has each round-trip time
     * @param periodNanos between two probes to one target
     */
    FpingOutput.Style style(boolean countsProbes, boolean listsTimes, long periodNanos) {
        return new FpingOutput.Style(
                new FpingOutput.Probes(countsProbes, listsTimes, timestamps, outagePeriodNanos(periodNanos)),
                new FpingOutput.Verdicts(onlyAlive, onlyUnreachable, elapsed),
                isQuiet() || leastReachable != null,
                statistics,
                leastReachable == null ? 0 : leastReachable);
    }

    /** The output, with the summaries of {@code -Q} if they are wanted. */
    PingListener withIntervals(FpingOutput output, PingTargets targets, long periodNanos, Terminal terminal) {
        if (summarySeconds == null) {
            return output;
        }
        return new PingIntervals(
                output,
                targets,
                new PingIntervals.Summaries(
                        summarySeconds * 1_000_000_000L, periodNanos, forNetdata, outagePeriodNanos(periodNanos)),
                terminal.out(),
                terminal.err());
    }

    private long outagePeriodNanos(long periodNanos) {
        return outage ? periodNanos : -1;
    }
}
