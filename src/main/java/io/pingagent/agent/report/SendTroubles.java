package io.pingagent.agent.report;

import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.SendErrors;
import io.pingagent.model.Problem;
import io.pingagent.model.PublishedCounter;
import io.pingagent.probe.Engine;
import io.pingagent.probe.SendErrorCounts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What this machine could not send in the last minute, as problems. An address that is silent for want of a route must
 * not look like one that does not answer.
 */
@OwnedBy("caller")
public final class SendTroubles {

    /** What {@link #problems} may look back at, between two calls of {@link #advance} each minute. */
    static final Duration WINDOW = Duration.ofSeconds(130);

    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int MAX_KEPT = 64;
    private static final String SLOW_INTERFACE = "look for an interface that is too slow for its traffic"
            + " ('tc -s qdisc'), or probe the addresses behind it less often";

    /** Totals at one moment. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Totals(CounterReadings counts, long[] byErrno) {}

    /**
     * Counts of about the last minute.
     *
     * @param silentNanos time since a reply was last seen to have come, or since the start
     */
    record LastMinute(long atNanos, long sent, long received, long lost, long sendErrors, long silentNanos) {

        boolean cannotSend() {
            return sendErrors > 0 && sent == 0;
        }

        /** Probes that are merely under way are no silence, nor is the first minute. */
        boolean isSilent() {
            return lost > 0 && received == 0 && silentNanos >= MINUTE_NANOS;
        }
    }

    private final Engine engine;
    private final SendErrorTally sendErrors;
    private final Deque<Totals> kept = new ArrayDeque<>();
    private long lastReplyNanos;

    public SendTroubles(Engine engine, SendErrorTally sendErrors) {
        this.engine = engine;
        this.sendErrors = sendErrors;
        lastReplyNanos = System.nanoTime();
        kept.addLast(totals(lastReplyNanos));
    }

    private Totals totals(long nowNanos) {
        SendErrorCounts errors = engine.sendErrors();
        long[] byErrno = new long[errors.limit()];
        for (int errno = 0; errno < byErrno.length; errno++) {
            byErrno[errno] = errors.get(errno);
        }
        return new Totals(CounterReadings.of(engine, nowNanos), byErrno);
    }

    /** Takes the counts of now; to be called before {@link #problems}, regularly. */
    LastMinute advance() {
        Totals now = totals(System.nanoTime());
        while (kept.size() > 1 && now.counts.atNanos() - second().counts.atNanos() > MINUTE_NANOS
                || kept.size() > MAX_KEPT) {
            kept.removeFirst();
        }
        if (now.counts.get(PublishedCounter.RECEIVED) != kept.getLast().counts.get(PublishedCounter.RECEIVED)) {
            lastReplyNanos = now.counts.atNanos();
        }
        kept.addLast(now);
        return lastMinute();
    }

    private LastMinute lastMinute() {
        CounterReadings growth = growth();
        return new LastMinute(
                growth.atNanos(),
                growth.get(PublishedCounter.SENT),
                growth.get(PublishedCounter.RECEIVED),
                growth.get(PublishedCounter.LOST),
                growth.get(PublishedCounter.SEND_ERRORS),
                kept.getLast().counts.atNanos() - lastReplyNanos);
    }

    private CounterReadings growth() {
        return kept.getLast().counts.since(kept.getFirst().counts);
    }

    /** Of about the last minute, up to the last {@link #advance}. */
    List<Problem> problems() {
        CounterReadings growth = growth();
        List<Problem> problems = new ArrayList<>();
        long sent = growth.get(PublishedCounter.SENT);
        long deferred = growth.get(PublishedCounter.SEND_DEFERRED);
        long omitted = growth.get(PublishedCounter.SEND_OMITTED);
        long held = growth.get(PublishedCounter.SEND_HELD);
        if (growth.get(PublishedCounter.SEND_ERRORS) > 0) {
            problems.add(sendErrorProblem(sent, growth.get(PublishedCounter.SEND_ERRORS)));
        }
        LastMinute minute = lastMinute();
        Problem isolated = IsolationProblem.of(engine.isolation());
        if (isolated != null) {
            problems.add(isolated);
        } else if (minute.isSilent() && !minute.cannotSend()) {
            problems.add(new Problem(
                    "this machine's network",
                    "no probe was answered for " + TimeUnit.NANOSECONDS.toSeconds(minute.silentNanos) + " s, "
                            + minute.lost + " of the last minute were lost",
                    "look at the uplink of this machine and at firewalls that drop ICMP"));
        }
        if (deferred > 0 || omitted > 0) {
            problems.add(new Problem(
                    "this machine's send queues",
                    ProbeCountText.probes(deferred) + " of the last minute had to wait for room, " + omitted
                            + " were left out, " + sent + " were sent",
                    "look for neighbours that do not answer ('ip neigh') and interfaces that are too slow ('tc -s qdisc');"
                            + " nobody else waits for them"));
        }
        if (held > 0) {
            problems.add(new Problem(
                    "this machine's send queues",
                    ProbeCountText.probes(held)
                            + " of the last minute waited in the queue of a slow interface for too"
                            + " long to be answered in time; they do not count",
                    SLOW_INTERFACE));
        }
        return problems;
    }

    private Totals second() {
        return kept.stream().skip(1).findFirst().orElseThrow();
    }

    private Problem sendErrorProblem(long sent, long errors) {
        long[] now = kept.getLast().byErrno;
        long[] then = kept.getFirst().byErrno;
        int worst = 0;
        for (int errno = 0; errno < now.length; errno++) {
            if (now[errno] - then[errno] > now[worst] - then[worst]) {
                worst = errno;
            }
        }
        String lastAddress = engine.address(sendErrors.lastSendErrorTarget()).toString();
        return new Problem(
                "this machine's network",
                (sent == 0
                                ? "no probe of the last minute could be sent"
                                : errors + " of " + ProbeCountText.probes(sent + errors)
                                        + " of the last minute could not be sent")
                        + ", most of them for " + SendErrors.describe(worst) + "; the last one to " + lastAddress,
                SendErrors.remedy(worst, lastAddress));
    }
}
