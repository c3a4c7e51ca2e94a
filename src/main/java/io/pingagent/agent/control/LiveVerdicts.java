package io.pingagent.agent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.config.Config;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.probe.Engine;
import io.pingagent.zabbix.BridgeSettings;
import io.pingagent.zabbix.StatusJudge;
import org.jspecify.annotations.Nullable;

/**
 * Whether targets are up, and their jitter. The history of probes is kept from the first question on; what it does not know
 * yet follows from the engine's table.
 */
@AnyThread
public final class LiveVerdicts {

    private final Engine engine;
    private final ProbeFeed feed;
    private final StatusJudge judge;
    private final long silenceNanos;

    /** Guarded by this. */
    private @Nullable AddressHistory history;

    public LiveVerdicts(Engine engine, ProbeFeed feed, Config config) {
        this.engine = engine;
        this.feed = feed;
        BridgeSettings.Thresholds thresholds = config.zabbix().bridge().thresholds();
        this.judge = new StatusJudge(thresholds, this::isErrListed, feed::isIsolationSuspected);
        long intervalNanos = new CronSpecs(config.jobs().timeZone())
                .get(config.errList().spec())
                .spreadNanos();
        this.silenceNanos = thresholds.downAfter() * intervalNanos
                + config.probe().timeout().toNanos();
    }

    private synchronized AddressHistory history() {
        AddressHistory known = history;
        if (known == null) {
            known = new AddressHistory(judge);
            history = known;
            feed.history(known);
        }
        return known;
    }

    /** From now on somebody hears of targets that go down. */
    public void follow(StatusChanges listener) {
        history().changes(listener);
    }

    private boolean isErrListed(int targetId) {
        return engine.isInErrList(targetId) && !engine.isCutOff(targetId);
    }

    /** Null if nobody knows yet. */
    public @Nullable Boolean isUp(int targetId) {
        return switch (history().statusOf(targetId)) {
            case UP -> true;
            case DOWN -> false;
            case UNKNOWN -> presumablyUp(targetId);
        };
    }

    /** By the table: on the err list, it has lost at least as many probes as its silence is long. */
    private @Nullable Boolean presumablyUp(int targetId) {
        if (isErrListed(targetId) && engine.silentNanos(targetId) >= silenceNanos) {
            return false;
        }
        return engine.lastRttNanos(targetId) >= 0 ? Boolean.TRUE : null;
    }

    /** Negative while it is unknown. */
    long jitterNanos(int targetId) {
        return history().jitterNanos(targetId);
    }
}
