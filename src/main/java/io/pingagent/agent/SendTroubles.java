package io.pingagent.agent;

import io.pingagent.icmp.SendErrors;
import io.pingagent.model.Problem;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Engine;
import io.pingagent.probe.SendErrorCounts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What this machine could not send in the last minute, as problems: an address that is silent for want of a route must not
 * look like one that does not answer. One thread.
 */
final class SendTroubles {

    /** What {@link #problems} may look back at, between two calls of {@link #advance} each minute. */
    static final Duration WINDOW = Duration.ofSeconds(130);

    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int MAX_KEPT = 64;
    private static final String SLOW_INTERFACE = "look for an interface that is too slow for its traffic"
            + " ('tc -s qdisc'), or probe the addresses behind it less often";

    /** Totals at one moment. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Totals(
            long atNanos,
            long sent,
            long received,
            long lost,
            long refused,
            long deferred,
            long omitted,
            long held,
            long[] byErrno) {}

    /**
     * Counts of about the last minute.
     *
     * @param silentNanos time since a reply was last seen to have come, or since the start
     */
    record LastMinute(long atNanos, long sent, long received, long lost, long refused, long silentNanos) {

        boolean cannotSend() {
            return refused > 0 && sent == 0;
        }

        /** Probes that are merely under way are no silence, nor is the first minute. */
        boolean isSilent() {
            return lost > 0 && received == 0 && silentNanos >= MINUTE_NANOS;
        }
    }

    private final Engine engine;
    private final AgentListener listener;
    private final Deque<Totals> kept = new ArrayDeque<>();
    private long lastReplyNanos;

    SendTroubles(Engine engine, AgentListener listener) {
        this.engine = engine;
        this.listener = listener;
        lastReplyNanos = System.nanoTime();
        kept.addLast(totals(lastReplyNanos));
    }

    private Totals totals(long nowNanos) {
        SendErrorCounts errors = engine.sendErrors();
        long[] byErrno = new long[errors.limit()];
        for (int errno = 0; errno < byErrno.length; errno++) {
            byErrno[errno] = errors.get(errno);
        }
        return new Totals(
                nowNanos,
                engine.counters().get(Counter.SENT),
                engine.counters().get(Counter.RECEIVED),
                engine.counters().get(Counter.LOST),
                engine.counters().get(Counter.SEND_ERROR),
                engine.counters().get(Counter.SEND_DEFERRED),
                engine.counters().get(Counter.SEND_OMITTED),
                engine.counters().get(Counter.SEND_HELD),
                byErrno);
    }

    /** Takes the counts of now; to be called before {@link #problems}, regularly. */
    LastMinute advance() {
        Totals now = totals(System.nanoTime());
        while (kept.size() > 1 && now.atNanos - second().atNanos > MINUTE_NANOS || kept.size() > MAX_KEPT) {
            kept.removeFirst();
        }
        if (now.received != kept.getLast().received) {
            lastReplyNanos = now.atNanos;
        }
        kept.addLast(now);
        return lastMinute();
    }

    private LastMinute lastMinute() {
        Totals now = kept.getLast();
        Totals then = kept.getFirst();
        return new LastMinute(
                now.atNanos - then.atNanos,
                now.sent - then.sent,
                now.received - then.received,
                now.lost - then.lost,
                now.refused - then.refused,
                now.atNanos - lastReplyNanos);
    }

    /** Of about the last minute, up to the last {@link #advance}. */
    List<Problem> problems() {
        Totals now = kept.getLast();
        Totals then = kept.getFirst();
        List<Problem> problems = new ArrayList<>();
        long sent = now.sent - then.sent;
        if (now.refused > then.refused) {
            problems.add(refused(sent, now, then));
        }
        LastMinute minute = lastMinute();
        Problem isolated = IsolationLog.problem(engine.isolation());
        if (isolated != null) {
            problems.add(isolated);
        } else if (minute.isSilent() && !minute.cannotSend()) {
            problems.add(new Problem(
                    "this machine's network",
                    "no probe was answered for " + TimeUnit.NANOSECONDS.toSeconds(minute.silentNanos) + " s, "
                            + minute.lost + " of the last minute were lost",
                    "look at the uplink of this machine and at firewalls that drop ICMP"));
        }
        if (now.deferred > then.deferred || now.omitted > then.omitted) {
            problems.add(new Problem(
                    "this machine's send queues",
                    Counted.probes(now.deferred - then.deferred) + " of the last minute had to wait for room, "
                            + (now.omitted - then.omitted) + " were left out, " + sent + " were sent",
                    "look for neighbours that do not answer ('ip neigh') and interfaces that are too slow ('tc -s qdisc');"
                            + " nobody else waits for them"));
        }
        if (now.held > then.held) {
            problems.add(new Problem(
                    "this machine's send queues",
                    Counted.probes(now.held - then.held)
                            + " of the last minute waited in the queue of a slow interface for too"
                            + " long to be answered in time; they do not count",
                    SLOW_INTERFACE));
        }
        return problems;
    }

    private Totals second() {
        return kept.stream().skip(1).findFirst().orElseThrow();
    }

    private Problem refused(long sent, Totals now, Totals then) {
        long refused = now.refused - then.refused;
        int worst = 0;
        for (int errno = 0; errno < now.byErrno.length; errno++) {
            if (now.byErrno[errno] - then.byErrno[errno] > now.byErrno[worst] - then.byErrno[worst]) {
                worst = errno;
            }
        }
        String lastAddress = engine.address(listener.lastRefusedTarget()).toString();
        return new Problem(
                "this machine's network",
                (sent == 0
                                ? "no probe of the last minute could be sent"
                                : refused + " of " + Counted.probes(sent + refused)
                                        + " of the last minute could not be sent")
                        + ", most of them for " + SendErrors.describe(worst) + "; the last one to " + lastAddress,
                SendErrors.remedy(worst, lastAddress));
    }
}
