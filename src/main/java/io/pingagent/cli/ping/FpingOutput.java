package io.pingagent.cli.ping;

import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.Millis;
import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes what fping 5.1 writes, line for line, from the events of a ping. Replies and verdicts go to standard output;
 * errors, summaries and statistics go to standard error.
 *
 * <p>Counts are those of settled probes. Not thread-safe; {@link PingListener}'s calls do not overlap.
 */
final class FpingOutput implements PingListener {

    /**
     * What the user asked to see.
     *
     * @param leastReachable if positive, all that matters is whether so many targets answer
     */
    record Style(Probes probes, Verdicts verdicts, boolean quiet, boolean statistics, int leastReachable) {}

    /**
     * How the probes of a target are shown.
     *
     * @param areShown whether the mode counts probes ({@code -c}, {@code -C}, {@code -l}); else a target has a verdict only
     * @param areListed whether each round-trip time is kept for the summary ({@code -C})
     * @param outagePeriodNanos what a lost probe adds to the outage that a summary shows, -1 for none shown
     */
    record Probes(boolean areShown, boolean areListed, boolean timestamps, long outagePeriodNanos) {}

    /** Which verdicts are shown, and whether with the round-trip time. */
    record Verdicts(boolean onlyAlive, boolean onlyUnreachable, boolean elapsed) {}

    private static final long LOST = -1;
    private static final long[] NO_RESULTS = {};

    private final Style style;
    private final PingTargets targets;
    private final PrintStream out;
    private final PrintStream err;
    private final PingCounts counts;

    /** By target: whether the next lost probe was never sent, as the kernel reported a send error. */
    private final boolean[] hasSendError;

    /** With {@code -C}: round-trip time by target and probe, or {@link #LOST}. */
    private final long[][] results;

    private long timeouts;
    private long otherIcmp;

    /** @param targets rows to show; the events' target is an index into them */
    FpingOutput(Style style, PingTargets targets, PrintStream out, PrintStream err) {
        this.style = style;
        this.targets = targets;
        this.out = out;
        this.err = err;
        int count = targets.size();
        counts = new PingCounts(count);
        hasSendError = new boolean[count];
        results = style.probes.areListed ? new long[count][] : new long[0][];
        Arrays.fill(results, NO_RESULTS);
    }

    @Override
    public void replied(int target, int probe, int icmpBytes, long rttNanos, long wallNanos) {
        counts.replied(target, rttNanos);
        keep(target, probe, rttNanos);
        if (perProbeLines()) {
            out.println(line(target, probe, wallNanos)
                    .append(icmpBytes)
                    .append(" bytes, ")
                    .append(Millis.format(rttNanos))
                    .append(" ms (")
                    .append(averageAndLoss(target)));
            out.flush();
        } else if (!style.probes.areShown && counts.received(target) == 1) {
            alive(target, rttNanos);
        }
    }

    private void alive(int target, long rttNanos) {
        if (style.verdicts.onlyUnreachable || style.quiet && !style.verdicts.onlyAlive) {
            return;
        }
        StringBuilder line = new StringBuilder(targets.name(target));
        if (!style.verdicts.onlyAlive) {
            line.append(" is alive");
        }
        if (style.verdicts.elapsed) {
            line.append(" (").append(Millis.format(rttNanos)).append(" ms)");
        }
        out.println(line);
        out.flush();
    }

    @Override
    public void lost(int target, int probe, long wallNanos) {
        counts.lost(target);
        keep(target, probe, LOST);
        boolean wasSent = !hasSendError[target];
        hasSendError[target] = false;
        if (!wasSent) {
            return;
        }
        timeouts++;
        if (perProbeLines()) {
            out.println(line(target, probe, wallNanos).append("timed out (").append(averageAndLoss(target)));
            out.flush();
        }
    }

    /** fping reports them only where it prints no line for each probe. */
    @Override
    public void duplicate(int target, int probe, int icmpBytes, long rttNanos) {
        otherIcmp++;
        if (!perProbeLines()) {
            err.println(targets.name(target) + " : duplicate for [" + probe + "], " + icmpBytes + " bytes, "
                    + Millis.format(rttNanos) + " ms");
        }
    }

    @Override
    public void icmpError(int target, int probe, String reason, IpAddress from) {
        otherIcmp++;
        if (!style.quiet) {
            out.flush();
            err.println(reason + " from " + from + " for ICMP Echo sent to " + targets.name(target));
        }
    }

    /** In the counting modes fping says nothing. */
    @Override
    public void sendFailed(int target, int probe, String reason) {
        hasSendError[target] = true;
        if (!style.probes.areShown && !style.quiet && !style.verdicts.onlyAlive && !style.verdicts.onlyUnreachable) {
            out.flush();
            err.println(targets.name(target) + ": error while sending ping: " + reason);
        }
    }

    @Override
    public void invalidated(int target, int probe) {
        if (!style.quiet) {
            out.flush();
            err.println(targets.name(target) + ": this machine may have dropped the reply; send more slowly (-i)");
        }
    }

    /**
     * Prints what comes at the end.
     *
     * @param unknownNames names that were not found
     * @param elapsedNanos duration of the whole ping
     * @return fping's exit status, {@link ExitStatus#DONE} to {@link ExitStatus#NAME_NOT_FOUND}
     */
    int finish(int unknownNames, long elapsedNanos) {
        if (style.probes.areShown) {
            if (perProbeLines()) {
                out.flush();
                err.println();
            }
            summaries();
        } else {
            unreachable();
        }
        out.flush();
        int alive = 0;
        for (int target = 0; target < targets.size(); target++) {
            alive += counts.received(target) > 0 ? 1 : 0;
        }
        if (style.statistics) {
            statistics(alive, unknownNames, elapsedNanos);
        }
        if (style.leastReachable > 0) {
            boolean isEnough = alive >= style.leastReachable;
            out.println((isEnough ? "Enough" : "Not enough") + " hosts reachable (required: " + style.leastReachable
                    + ", reachable: " + alive + ")");
            out.flush();
            return isEnough ? ExitStatus.DONE : ExitStatus.SOME_UNREACHABLE;
        }
        if (unknownNames > 0) {
            return ExitStatus.NAME_NOT_FOUND;
        }
        return alive < targets.size() ? ExitStatus.SOME_UNREACHABLE : ExitStatus.DONE;
    }

    /** As fping: in the counting modes {@code -a} and {@code -u} leave only the summary. */
    private boolean perProbeLines() {
        return style.probes.areShown && !style.quiet && !style.verdicts.onlyAlive && !style.verdicts.onlyUnreachable;
    }

    private void keep(int target, int probe, long rttNanos) {
        if (!style.probes.areListed) {
            return;
        }
        long[] row = results[target];
        if (probe >= row.length) {
            int before = row.length;
            row = Arrays.copyOf(row, Math.max(probe + 1, Math.min(1024, before * 2)));
            Arrays.fill(row, before, row.length, LOST);
            results[target] = row;
        }
        row[probe] = rttNanos;
    }

    private StringBuilder line(int target, int probe, long wallNanos) {
        StringBuilder line = new StringBuilder(80);
        if (style.probes.timestamps) {
            long tenMicros = wallNanos / 10_000;
            String fraction = Long.toString(100_000 + tenMicros % 100_000).substring(1);
            line.append('[')
                    .append(tenMicros / 100_000)
                    .append('.')
                    .append(fraction)
                    .append("] ");
        }
        return targets.appendPadded(line, target).append('[').append(probe).append("], ");
    }

    private String averageAndLoss(int target) {
        String average = counts.received(target) == 0 ? "NaN" : Millis.format(counts.averageNanos(target));
        return average + " avg, " + counts.lossPercent(target) + "% loss)";
    }

    private void summaries() {
        StringBuilder block = new StringBuilder();
        for (int target = 0; target < targets.size(); target++) {
            targets.appendPadded(block, target);
            if (style.probes.areListed) {
                appendResults(block, target);
            } else {
                counts.appendSummary(block, target, style.probes.outagePeriodNanos);
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

    private void appendResults(StringBuilder line, int target) {
        for (int probe = 0; probe < counts.settled(target); probe++) {
            long rttNanos = probe < results[target].length ? results[target][probe] : LOST;
            line.append(probe == 0 ? "" : " ").append(rttNanos == LOST ? "-" : Millis.format(rttNanos));
        }
    }

    private void unreachable() {
        if (style.verdicts.onlyAlive || style.quiet && !style.verdicts.onlyUnreachable) {
            return;
        }
        for (int target = 0; target < targets.size(); target++) {
            if (counts.received(target) == 0) {
                out.println(
                        style.verdicts.onlyUnreachable
                                ? targets.name(target)
                                : targets.name(target) + " is unreachable");
            }
        }
    }

    private void statistics(int alive, int unknownNames, long elapsedNanos) {
        long sent = 0;
        long back = 0;
        long total = 0;
        long min = Long.MAX_VALUE;
        long max = 0;
        for (int target = 0; target < targets.size(); target++) {
            sent += counts.settled(target);
            back += counts.received(target);
            total += counts.totalNanos(target);
            max = Math.max(max, counts.maxNanos(target));
            if (counts.received(target) > 0) {
                min = Math.min(min, counts.minNanos(target));
            }
        }
        err.println();
        err.println(counted(targets.size(), "targets"));
        err.println(counted(alive, "alive"));
        err.println(counted(targets.size() - alive, "unreachable"));
        err.println(counted(unknownNames, "unknown addresses"));
        err.println();
        err.println(counted(timeouts, "timeouts (waiting for response)"));
        err.println(counted(sent, "ICMP Echos sent"));
        err.println(counted(back, "ICMP Echo Replies received"));
        err.println(counted(otherIcmp, "other ICMP received"));
        err.println();
        err.println(" " + Millis.format(back == 0 ? 0 : min) + " ms (min round trip time)");
        err.println(" " + Millis.format(back == 0 ? 0 : total / back) + " ms (avg round trip time)");
        err.println(" " + Millis.format(max) + " ms (max round trip time)");
        err.println(String.format(Locale.ROOT, " %12.3f sec (elapsed real time)", elapsedNanos / 1e9));
        err.println();
        err.flush();
    }

    private static String counted(long count, String what) {
        return String.format(Locale.ROOT, " %7d %s", count, what);
    }
}
