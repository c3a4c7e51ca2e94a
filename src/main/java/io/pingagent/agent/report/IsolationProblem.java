package io.pingagent.agent.report;

import io.pingagent.model.Problem;
import io.pingagent.probe.Isolation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What users read when the agent is cut off from its network. Stateless. */
public final class IsolationProblem {

    private IsolationProblem() {}

    /** Null while the agent is connected. */
    public static @Nullable Problem of(Isolation isolation) {
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
