package io.pingagent.agent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.config.Config;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.AddressStatus;
import io.pingagent.probe.Engine;
import io.pingagent.zabbix.BridgeSettings;
import io.pingagent.zabbix.BridgedTargets;
import io.pingagent.zabbix.StatusJudge;
import io.pingagent.zabbix.StatusJudge.Status;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The status of targets, and their jitter. The history of probes is kept from the first question on; what it does not know
 * yet follows from the engine's table.
 */
@AnyThread
public final class LiveVerdicts {

    private static final int NO_PARENT = -1;

    /** What is asked of the engine, as {@link Engine} says it. */
    interface Probed {

        boolean isOnErrList(int targetId);

        long silentNanos(int targetId);

        long lastRttNanos(int targetId);

        long timeoutNanos(int targetId);

        void ask(int targetId);
    }

    private record ByEngine(Engine engine) implements Probed {

        @Override
        public boolean isOnErrList(int targetId) {
            return engine.isInErrList(targetId) && !engine.isCutOff(targetId);
        }

        @Override
        public long silentNanos(int targetId) {
            return engine.silentNanos(targetId);
        }

        @Override
        public long lastRttNanos(int targetId) {
            return engine.lastRttNanos(targetId);
        }

        @Override
        public long timeoutNanos(int targetId) {
            return engine.settings(targetId).timeoutNanos();
        }

        @Override
        public void ask(int targetId) {
            engine.ask(targetId);
        }
    }

    private final Probed engine;
    private final ProbeFeed feed;
    private final StatusJudge judge;
    private final BridgeSettings.Thresholds thresholds;
    private final IntUnaryOperator parents;
    private final NanoClock clock;
    private final long silenceNanos;

    /** Guarded by this. */
    private @Nullable AddressHistory history;

    /** Guarded by this: whoever was asked for a reply last, which need not be done for each of its children. */
    private int lastAsked = NO_PARENT;

    private long lastAskedNanos;

    /** @param parents what stands next above a target, negative if nothing does */
    public LiveVerdicts(Engine engine, ProbeFeed feed, Config config, IntUnaryOperator parents, NanoClock clock) {
        this(new ByEngine(engine), feed, config.zabbix().bridge().thresholds(), silenceNanos(config), parents, clock);
    }

    /** @param silenceNanos whoever is on the err list and silent for that long is down */
    LiveVerdicts(
            Probed engine,
            ProbeFeed feed,
            BridgeSettings.Thresholds thresholds,
            long silenceNanos,
            IntUnaryOperator parents,
            NanoClock clock) {
        this.engine = engine;
        this.feed = feed;
        this.thresholds = thresholds;
        this.silenceNanos = silenceNanos;
        this.parents = parents;
        this.clock = clock;
        this.judge = new StatusJudge(thresholds, engine::isOnErrList, feed::isIsolationSuspected);
    }

    private static long silenceNanos(Config config) {
        long intervalNanos = new CronSpecs(config.jobs().timeZone())
                .get(config.errList().spec())
                .spreadNanos();
        return config.zabbix().bridge().thresholds().downAfter() * intervalNanos
                + config.probe().timeout().toNanos();
    }

    private synchronized AddressHistory history() {
        AddressHistory known = history;
        if (known == null) {
            known = new AddressHistory(judge, clock);
            history = known;
            feed.history(known);
        }
        return known;
    }

    /** From now on somebody hears of targets that go down. */
    public void follow(StatusChanges listener) {
        history().changes(listener);
    }

    /** Null if nobody knows yet. */
    public @Nullable AddressStatus status(int targetId) {
        Status own = judged(targetId);
        if (own != Status.DOWN) {
            return own == Status.UP ? AddressStatus.UP : null;
        }
        int parent = parents.applyAsInt(targetId);
        return parent < 0 ? AddressStatus.DOWN : behind(targetId, parent);
    }

    /**
     * A target that is down, and whose parents may be. It is shown as by the bridge to Zabbix. After the return of a
     * dead parent it has time to answer, and is still behind it. While nothing is known of the parent it is what it was
     * before.
     */
    private @Nullable AddressStatus behind(int targetId, int parent) {
        long downNanos = downNanos(targetId);
        long longestTimeoutNanos = 0;
        int above = parent;
        for (int level = 1; above >= 0 && level <= BridgedTargets.MOST_LEVELS; level++) {
            if (judged(above) == Status.DOWN || hasJustReturned(above, downNanos)) {
                return AddressStatus.BEHIND_DEAD_PARENT;
            }
            longestTimeoutNanos = Math.max(longestTimeoutNanos, engine.timeoutNanos(above));
            above = parents.applyAsInt(above);
        }
        boolean answers = engine.lastRttNanos(parent) >= 0 && engine.silentNanos(parent) < downNanos;
        if (answers || downNanos >= thresholds.verdictNanos(longestTimeoutNanos)) {
            return AddressStatus.DOWN;
        }
        askFrom(parent);
        return engine.lastRttNanos(targetId) >= 0 ? AddressStatus.UP : null;
    }

    /** How long ago the target was judged down. */
    private long downNanos(int targetId) {
        return history().statusOf(targetId) == Status.DOWN
                ? history().sinceVerdictNanos(targetId)
                : Math.max(0, engine.silentNanos(targetId) - silenceNanos);
    }

    /** Whether it came up after the target behind it went down, and that may yet answer. */
    private boolean hasJustReturned(int targetId, long downNanos) {
        if (history().statusOf(targetId) != Status.UP) {
            return false;
        }
        long upNanos = history().sinceVerdictNanos(targetId);
        return upNanos < downNanos && upNanos < thresholds.returnNanos();
    }

    private synchronized void askFrom(int parent) {
        long nowNanos = clock.monotonicNanos();
        if (parent == lastAsked && nowNanos - lastAskedNanos < silenceNanos) {
            return;
        }
        lastAsked = parent;
        lastAskedNanos = nowNanos;
        int above = parent;
        for (int level = 1; above >= 0 && level <= BridgedTargets.MOST_LEVELS; level++) {
            engine.ask(above);
            above = parents.applyAsInt(above);
        }
    }

    /** The verdict by itself, whatever its parents are; null if nobody knows yet. */
    public @Nullable Boolean isUp(int targetId) {
        Status known = judged(targetId);
        return known == Status.UNKNOWN ? null : Boolean.valueOf(known == Status.UP);
    }

    private Status judged(int targetId) {
        Status known = history().statusOf(targetId);
        return known == Status.UNKNOWN ? presumed(targetId) : known;
    }

    /** By the table: on the err list, it has lost at least as many probes as its silence is long. */
    private Status presumed(int targetId) {
        if (engine.isOnErrList(targetId) && engine.silentNanos(targetId) >= silenceNanos) {
            return Status.DOWN;
        }
        return engine.lastRttNanos(targetId) >= 0 ? Status.UP : Status.UNKNOWN;
    }

    /** Negative while it is unknown. */
    long jitterNanos(int targetId) {
        return history().jitterNanos(targetId);
    }
}
