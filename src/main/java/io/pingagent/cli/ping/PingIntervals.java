package io.pingagent.cli.ping;

import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * The summaries that fping's {@code -Q} prints every so many seconds, on standard error. With {@code -N} for netdata and
 * with {@code -J} as JSON they go to standard output.
 *
 * <p>A probe belongs to the interval in which it was settled. Intervals end a quarter of a period before a probe is
 * due. So a pause of the machine does not move it into the next one.
 */
final class PingIntervals implements PingListener {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final PingListener next;
    private final PingTargets targets;
    private final PingCounts counts;
    private final Summaries summaries;
    private final long leadNanos;
    private final PrintStream out;
    private final PrintStream err;

    private boolean hasBegun;
    private long dueNanos;
    private boolean isDescribed;

    /**
     * What is summed up, and for whom.
     *
     * @param periodNanos between two probes to one target
     * @param isCumulative whether since the start; netdata always gets the interval alone, as from fping
     * @param outagePeriodNanos what a lost probe adds to the outage, -1 for none shown
     */
    record Summaries(long intervalNanos, long periodNanos, Form form, boolean isCumulative, long outagePeriodNanos) {}

    /** For whom. */
    enum Form {
        LINES,
        JSON,
        NETDATA
    }

    /** @param next hears of everything */
    PingIntervals(PingListener next, PingTargets targets, Summaries summaries, PrintStream out, PrintStream err) {
        this.next = next;
        this.targets = targets;
        this.counts = new PingCounts(targets.size());
        this.summaries = summaries;
        this.leadNanos = Math.min(summaries.periodNanos, summaries.intervalNanos) / 4;
        this.out = out;
        this.err = err;
    }

    @Override
    public void replied(int target, int probe, Reply reply) {
        counts.replied(target, reply.rttNanos());
        next.replied(target, probe, reply);
    }

    @Override
    public void lost(int target, int probe, long wallNanos) {
        counts.lost(target);
        next.lost(target, probe, wallNanos);
    }

    @Override
    public void duplicate(int target, int probe, int icmpBytes, long rttNanos) {
        next.duplicate(target, probe, icmpBytes, rttNanos);
    }

    @Override
    public void icmpError(int target, int probe, String reason, IpAddress from) {
        next.icmpError(target, probe, reason, from);
    }

    @Override
    public void sendFailed(int target, int probe, String reason) {
        next.sendFailed(target, probe, reason);
    }

    @Override
    public void invalidated(int target, int probe) {
        next.invalidated(target, probe);
    }

    @Override
    public void passed(long nanos) {
        if (!hasBegun) {
            hasBegun = true;
            dueNanos = nanos + summaries.intervalNanos - leadNanos;
        }
        if (nanos - dueNanos < 0) {
            return;
        }
        dueNanos += (1 + (nanos - dueNanos) / summaries.intervalNanos) * summaries.intervalNanos;
        switch (summaries.form) {
            case NETDATA -> netdata();
            case JSON -> json();
            case LINES -> lines();
        }
        if (!summaries.isCumulative || summaries.form == Form.NETDATA) {
            counts.reset();
        }
    }

    private void json() {
        long seconds = System.currentTimeMillis() / 1_000;
        StringBuilder block = new StringBuilder();
        for (int row = 0; row < targets.size(); row++) {
            FpingJson.appendInterval(block, seconds, targets, counts, row, summaries.outagePeriodNanos);
        }
        out.print(block);
        out.flush();
    }

    private void lines() {
        StringBuilder block = new StringBuilder();
        block.append('[').append(clock(LocalTime.now(ZoneId.systemDefault()))).append("]\n");
        for (int row = 0; row < targets.size(); row++) {
            targets.appendPadded(block, row);
            counts.appendSummary(block, row, summaries.outagePeriodNanos);
            block.append('\n');
        }
        err.print(block);
        err.flush();
    }

    private static String clock(LocalTime time) {
        String text = time.truncatedTo(ChronoUnit.SECONDS).toString();
        return text.length() < 8 ? text + ":00" : text;
    }

    private void netdata() {
        StringBuilder block = new StringBuilder();
        for (int row = 0; row < targets.size(); row++) {
            String name = targets.name(row);
            String id = "fping." + name.replaceAll("[^A-Za-z0-9]", "_");
            int sent = counts.settled(row);
            int back = counts.received(row);
            describe(block, id, "packets", "FPing Packets", "packets", name, "line 110020");
            dimensions(block, "xmt sent absolute 1 1", "rcv received absolute 1 1");
            begin(block, id, "packets");
            block.append("SET xmt = ")
                    .append(sent)
                    .append("\nSET rcv = ")
                    .append(back)
                    .append("\nEND\n");
            describe(block, id, "quality", "FPing Quality", "percentage", name, "area 110010");
            dimensions(block, "returned '' absolute 1 1");
            begin(block, id, "quality");
            // fping says 0 where nothing was sent, which reads like an outage; netdata shows a gap instead.
            if (sent > 0) {
                block.append("SET returned = ").append(back * 100L / sent).append('\n');
            }
            block.append("END\n");
            describe(block, id, "latency", "FPing Latency", "ms", name, "area 110000");
            dimensions(
                    block,
                    "min minimum absolute 1 1000000",
                    "max maximum absolute 1 1000000",
                    "avg average absolute 1 1000000");
            begin(block, id, "latency");
            if (back > 0) {
                block.append("SET min = ").append(counts.minNanos(row));
                block.append("\nSET avg = ").append(counts.averageNanos(row));
                block.append("\nSET max = ").append(counts.maxNanos(row)).append('\n');
            }
            block.append("END\n");
        }
        isDescribed = true;
        out.print(block);
        out.flush();
    }

    private void describe(
            StringBuilder block, String id, String chart, String title, String unit, String family, String style) {
        if (isDescribed) {
            return;
        }
        block.append("CHART ").append(id).append('_').append(chart);
        block.append(" '' '").append(title).append("' ").append(unit);
        block.append(" '")
                .append(family)
                .append("' fping.")
                .append(chart)
                .append(' ')
                .append(style);
        // Whole seconds, as fping's %.0f.
        block.append(' ')
                .append(Math.round((double) summaries.intervalNanos / NANOS_PER_SECOND))
                .append('\n');
    }

    private void dimensions(StringBuilder block, String... dimensions) {
        if (isDescribed) {
            return;
        }
        for (String dimension : dimensions) {
            block.append("DIMENSION ").append(dimension).append('\n');
        }
    }

    private static void begin(StringBuilder block, String id, String chart) {
        block.append("BEGIN ").append(id).append('_').append(chart).append('\n');
    }
}
