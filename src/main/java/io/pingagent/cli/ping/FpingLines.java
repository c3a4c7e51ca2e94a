package io.pingagent.cli.ping;

import io.pingagent.cli.ping.FpingOutput.Style;
import io.pingagent.cli.shell.Millis;
import io.pingagent.ping.PingListener.Reply;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.Locale;

/** fping's lines for people. Replies go to standard output; summaries and statistics to standard error. */
final class FpingLines implements PingFormat {

    private final Style style;
    private final PingTargets targets;
    private final PingResults results;
    private final PrintStream out;
    private final PrintStream err;

    FpingLines(Style style, PingTargets targets, PingResults results, PrintStream out, PrintStream err) {
        this.style = style;
        this.targets = targets;
        this.results = results;
        this.out = out;
        this.err = err;
    }

    @Override
    public void replied(int row, int probe, Reply reply) {
        StringBuilder line = line(row, probe, reply.wallNanos())
                .append(reply.icmpBytes())
                .append(" bytes, ")
                .append(Millis.format(reply.rttNanos()))
                .append(" ms (")
                .append(averageAndLoss(row));
        appendHeader(line, style, reply);
        out.println(line);
        out.flush();
    }

    @Override
    public void lost(int row, int probe, long wallNanos) {
        out.println(line(row, probe, wallNanos).append("timed out (").append(averageAndLoss(row)));
        out.flush();
    }

    /** What {@code --print-tos} and {@code --print-ttl} add to a reply's line: {@code  (TOS 0) (TTL 64)}. */
    static void appendHeader(StringBuilder line, Style style, Reply reply) {
        if (style.header().trafficClass()) {
            line.append(" (TOS ").append(orUnknown(reply.trafficClass())).append(')');
        }
        if (style.header().hopLimit()) {
            line.append(" (TTL ").append(orUnknown(reply.hopLimit())).append(')');
        }
    }

    private static String orUnknown(int value) {
        return value < 0 ? "unknown" : Integer.toString(value);
    }

    private StringBuilder line(int row, int probe, long wallNanos) {
        StringBuilder line = new StringBuilder(80);
        PingTimestamps timestamps = style.probes().timestamps();
        if (timestamps != PingTimestamps.NONE) {
            line.append('[')
                    .append(timestamps.format(wallNanos, ZoneId.systemDefault()))
                    .append("] ");
        }
        return targets.appendPadded(line, row).append('[').append(probe).append("], ");
    }

    private String averageAndLoss(int row) {
        PingCounts counts = results.counts();
        String average = counts.received(row) == 0 ? "NaN" : Millis.format(counts.averageNanos(row));
        return average + " avg, " + counts.lossPercent(row) + "% loss)";
    }

    @Override
    public void summaries(boolean followLines) {
        if (followLines) {
            out.flush();
            err.println();
        }
        StringBuilder block = new StringBuilder();
        for (int row = 0; row < targets.size(); row++) {
            targets.appendPadded(block, row);
            if (style.probes().areListed()) {
                appendTimes(block, row);
            } else {
                results.counts().appendSummary(block, row, style.probes().outagePeriodNanos());
            }
            block.append(System.lineSeparator());
            if (block.length() > 1 << 14) {
                err.print(block);
                block.setLength(0);
            }
        }
        err.print(block);
        err.flush();
    }

    private void appendTimes(StringBuilder line, int row) {
        for (int probe = 0; probe < results.counts().settled(row); probe++) {
            long rttNanos = results.rttNanos(row, probe);
            line.append(probe == 0 ? "" : " ").append(rttNanos < 0 ? "-" : Millis.format(rttNanos));
        }
    }

    @Override
    public void statistics(PingResults.Statistics statistics) {
        err.println();
        err.println(counted(statistics.targets(), "targets"));
        err.println(counted(statistics.alive(), "alive"));
        err.println(counted(statistics.targets() - statistics.alive(), "unreachable"));
        err.println(counted(statistics.unknownNames(), "unknown addresses"));
        err.println();
        PingResults.Packets packets = statistics.packets();
        err.println(counted(packets.timeouts(), "timeouts (waiting for response)"));
        err.println(counted(packets.sent(), "ICMP Echos sent"));
        err.println(counted(packets.replies(), "ICMP Echo Replies received"));
        err.println(counted(packets.otherIcmp(), "other ICMP received"));
        err.println();
        PingResults.RoundTrips roundTrips = statistics.roundTrips();
        err.println(" " + Millis.format(roundTrips.minNanos()) + " ms (min round trip time)");
        err.println(" " + Millis.format(roundTrips.averageNanos()) + " ms (avg round trip time)");
        err.println(" " + Millis.format(roundTrips.maxNanos()) + " ms (max round trip time)");
        err.println(String.format(Locale.ROOT, " %12.3f sec (elapsed real time)", statistics.elapsedNanos() / 1e9));
        err.println();
        err.flush();
    }

    private static String counted(long count, String what) {
        return String.format(Locale.ROOT, " %7d %s", count, what);
    }
}
