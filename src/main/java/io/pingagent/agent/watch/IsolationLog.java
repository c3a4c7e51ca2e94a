package io.pingagent.agent.watch;

import io.pingagent.agent.report.IsolationProblem;
import io.pingagent.base.OwnedBy;
import io.pingagent.probe.Isolation;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Logs when the agent is cut off from its network, and when it is connected again. */
@OwnedBy("ping-housekeeping")
public final class IsolationLog {

    private static final Logger LOG = LogManager.getLogger(IsolationLog.class);

    private final Supplier<Isolation> isolation;
    private long isolatedSinceWallNanos;

    public IsolationLog(Supplier<Isolation> isolation) {
        this.isolation = isolation;
    }

    /** About once a second. */
    public void write() {
        Isolation now = isolation.get();
        if (now.isIsolated() && isolatedSinceWallNanos == 0) {
            isolatedSinceWallNanos = now.sinceWallNanos();
            LOG.warn("{}", IsolationProblem.of(now));
        } else if (now.state() == Isolation.State.CONNECTED && isolatedSinceWallNanos != 0) {
            LOG.info(
                    "the agent is connected to its network again, after {} s",
                    TimeUnit.NANOSECONDS.toSeconds(now.sinceWallNanos() - isolatedSinceWallNanos));
            isolatedSinceWallNanos = 0;
        }
    }
}
