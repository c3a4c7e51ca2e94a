package io.pingagent.cli.ping;

import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.Millis;
import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener;
import java.io.PrintStream;

/**
 * Writes what fping 5.5 writes, line for line, from the events of a ping. Replies and verdicts go to standard output;
 * errors, summaries and statistics go to standard error, or with {@code -J} to standard output as well.
 *
 * <p>Counts are those of settled probes. Not thread-safe; {@link PingListener}'s calls do not overlap.
 */
final class FpingOutput implements PingListener {

    /**
     * What the user asked to see.
     *
     * @param isJson one JSON object a line; where probes are shown
     * @param leastReachable if positive, how many targets have to answer, and the status says whether they did
     */
    record Style(
            Probes probes,
            Verdicts verdicts,
            Header header,
            boolean quiet,
            boolean statistics,
            boolean isJson,
            int leastReachable) {}

    /**
     * How the probes of a target are shown.
     *
     * @param areShown whether the mode counts probes ({@code -c}, {@code -C}, {@code -l}); else a target has a verdict only
     * @param areListed whether each round-trip time is kept for the summary ({@code -C})
     * @param outagePeriodNanos what a lost probe adds to the outage that a summary shows, -1 for none shown
     */
    record Probes(boolean areShown, boolean areListed, PingTimestamps timestamps, long outagePeriodNanos) {}

    /** Which verdicts are shown, and whether with the round-trip time. */
    record Verdicts(boolean onlyAlive, boolean onlyUnreachable, boolean elapsed) {}

    /** What is shown of a reply's IP header: TOS or traffic class; TTL or hop limit. */
    record Header(boolean trafficClass, boolean hopLimit) {

        static final Header NONE = new Header(false, false);
    }

    private final Style style;
    private final PingTargets targets;
    private final PrintStream out;
    private final PrintStream err;
    private final PingResults results;
    private final PingFormat format;

    /** @param targets rows to show; the events' target is an index into them */
    FpingOutput(Style style, PingTargets targets, PrintStream out, PrintStream err) {
        this.style = style;
        this.targets = targets;
        this.out = out;
        this.err = err;
        results = new PingResults(targets.size(), style.probes.areListed);
        format = style.isJson
                ? new FpingJson(style, targets, results, out)
                : new FpingLines(style, targets, results, out, err);
    }

    @Override
    public void replied(int target, int probe, Reply reply) {
        boolean isFirst = results.replied(target, probe, reply.rttNanos());
        if (perProbeLines()) {
            format.replied(target, probe, reply);
        } else if (!style.probes.areShown && isFirst) {
            alive(target, reply);
        }
    }

    private void alive(int target, Reply reply) {
        if (!allVerdicts() && !style.verdicts.onlyAlive) {
            return;
        }
        StringBuilder line = new StringBuilder(targets.name(target));
        if (!style.verdicts.onlyAlive) {
            line.append(" is alive");
        }
        FpingLines.appendHeader(line, style, reply);
        if (style.verdicts.elapsed) {
            line.append(" (").append(Millis.format(reply.rttNanos())).append(" ms)");
        }
        out.println(line);
        out.flush();
    }

    @Override
    public void lost(int target, int probe, long wallNanos) {
        if (results.lost(target, probe) && perProbeLines()) {
            format.lost(target, probe, wallNanos);
        }
    }

    /** fping up to 5.4 reports them in the counting modes with -q as well. */
    @Override
    public void duplicate(int target, int probe, int icmpBytes, long rttNanos) {
        results.duplicate();
        if (!style.probes.areShown) {
            err.println(targets.name(target) + " : duplicate for [" + probe + "], " + icmpBytes + " bytes, "
                    + Millis.format(rttNanos) + " ms");
        }
    }

    @Override
    public void icmpError(int target, int probe, String reason, IpAddress from) {
        results.icmpError();
        if (!style.quiet) {
            out.flush();
            String request = targets.address(target).isV6() ? "ICMPv6 Echo Request" : "ICMP Echo";
            err.println(reason + " from " + from + " for " + request + " sent to " + targets.name(target));
        }
    }

    /** In the counting modes fping says nothing. */
    @Override
    public void sendFailed(int target, int probe, String reason) {
        results.sendFailed(target);
        if (!style.probes.areShown && allVerdicts()) {
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

    /** Whether as many targets have answered as have to. */
    boolean hasEnough() {
        return style.leastReachable > 0 && results.alive() >= style.leastReachable;
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
            format.summaries(perProbeLines());
        } else {
            unreachable();
        }
        out.flush();
        if (style.statistics) {
            format.statistics(results.statistics(unknownNames, elapsedNanos));
        }
        int alive = results.alive();
        if (style.leastReachable > 0) {
            out.println((hasEnough() ? "Enough" : "Not enough") + " hosts reachable (required: " + style.leastReachable
                    + ", reachable: " + alive + ")");
            out.flush();
            return hasEnough() ? ExitStatus.DONE : ExitStatus.SOME_UNREACHABLE;
        }
        if (unknownNames > 0) {
            return ExitStatus.NAME_NOT_FOUND;
        }
        return alive < targets.size() ? ExitStatus.SOME_UNREACHABLE : ExitStatus.DONE;
    }

    /** As in fping 5.2 and newer, -a, -u and -x change nothing about them; in 5.1 they left only the summary. */
    private boolean perProbeLines() {
        return style.probes.areShown && !style.quiet;
    }

    /** Whether each target has its verdict, and errors of this machine are shown. */
    private boolean allVerdicts() {
        return !style.quiet
                && !style.verdicts.onlyAlive
                && !style.verdicts.onlyUnreachable
                && style.leastReachable == 0;
    }

    private void unreachable() {
        if (!allVerdicts() && !style.verdicts.onlyUnreachable) {
            return;
        }
        for (int target = 0; target < targets.size(); target++) {
            if (results.counts().received(target) == 0) {
                out.println(
                        style.verdicts.onlyUnreachable
                                ? targets.name(target)
                                : targets.name(target) + " is unreachable");
            }
        }
    }
}
