package io.pingagent.agent;

import io.pingagent.model.Problem;
import io.pingagent.probe.Isolation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Says when the agent is cut off from its network, and when it no longer is. One thread, but for {@link #problem}. */
final class IsolationLog {

    private static final Logger LOG = LogManager.getLogger(IsolationLog.class);

    private final Supplier<Isolation> isolation;
    private long isolatedSinceWallNanos;

    IsolationLog(Supplier<Isolation> isolation) {
        this.isolation = isolation;
    }

    /** About once a second. */
    void write() {
        Isolation now = isolation.get();
        if (now.isIsolated() && isolatedSinceWallNanos == 0) {
            isolatedSinceWallNanos = now.sinceWallNanos();
            LOG.warn("{}", problem(now));
        } else if (now.state() == Isolation.State.CONNECTED && isolatedSinceWallNanos != 0) {
            LOG.info(
                    "the agent is connected to its network again, after {} s",
                    TimeUnit.NANOSECONDS.toSeconds(now.sinceWallNanos() - isolatedSinceWallNanos));
            isolatedSinceWallNanos = 0;
        }
    }

    /** What people have to do about it, or null while the agent is connected. Any thread. */
    static @Nullable Problem problem(Isolation isolation) {
        if (!isolation.isIsolated()) {
            return null;
        }
        return new Problem(
                "this machine's network",
                "the agent has been cut off since " + since(isolation) + ": " + isolation.silent() + " of "
                        + isolation.asked()
                        + " addresses asked do not answer; no address counts as down until it is over",
                "look at the uplink, the routes and the firewalls of this machine");
    }

    /** ISO 8601, whole seconds. */
    static String since(Isolation isolation) {
        return Instant.EPOCH
                .plusNanos(isolation.sinceWallNanos())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
