package io.pingagent.cli.ping;

import io.pingagent.cli.ping.FpingOutput.Style;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Millis;
import io.pingagent.ping.PingListener.Reply;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.Locale;

/**
 * fping's {@code -J}, as {@code doc/fping-json.md} of fping 5.5 has it: one JSON object a line, all on standard output.
 * Unlike fping's, names are escaped as JSON demands.
 */
final class FpingJson implements PingFormat {

    private final Style style;
    private final PingTargets targets;
    private final PingResults results;
    private final PrintStream out;

    FpingJson(Style style, PingTargets targets, PingResults results, PrintStream out) {
        this.style = style;
        this.targets = targets;
        this.results = results;
        this.out = out;
    }

    /** What is said of a name that has no address: {@code {"warning": {"host": "x", "message": "…"}}}. */
    static String warning(String name, String message) {
        return "{\"warning\": {\"host\": " + Json.quoted(name) + ", \"message\": " + Json.quoted(message) + "}}";
    }

    @Override
    public void replied(int row, int probe, Reply reply) {
        StringBuilder line = probe("resp", row, probe, reply.wallNanos())
                .append(", \"size\": ")
                .append(reply.icmpBytes())
                .append(", \"rtt\": ")
                .append(Millis.format(reply.rttNanos()));
        if (style.header().trafficClass()) {
            line.append(", \"tos\": ").append(reply.trafficClass());
        }
        if (style.header().hopLimit()) {
            line.append(", \"ttl\": ").append(reply.hopLimit());
        }
        out.println(line.append("}}"));
        out.flush();
    }

    @Override
    public void lost(int row, int probe, long wallNanos) {
        out.println(probe("timeout", row, probe, wallNanos).append("}}"));
        out.flush();
    }

    private StringBuilder probe(String type, int row, int probe, long wallNanos) {
        StringBuilder line = new StringBuilder(120).append("{\"").append(type).append("\": {");
        PingTimestamps timestamps = style.probes().timestamps();
        if (timestamps != PingTimestamps.NONE) {
            line.append("\"timestamp\": \"")
                    .append(timestamps.format(wallNanos, ZoneId.systemDefault()))
                    .append("\", ");
        }
        return appendHost(line, targets, row).append(", \"seq\": ").append(probe);
    }

    private static StringBuilder appendHost(StringBuilder line, PingTargets targets, int row) {
        return line.append("\"host\": ").append(Json.quoted(targets.name(row)));
    }

    @Override
    public void summaries(boolean followLines) {
        StringBuilder block = new StringBuilder();
        for (int row = 0; row < targets.size(); row++) {
            if (style.probes().areListed()) {
                appendHost(block.append("{\"vSum\": {"), targets, row).append(", \"values\": [");
                appendTimes(block, row);
                block.append("]}}\n");
            } else {
                appendHost(block.append("{\"summary\": {"), targets, row);
                appendCounts(block, results.counts(), row, style.probes().outagePeriodNanos());
                block.append("}}\n");
            }
            if (block.length() > 1 << 14) {
                out.print(block);
                block.setLength(0);
            }
        }
        out.print(block);
        out.flush();
    }

    private void appendTimes(StringBuilder line, int row) {
        for (int probe = 0; probe < results.counts().settled(row); probe++) {
            long rttNanos = results.rttNanos(row, probe);
            line.append(probe == 0 ? "" : ", ").append(rttNanos < 0 ? "null" : Millis.format(rttNanos));
        }
    }

    /**
     * One line of {@code -Q}.
     *
     * @param seconds Unix time
     */
    static void appendInterval(
            StringBuilder block,
            long seconds,
            PingTargets targets,
            PingCounts counts,
            int row,
            long outagePeriodNanos) {
        block.append("{\"intSum\": {\"time\": ").append(seconds).append(',');
        appendHost(block, targets, row);
        appendCounts(block, counts, row, outagePeriodNanos);
        block.append("}}\n");
    }

    private static void appendCounts(StringBuilder line, PingCounts counts, int row, long outagePeriodNanos) {
        line.append(", \"xmt\": ")
                .append(counts.settled(row))
                .append(", \"rcv\": ")
                .append(counts.received(row))
                .append(", \"loss\": ")
                .append(counts.lossPercent(row));
        if (outagePeriodNanos >= 0) {
            line.append(", \"outage(ms)\": ").append(counts.outageMillis(row, outagePeriodNanos));
        }
        if (counts.received(row) > 0) {
            appendRoundTrips(line, counts.minNanos(row), counts.averageNanos(row), counts.maxNanos(row));
        }
    }

    private static void appendRoundTrips(StringBuilder line, long minNanos, long averageNanos, long maxNanos) {
        line.append(", \"rttMin\": ")
                .append(Millis.format(minNanos))
                .append(", \"rttAvg\": ")
                .append(Millis.format(averageNanos))
                .append(", \"rttMax\": ")
                .append(Millis.format(maxNanos));
    }

    @Override
    public void statistics(PingResults.Statistics statistics) {
        PingResults.Packets packets = statistics.packets();
        PingResults.RoundTrips roundTrips = statistics.roundTrips();
        StringBuilder line = new StringBuilder("{\"stats\": {\"targets\": ")
                .append(statistics.targets())
                .append(", \"alive\": ")
                .append(statistics.alive())
                .append(", \"unreachable\": ")
                .append(statistics.targets() - statistics.alive())
                .append(", \"unknownAddresses\": ")
                .append(statistics.unknownNames())
                .append(", \"timeouts\": ")
                .append(packets.timeouts())
                .append(", \"icmpEchosSent\": ")
                .append(packets.sent())
                .append(", \"icmpEchoRepliesReceived\": ")
                .append(packets.replies())
                .append(", \"otherIcmpReceived\": ")
                .append(packets.otherIcmp());
        appendRoundTrips(line, roundTrips.minNanos(), roundTrips.averageNanos(), roundTrips.maxNanos());
        line.append(String.format(Locale.ROOT, ", \"elapsed\": %.3f}}", statistics.elapsedNanos() / 1e9));
        out.println(line);
        out.flush();
    }
}
