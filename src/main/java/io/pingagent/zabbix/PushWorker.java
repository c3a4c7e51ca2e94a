package io.pingagent.zabbix;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.AddressStatus;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes values of what is measured and puts them into the buffer:
 *
 * <ul>
 *   <li>A change of status at once.
 *   <li>A row of each target once per push interval, at the target's own tick.
 *   <li>The agent's own values at the first tick.
 * </ul>
 *
 * <p>A target whose job is slower than the push interval has its status repeated in every interval. So Zabbix can
 * distinguish silence from a status that lasts.
 */
@OwnedBy("ping-zabbix")
final class PushWorker {

    private static final long MAX_TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MIN_TICKS = 4;
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long VERSION_NANOS = TimeUnit.HOURS.toNanos(1);

    private final BridgeSettings settings;
    private final BridgedTargets targets;
    private final AgentFacts facts;
    private final Supplier<List<Problem>> bridgeProblems;
    private final ValueCollector collector;
    private final QueueAndHeld buffers;
    private final LongSupplier wallNanos;
    private final ValueFormat format;
    private final PushPlan plan;
    private final DeadParents parents;
    private final long tickNanos;
    private final IntervalRow row = new IntervalRow();
    private final List<ZabbixValue> made = new ArrayList<>();
    private final PathValues paths = new PathValues();

    /** Targets of which the last loss that was sent is above 0. */
    private final BitSet lossSent = new BitSet();
    /** With {@code errListOnly}: targets that were on the err list, and whose last row had losses. */
    private final BitSet rowOwed = new BitSet();

    private boolean isolatedSent;
    /** The newest stamp of that item: its values are read in the order of their stamps. */
    private long isolatedStampNanos;
    /** Until then rows may hold losses of before the agent was known to be cut off. */
    private long doubtfulUntilNanos;

    private boolean isDoubtful;
    private boolean wasIsolated;

    /** Stamps of the last statuses by target: no stamp goes out twice, as a change and in a row. */
    private long[] statusNanos = {};

    private long lastNanos;
    private long nextTick;
    private long startNanos;
    private boolean waiting;
    private long waitingNanos;
    private boolean started;
    private boolean planned;
    private long planVersion;
    private boolean versionSent;
    private long versionSentNanos;

    PushWorker(
            BridgeSettings settings,
            BridgedTargets targets,
            AgentFacts facts,
            Supplier<List<Problem>> bridgeProblems,
            ValueCollector collector,
            QueueAndHeld buffers,
            LongSupplier wallNanos) {
        this.settings = settings;
        this.targets = targets;
        this.facts = facts;
        this.bridgeProblems = bridgeProblems;
        this.collector = collector;
        this.buffers = buffers;
        this.wallNanos = wallNanos;
        this.format = new ValueFormat(settings);
        long intervalNanos = settings.values().pushInterval().toNanos();
        int ticks = (int) Math.max(MIN_TICKS, (intervalNanos + MAX_TICK_NANOS - 1) / MAX_TICK_NANOS);
        this.tickNanos = intervalNanos / ticks;
        this.plan = new PushPlan(collector, ticks);
        this.parents = new DeadParents(settings.thresholds(), targets, collector::status);
    }

    /**
     * Everything that is due.
     *
     * @return whether values were put into the buffer
     */
    boolean work(long nowNanos) {
        lastNanos = nowNanos;
        if (!hasBegun(nowNanos)) {
            return false;
        }
        made.clear();
        long version = targets.version();
        if (targets.ready() && (!planned || version != planVersion)) {
            planned = true;
            planVersion = version;
            plan.update(targets, new Moves());
            statusNanos = Arrays.copyOf(statusNanos, plan.limit());
            parents.update();
        }
        changes(nowNanos);
        boolean isCutOffOrMayBe = collector.isIsolated() || collector.isIsolationSuspected();
        parents.decide(isCutOffOrMayBe, nowNanos, wallNanos.getAsLong(), this::shown);
        paths.drain(this::path);
        if (collector.isIsolationSuspected()) {
            buffers.queue().append(made);
            return !made.isEmpty();
        }
        isDoubtful = isIsolationDoubtful(nowNanos);
        // After a pause of more than an interval each target is due once, not once for every round missed.
        long dueTick = (nowNanos - startNanos) / tickNanos;
        nextTick = Math.max(nextTick, dueTick - plan.ticks() + 1);
        for (; nextTick <= dueTick; nextTick++) {
            int tick = (int) (nextTick % plan.ticks());
            if (tick == 0) {
                agentValues(nowNanos);
            }
            for (int target : plan.targetsOf(tick)) {
                row(target, true, nowNanos);
            }
        }
        buffers.queue().append(made);
        return !made.isEmpty();
    }

    /** An agent that starts has no Redis and no targets for a moment, which is no news and must raise no alert. */
    private boolean hasBegun(long nowNanos) {
        if (started) {
            return true;
        }
        if (!waiting) {
            waiting = true;
            waitingNanos = nowNanos;
        }
        started = targets.ready() && facts.redisConnected() && facts.targets() > 0
                || nowNanos - waitingNanos >= START_NANOS;
        startNanos = nowNanos;
        return started;
    }

    /** Where paths of addresses that went down are put. */
    @AnyThread
    PathValues paths() {
        return paths;
    }

    /** Takes what was measured since the last ticks, before the end. */
    void finish() {
        made.clear();
        // What is held back stays so: the next start decides.
        changes(lastNanos);
        paths.drain(this::path);
        isDoubtful |= collector.isIsolated() || collector.isIsolationSuspected();
        for (int target = 0; target < plan.limit(); target++) {
            row(target, false, lastNanos);
        }
        buffers.queue().append(made);
    }

    /** While the agent is cut off, and until a whole interval has been measured after that. */
    private boolean isIsolationDoubtful(long nowNanos) {
        if (collector.isIsolated()) {
            doubtfulUntilNanos = nowNanos + tickNanos * (plan.ticks() + 1);
            wasIsolated = true;
            return true;
        }
        if (nowNanos - doubtfulUntilNanos >= 0) {
            wasIsolated = false;
        }
        return wasIsolated;
    }

    private void changes(long nowNanos) {
        collector.changes((target, up, changedWallNanos) -> changed(target, up, changedWallNanos, nowNanos));
        if (!collector.takeMissedChanges()) {
            return;
        }
        if (collector.isIsolated() != isolatedSent) {
            changed(StatusRing.AGENT, isolatedSent, collector.isolatedWallNanos(), nowNanos);
        }
        for (int target = 0; target < plan.limit(); target++) {
            StatusJudge.Status status = collector.status(target);
            if (status != StatusJudge.Status.UNKNOWN) {
                changed(target, status == StatusJudge.Status.UP, wallNanos.getAsLong(), nowNanos);
            }
        }
    }

    private void changed(int target, boolean up, long changedWallNanos, long nowNanos) {
        if (target == StatusRing.AGENT) {
            isolatedSent = !up;
            isolatedStampNanos = Math.max(changedWallNanos, isolatedStampNanos + 1);
            add(AgentItem.ISOLATED, isolatedSent ? "1" : "0", isolatedStampNanos);
            return;
        }
        parents.changed(target, up, changedWallNanos, nowNanos);
        if (statusNanos.length > target
                && statusNanos[target] != changedWallNanos
                && (up || !parents.hasParent(target))) {
            if (parents.hasParent(target)) {
                // What it ends may have been decided since, with a later stamp.
                shown(target, AddressStatus.UP, changedWallNanos);
            } else {
                changed(target, up ? AddressStatus.UP : AddressStatus.DOWN, changedWallNanos);
            }
        }
    }

    private void path(int target, String ip, String text, long stampNanos) {
        AddressHosts addressee = target < plan.limit() ? plan.addressee(target) : null;
        if (addressee != null && addressee.ip().equals(ip)) {
            format.path(addressee, text, stampNanos, made);
        }
    }

    private void changed(int target, AddressStatus now, long changedWallNanos) {
        AddressHosts addressee = plan.addressee(target);
        if (addressee != null) {
            statusNanos[target] = changedWallNanos;
            format.changed(addressee, now, changedWallNanos, made);
        }
    }

    /** Not before the last one: Zabbix takes the status with the newest stamp for the present one. */
    private void shown(int target, AddressStatus now, long changedWallNanos) {
        changed(target, now, Math.max(changedWallNanos, statusNanos[target] + 1));
    }

    /**
     * The status for the row of a target, or null if there is none, or it is held back.
     *
     * @param isSent whether the row shows what was measured
     */
    private @Nullable AddressStatus status(int target, boolean isSent, long nowNanos) {
        AddressStatus own = isSent || row.status != StatusJudge.Status.UNKNOWN ? format.status(row) : null;
        if (!parents.hasParent(target)) {
            return own;
        }
        if (row.status == StatusJudge.Status.UNKNOWN && own == AddressStatus.DOWN) {
            parents.seemsDown(target, row.lastWallNanos, nowNanos);
        } else if (own == AddressStatus.UP) {
            parents.answers(target);
        }
        return own == AddressStatus.UP ? own : parents.status(target, row.status);
    }

    /** @param repeat whether to send the status again of a target that was not probed meanwhile */
    private void row(int target, boolean repeat, long nowNanos) {
        collector.take(target, row);
        AddressHosts addressee = plan.addressee(target);
        if (addressee == null || settings.values().errListOnly() && !isRowWanted(target)) {
            return;
        }
        boolean isLossy = row.received < row.sent;
        boolean isSent = row.sent > 0 && !(isLossy && isDoubtful);
        AddressStatus status = status(target, isSent, nowNanos);
        if (isSent) {
            format.row(addressee, row, statusNanos[target] == row.lastWallNanos ? null : status, made);
            statusNanos[target] = status == null ? statusNanos[target] : row.lastWallNanos;
            lossSent.set(target, isLossy);
        } else if (repeat && status != null) {
            long now = wallNanos.getAsLong();
            statusNanos[target] = now;
            format.status(addressee, status, now, made);
        }
    }

    /** Whoever leaves the err list sends rows until one has no losses: what triggers saw last is not bad for ever. */
    private boolean isRowWanted(int target) {
        if (targets.onErrList(target)) {
            rowOwed.set(target);
            return true;
        }
        boolean isOwed = rowOwed.get(target);
        if (row.sent > 0 && row.received == row.sent) {
            rowOwed.clear(target);
        }
        return isOwed;
    }

    /** What targets and hosts get as their last values, and as their first. */
    private final class Moves implements PushPlan.Listener {

        /**
         * A last row: the items live on for a while in Zabbix, and a problem that nobody ends would live as long.
         */
        @Override
        public void gone(int target, AddressHosts addressee) {
            long now = wallNanos.getAsLong();
            if (collector.status(target) == StatusJudge.Status.DOWN) {
                format.status(addressee, AddressStatus.UP, now, made);
            }
            if (lossSent.get(target)) {
                format.noLoss(addressee, now, made);
            }
            lossSent.clear(target);
            rowOwed.clear(target);
        }

        /** An outage that lasts is news to them. */
        @Override
        public void came(int target, AddressHosts addressee) {
            AddressStatus status = parents.status(target, collector.status(target));
            if (status != null && status != AddressStatus.UP) {
                format.changed(addressee, status, wallNanos.getAsLong(), made);
            }
        }
    }

    private void agentValues(long nowNanos) {
        long now = wallNanos.getAsLong();
        add(AgentItem.HEARTBEAT, Long.toString(TimeUnit.NANOSECONDS.toSeconds(now)), now);
        if (!versionSent || nowNanos - versionSentNanos >= VERSION_NANOS) {
            versionSent = true;
            versionSentNanos = nowNanos;
            add(AgentItem.VERSION, facts.version(), now);
        }
        add(AgentItem.TARGETS, Long.toString(facts.targets()), now);
        isolatedStampNanos = Math.max(now, isolatedStampNanos + 1);
        add(AgentItem.ISOLATED, isolatedSent ? "1" : "0", isolatedStampNanos);
        add(AgentItem.ERR_LIST_SIZE, Long.toString(facts.errListSize()), now);
        add(AgentItem.PROBES_RATE, ValueFormat.decimal(facts.probesPerSecond()), now);
        add(AgentItem.REFUSED, Long.toString(facts.refused()), now);
        add(AgentItem.KERNEL_DROPS, Long.toString(facts.kernelDrops()), now);
        add(AgentItem.OVERRUNS, Long.toString(facts.overruns()), now);
        add(AgentItem.INVALIDATED, Long.toString(facts.invalidated()), now);
        add(AgentItem.SEND_ERRORS, Long.toString(facts.sendErrors()), now);
        add(AgentItem.SEND_DEFERRED, Long.toString(facts.sendDeferred()), now);
        add(AgentItem.SEND_OMITTED, Long.toString(facts.sendOmitted()), now);
        add(AgentItem.LATENESS, ValueFormat.decimal(facts.latenessSeconds()), now);
        add(AgentItem.REDIS_STATE, facts.redisConnected() ? "1" : "0", now);
        List<Problem> problems = new ArrayList<>(facts.problems());
        problems.addAll(bridgeProblems.get());
        add(AgentItem.PROBLEMS, Long.toString(problems.size()), now);
        add(AgentItem.PROBLEMS_TEXT, ValueFormat.problems(problems), now);
        add(AgentItem.BUFFER_VALUES, Long.toString(buffers.values()), now);
        add(AgentItem.BUFFER_DROPPED, Long.toString(buffers.dropped()), now);
    }

    private void add(AgentItem item, @Nullable String value, long now) {
        if (value != null && !value.isEmpty()) {
            made.add(format.agent(item, value, now));
        }
    }
}
