package io.pingagent.cli.doctor;

import io.pingagent.app.doctor.Check;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.view.StatsView;
import io.pingagent.model.PublishedCounter;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The checks of {@code doctor} for whether the running agent is asked for more than its machine can do. They use what
 * it counted in the last ten minutes: an agent that was overloaded last week is well.
 */
final class OverloadChecks {

    private static final String LOAD = "load";
    private static final String LESS_LOAD =
            "raise probe.rate-limit or the gap of the jobs' specs, or spread the addresses over more agents";

    private static final String UPLINK = "look at the uplink of this machine and at firewalls that drop ICMP";

    private static final String LOCAL_NETWORK =
            "look at interfaces, routes and firewall of this machine; 'ping-agent agent show' has the counts";

    /** One probe of so many may be late. */
    private static final int PUNCTUAL_SHARE = 100;

    /** Fewer probes may all go to addresses that are down. */
    private static final int LEAST_SAMPLE = 100;

    private final StatsView stats;
    private final Consumer<Check> sink;
    private boolean isWell = true;

    OverloadChecks(StatsView stats, Consumer<Check> sink) {
        this.stats = stats;
        this.sink = sink;
    }

    void run() {
        deadInstrument();
        if (stats.lately("seconds") < 0) {
            // An agent of an earlier version.
            return;
        }
        if (isWell) {
            refusedByKernel();
            unanswered();
        }
        deferred();
        held();
        dropped();
        invalidated();
        stalled();
        late();
        overran();
        if (isWell) {
            sink.accept(Check.ok(
                    LOAD,
                    Numbers.grouped(Math.max(0, Math.round(stats.probesPerSecond()))) + " probes/s"
                            + (stats.latenessMillis("p99") < 0
                                    ? ""
                                    : String.format(
                                            Locale.ROOT,
                                            ", 99 of 100 at most %.1f ms late",
                                            stats.latenessMillis("p99")))));
        }
    }

    private void deadInstrument() {
        if (stats.isIsolated()) {
            fail(
                    "isolation",
                    "the agent has been cut off from its network since " + stats.isolationText("since") + ": "
                            + stats.isolationText("silent") + " of " + stats.isolationText("asked")
                            + " addresses asked do not answer",
                    UPLINK);
        } else if (stats.cannotSend()) {
            fail(
                    "sending",
                    "no probe of the last minute went out, the kernel refused all "
                            + Numbers.grouped(stats.lastMinute(PublishedCounter.SEND_ERRORS)) + ": "
                            + String.join(", ", stats.sendErrors().keySet()),
                    LOCAL_NETWORK);
        } else if (stats.isSilent()) {
            fail(
                    "replies",
                    "no probe was answered for " + Numbers.grouped(stats.lastMinute("lastReplySecondsAgo")) + " s, "
                            + Numbers.grouped(stats.lastMinute(PublishedCounter.LOST))
                            + " of the last minute were lost",
                    UPLINK);
        }
    }

    private void fail(String name, String found, String remedy) {
        isWell = false;
        sink.accept(Check.fail(Check.Outcome.SERVICE_UNREACHABLE, name, found, remedy));
    }

    private void refusedByKernel() {
        long refused = stats.lately(PublishedCounter.SEND_ERRORS);
        if (refused <= 0) {
            return;
        }
        String found = Numbers.count(refused, "probe", "probes") + " of the last ten minutes could not be sent: "
                + String.join(", ", stats.sendErrors().keySet());
        if (stats.lately(PublishedCounter.SENT) == 0) {
            fail("sending", "no probe went out; " + found, LOCAL_NETWORK);
        } else {
            warn("sending", found, LOCAL_NETWORK);
        }
    }

    private void unanswered() {
        if (stats.lately(PublishedCounter.SENT) >= LEAST_SAMPLE && stats.lately(PublishedCounter.RECEIVED) == 0) {
            fail(
                    "replies",
                    "not one of " + Numbers.grouped(stats.lately(PublishedCounter.SENT))
                            + " probes of the last ten minutes was answered",
                    UPLINK);
        }
    }

    private void deferred() {
        long deferred = stats.lately(PublishedCounter.SEND_DEFERRED);
        long omitted = Math.max(0, stats.lately(PublishedCounter.SEND_OMITTED));
        if (deferred > 0 || omitted > 0) {
            warn(
                    "send queues",
                    Numbers.count(deferred, "probe", "probes") + " of the last ten minutes had to wait for room in this"
                            + " machine's queues, " + Numbers.grouped(omitted) + " were left out",
                    "look for neighbours that do not answer ('ip neigh') and slow interfaces ('tc -s qdisc');"
                            + " raising net.core.wmem_max gives more room");
        }
    }

    private void held() {
        warnUnlessZero(
                PublishedCounter.SEND_HELD,
                "slow interface",
                "probe waited in this machine's queue for too long to be answered in time, and does not count",
                "probes waited in this machine's queues for too long to be answered in time, and do not count",
                "look for an interface that is too slow for its traffic ('tc -s qdisc'), or probe the addresses behind"
                        + " it less often");
    }

    private void dropped() {
        warnUnlessZero(
                PublishedCounter.KERNEL_DROPS,
                "replies dropped",
                "packet found the receive buffer full",
                "packets found the receive buffer full",
                "raise net.core.rmem_max and probe.receive-buffer, or lower probe.rate-limit");
    }

    private void invalidated() {
        warnUnlessZero(
                // Those that were held have a line of their own.
                stats.lately(PublishedCounter.INVALIDATED) - Math.max(0, stats.lately(PublishedCounter.SEND_HELD)),
                "invalid samples",
                "probe does not count, because this machine may have lost the reply itself",
                "probes do not count, because this machine may have lost the replies itself",
                "raise net.core.rmem_max and probe.receive-buffer, or give the agent more of the processor");
    }

    private void stalled() {
        warnUnlessZero(
                PublishedCounter.RECEIVER_STALLS,
                "stalls",
                "time the agent stalled for more than a second",
                "times the agent stalled for more than a second",
                "look for a machine that pauses, swaps or lacks processor time");
    }

    private void late() {
        long sent = stats.lately(PublishedCounter.SENT);
        long late = stats.lately(PublishedCounter.SENT_LATE);
        if (late > sent / PUNCTUAL_SHARE) {
            warn(
                    "late probes",
                    String.format(
                            Locale.ROOT,
                            "%.0f %% of the probes of the last ten minutes went out"
                                    + " later than a twentieth of their interval",
                            100.0 * late / Math.max(1, sent)),
                    LESS_LOAD);
        }
    }

    private void overran() {
        warnUnlessZero(
                PublishedCounter.OVERRUNS,
                "rounds overrun",
                "round had to wait for the one before, or was left out",
                "rounds had to wait for the one before, or were left out",
                LESS_LOAD);
    }

    private void warnUnlessZero(PublishedCounter counter, String name, String one, String several, String remedy) {
        warnUnlessZero(stats.lately(counter), name, one, several, remedy);
    }

    private void warnUnlessZero(long count, String name, String one, String several, String remedy) {
        if (count > 0) {
            warn(name, Numbers.count(count, one, several) + ", in the last ten minutes", remedy);
        }
    }

    private void warn(String name, String found, String remedy) {
        isWell = false;
        sink.accept(Check.warn(name, found, remedy));
    }
}
