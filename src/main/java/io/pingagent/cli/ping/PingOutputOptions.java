package io.pingagent.cli.ping;

import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.ping.PingListener;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code ping} about what it prints. */
final class PingOutputOptions {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MOST_SECONDS = 86_400;
    private static final String CUMULATIVE = ",cumulative";
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

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
            paramLabel = "SECS[,cumulative]",
            description = "As -q, with a summary every SECS seconds: of the interval, or of all since the start.")
    private @Nullable String summaries;

    @Option(
            names = {"-J", "--json"},
            description = "With -c, -C or -l: print one JSON object per line, as fping 5.5.")
    private boolean isJson;

    @Option(
            names = {"-N", "--netdata"},
            description = "With -l and -Q: print the summaries for netdata.")
    private boolean forNetdata;

    @Option(
            names = {"-x", "--reachable"},
            paramLabel = "N",
            description = "Exit with 0 if at least N targets answer, else with 1.")
    void reachable(int least) {
        leastReachable = least;
    }

    private @Nullable Integer leastReachable;

    @Option(
            names = {"-X", "--fast-reachable"},
            paramLabel = "N",
            description = "As -x, and stop as soon as N targets have answered.")
    void fastReachable(int least) {
        leastReachable = least;
        stopsWhenEnough = true;
    }

    private boolean stopsWhenEnough;

    @Option(
            names = {"-s", "--stats"},
            description = "Print statistics at the end.")
    private boolean statistics;

    @Option(
            names = {"-D", "--timestamp"},
            description = "Print the Unix time before each probe's line.")
    private boolean timestamps;

    @Option(
            names = "--timestamp-format",
            paramLabel = "FORM",
            description = "With -D: print local time instead, as ctime, iso or rfc3339.")
    private @Nullable String timestampForm;

    @Option(names = "--print-ttl", description = "Show the TTL or hop limit of each reply.")
    private boolean showsHopLimit;

    @Option(names = "--print-tos", description = "Show the type of service or traffic class of each reply.")
    private boolean showsTrafficClass;

    /**
     * @param countsProbes whether each target gets a number of probes, whatever it answers
     * @throws CommandFailure if a value is out of range, or two options exclude each other
     */
    void check(boolean countsProbes) {
        if (onlyAlive && onlyUnreachable) {
            throw CommandFailure.usage("-a and -u exclude each other");
        }
        if (isJson && !countsProbes) {
            throw CommandFailure.usage("-J needs -c, -C or -l");
        }
        OptionRanges.check("-Q", summaries == null ? null : (Number) summarySeconds(summaries), 0, MOST_SECONDS);
        OptionRanges.check(stopsWhenEnough ? "-X" : "-x", leastReachable, 1, Integer.MAX_VALUE);
        timestamps();
    }

    boolean isQuiet() {
        return quiet || summaries != null;
    }

    boolean isJson() {
        return isJson;
    }

    boolean showsTrafficClass() {
        return showsTrafficClass;
    }

    /** Whether the ping is over once the output has enough. */
    boolean stopsWhenEnough() {
        return stopsWhenEnough;
    }

    /**
     * @param countsProbes whether each target gets a number of probes, whatever it answers
     * @param listsTimes whether the summary has each round-trip time
     * @param periodNanos between two probes to one target
     */
    FpingOutput.Style style(boolean countsProbes, boolean listsTimes, long periodNanos) {
        return new FpingOutput.Style(
                new FpingOutput.Probes(countsProbes, listsTimes, timestamps(), outagePeriodNanos(periodNanos)),
                new FpingOutput.Verdicts(onlyAlive, onlyUnreachable, elapsed),
                new FpingOutput.Header(showsTrafficClass, showsHopLimit),
                isQuiet(),
                statistics,
                isJson,
                leastReachable == null ? 0 : leastReachable);
    }

    /** The output, with the summaries of {@code -Q} if they are wanted. */
    PingListener withIntervals(FpingOutput output, PingTargets targets, long periodNanos, Terminal terminal) {
        long intervalNanos = summaries == null ? 0 : Math.round(summarySeconds(summaries) * NANOS_PER_SECOND);
        if (intervalNanos == 0) {
            return output;
        }
        PingIntervals.Form form =
                forNetdata ? PingIntervals.Form.NETDATA : isJson ? PingIntervals.Form.JSON : PingIntervals.Form.LINES;
        return new PingIntervals(
                output,
                targets,
                new PingIntervals.Summaries(
                        intervalNanos,
                        periodNanos,
                        form,
                        summaries != null && summaries.endsWith(CUMULATIVE),
                        outagePeriodNanos(periodNanos)),
                terminal.out(),
                terminal.err());
    }

    private static double summarySeconds(String text) {
        String number = text.endsWith(CUMULATIVE) ? text.substring(0, text.length() - CUMULATIVE.length()) : text;
        if (!SECONDS.matcher(number).matches()) {
            throw CommandFailure.usage("-Q takes seconds, as 10 or 10,cumulative; not '" + text + "'");
        }
        return Double.parseDouble(number);
    }

    private PingTimestamps timestamps() {
        if (timestampForm == null) {
            return timestamps ? PingTimestamps.UNIX : PingTimestamps.NONE;
        }
        PingTimestamps form = switch (timestampForm) {
            case "ctime" -> PingTimestamps.CTIME;
            case "iso" -> PingTimestamps.ISO;
            case "rfc3339" -> PingTimestamps.RFC3339;
            default ->
                throw CommandFailure.usage(
                        "--timestamp-format takes ctime, iso or rfc3339, not '" + timestampForm + "'");
        };
        return timestamps ? form : PingTimestamps.NONE;
    }

    private long outagePeriodNanos(long periodNanos) {
        return outage ? periodNanos : -1;
    }
}
