package io.pingagent.zabbix;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.AddressStatus;
import io.pingagent.zabbix.StatusJudge.Status;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is shown of targets that stand behind others. Whoever is down while a target above it is down is "behind
 * a dead parent", not down.
 *
 * <pre>
 *                judged down
 *  (shown up) ────────────────▶ HELD ── the parent answers, or time is up ──▶ DOWN
 *                                 │                                           │  ▲
 *                                 │ one above is judged down                  │  │ all above are up,
 *                                 ▼                                           │  │ and time to answer
 *                               BEHIND ◀───── one above is judged down ───────┘  │ was given
 *                                 └───────────────────────────────────────────────┘
 * </pre>
 *
 * <p>From each of them a target that is judged up is shown so at once.
 *
 * <p>HELD is there because a child is often judged before its parent, which a slow job may not have probed yet. Then
 * all above it that have not answered since are asked. Its status is held back until one is judged down, or the nearest
 * one answers. The wait is bounded by the time that it takes to judge a silent target.
 *
 * <p>When a parent returns, its children need a moment for the replies after which they are up: none is shown as down
 * in that time. The same holds if a parent answers late: then it was silent, but too briefly to be judged.
 *
 * <p>Costs 29 bytes for each target if any has a parent, else nothing.
 */
@OwnedBy("ping-zabbix")
final class DeadParents {

    private static final int NO_PARENT = -1;

    /** Not judged down. */
    private static final byte NONE = 0;

    private static final byte HELD = 1;
    private static final byte DOWN = 2;
    private static final byte BEHIND = 3;

    /** Within an interval of the err list the first question goes out. */
    private static final long PROMPT_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Takes what is to be shown of a target from now on. */
    interface Screen {

        /** @param wallNanos Unix nanoseconds of the verdict that decided it */
        void show(int targetId, AddressStatus status, long wallNanos);
    }

    private final BridgedTargets targets;
    private final IntFunction<Status> judged;
    private final BridgeSettings.Thresholds thresholds;
    private final long promptNanos;

    /** The nearest bridged target above each, empty if there is none at all. */
    private int[] parents = {};

    private byte[] shown = {};
    /** Unix nanoseconds of the verdict. */
    private long[] verdictNanos = {};
    /** Since when an answer of the nearest parent counts, of those that wait. */
    private long[] sinceNanos = {};
    /** Before that nothing is decided, of those that wait. */
    private long[] notBeforeNanos = {};

    /** Whoever is above another. */
    private final BitSet above = new BitSet();
    /** Whoever is judged down. */
    private final BitSet down = new BitSet();
    /** Those of them that will be shown as down, unless something happens. */
    private final BitSet waiting = new BitSet();
    /** Those of them whose time was extended, because their parent returned. */
    private final BitSet extended = new BitSet();

    /** Whoever was asked in this cycle, and need not be asked for each of its children. */
    private final BitSet asked = new BitSet();

    /** Whether a target above others has changed. */
    private boolean hasChanged;

    /** @param judged the verdict on a target, by itself */
    DeadParents(BridgeSettings.Thresholds thresholds, BridgedTargets targets, IntFunction<Status> judged) {
        this.targets = targets;
        this.judged = judged;
        this.thresholds = thresholds;
        this.promptNanos = thresholds.errList().interval().toNanos() + PROMPT_SLACK_NANOS;
    }

    /** Whether one of those above a target, by what is next above each, is like that. */
    static boolean isAnyAbove(int targetId, IntUnaryOperator parents, IntPredicate like) {
        int parent = parents.applyAsInt(targetId);
        for (int level = 1; parent >= 0 && level <= BridgedTargets.MOST_LEVELS; level++) {
            if (like.test(parent)) {
                return true;
            }
            parent = parents.applyAsInt(parent);
        }
        return false;
    }

    /** Whether the target stands behind another: then it is shown as {@link #status} says. */
    boolean hasParent(int targetId) {
        return targetId < parents.length && parents[targetId] != NO_PARENT;
    }

    private int parent(int targetId) {
        return targetId < parents.length ? parents[targetId] : NO_PARENT;
    }

    /** Follows the targets. Whoever has lost its parents is shown by {@link #decide} as what it is. */
    void update() {
        int limit = targets.limit();
        boolean wereAny = parents.length > 0;
        int[] now = {};
        above.clear();
        for (int id = 0; id < limit; id++) {
            int parent = targets.bridged(id) ? targets.bridgedParent(id) : NO_PARENT;
            if (parent >= 0 && parent < limit) {
                if (now.length == 0) {
                    now = new int[limit];
                    Arrays.fill(now, NO_PARENT);
                }
                now[id] = parent;
                above.set(parent);
            }
        }
        if (!wereAny && now.length == 0) {
            return;
        }
        int[] before = parents;
        parents = now;
        resize(Math.max(limit, down.length()));
        for (int id = down.nextSetBit(0); id >= 0; id = down.nextSetBit(id + 1)) {
            // Not of the same address any more, or its change to up is on its way.
            if (!targets.bridged(id) || judged.apply(id) != Status.DOWN) {
                forget(id);
            }
        }
        for (int id = 0; id < parents.length; id++) {
            boolean isNew = parents[id] != NO_PARENT && (id >= before.length || before[id] == NO_PARENT);
            if (isNew && !down.get(id) && judged.apply(id) == Status.DOWN) {
                down.set(id);
                shown[id] = DOWN;
            }
        }
        hasChanged = true;
    }

    private void resize(int length) {
        shown = Arrays.copyOf(shown, length);
        verdictNanos = Arrays.copyOf(verdictNanos, length);
        sinceNanos = Arrays.copyOf(sinceNanos, length);
        notBeforeNanos = Arrays.copyOf(notBeforeNanos, length);
    }

    /** Every change of a verdict, of any target. */
    void changed(int targetId, boolean up, long wallNanos, long nowNanos) {
        hasChanged |= above.get(targetId);
        if (!hasParent(targetId)) {
            return;
        }
        if (up) {
            forget(targetId);
        } else {
            hold(targetId, wallNanos, nowNanos);
        }
    }

    /** A target that was never judged and has lost every probe for long. */
    void seemsDown(int targetId, long wallNanos, long nowNanos) {
        if (!down.get(targetId)) {
            hold(targetId, wallNanos, nowNanos);
        }
    }

    /** A target that was never judged answers. */
    void answers(int targetId) {
        if (down.get(targetId)) {
            forget(targetId);
        }
    }

    private void hold(int targetId, long wallNanos, long nowNanos) {
        down.set(targetId);
        shown[targetId] = HELD;
        verdictNanos[targetId] = wallNanos;
        await(targetId, nowNanos, nowNanos);
        extended.clear(targetId);
    }

    private void await(int targetId, long fromNanos, long untilNanos) {
        waiting.set(targetId);
        sinceNanos[targetId] = fromNanos;
        notBeforeNanos[targetId] = untilNanos;
    }

    private void forget(int targetId) {
        down.clear(targetId);
        waiting.clear(targetId);
        extended.clear(targetId);
        shown[targetId] = NONE;
    }

    /**
     * What is shown of a target, or null if nothing is: it is not judged, or that is held back.
     *
     * @param status the verdict, by itself
     */
    @Nullable
    AddressStatus status(int targetId, Status status) {
        return switch (status) {
            case UNKNOWN -> shownDown(targetId);
            case UP -> AddressStatus.UP;
            case DOWN -> hasParent(targetId) ? shownDown(targetId) : AddressStatus.DOWN;
        };
    }

    private @Nullable AddressStatus shownDown(int targetId) {
        if (!down.get(targetId)) {
            return null;
        }
        return switch (shown[targetId]) {
            case DOWN -> AddressStatus.DOWN;
            case BEHIND -> AddressStatus.BEHIND_DEAD_PARENT;
            default -> null;
        };
    }

    /**
     * Decides on all that were judged since, and on those whose parents have changed.
     *
     * @param isDoubtful whether the agent itself is cut off, or that is being found out: then nobody is shown as down
     */
    void decide(boolean isDoubtful, long nowNanos, long nowWallNanos, Screen screen) {
        BitSet some = hasChanged ? down : waiting;
        hasChanged = false;
        asked.clear();
        for (int id = some.nextSetBit(0); id >= 0; id = some.nextSetBit(id + 1)) {
            decide(id, isDoubtful, nowNanos, nowWallNanos, screen);
        }
        if (parents.length == 0 && shown.length > 0 && down.isEmpty()) {
            resize(0);
        }
    }

    private void decide(int id, boolean isDoubtful, long nowNanos, long nowWallNanos, Screen screen) {
        if (isAnyAbove(id, this::parent, this::isJudgedDown)) {
            waiting.clear(id);
            if (shown[id] != BEHIND) {
                show(id, BEHIND, nowWallNanos, screen);
            }
            return;
        }
        if (!hasParent(id)) {
            if (shown[id] != DOWN) {
                show(id, DOWN, nowWallNanos, screen);
            }
            forget(id);
            return;
        }
        if (shown[id] == DOWN) {
            return;
        }
        if (!waiting.get(id)) {
            await(id, nowNanos, nowNanos + thresholds.returnNanos());
            extended.set(id);
        }
        if (isDoubtful) {
            notBeforeNanos[id] = nowNanos + thresholds.returnNanos();
            extended.set(id);
        }
        if (nowNanos - notBeforeNanos[id] >= 0 && mayBeShownAsDown(id, nowNanos)) {
            waiting.clear(id);
            show(id, DOWN, nowWallNanos, screen);
        }
    }

    private boolean mayBeShownAsDown(int id, long nowNanos) {
        long waitedNanos = nowNanos - sinceNanos[id];
        if (targets.silentNanos(parents[id]) <= waitedNanos) {
            if (waitedNanos <= promptNanos || extended.get(id)) {
                return true;
            }
            // It was silent at first, and has returned: its children have time to answer, too.
            notBeforeNanos[id] = nowNanos + thresholds.returnNanos();
            extended.set(id);
            return false;
        }
        long longestTimeoutNanos = 0;
        int parent = parents[id];
        for (int level = 1; parent >= 0 && level <= BridgedTargets.MOST_LEVELS; level++) {
            longestTimeoutNanos = Math.max(longestTimeoutNanos, targets.timeoutNanos(parent));
            if (targets.silentNanos(parent) > waitedNanos && !asked.get(parent)) {
                asked.set(parent);
                targets.ask(parent);
            }
            parent = parent(parent);
        }
        return nowNanos - notBeforeNanos[id] >= thresholds.verdictNanos(longestTimeoutNanos);
    }

    private boolean isJudgedDown(int targetId) {
        return judged.apply(targetId) == Status.DOWN;
    }

    private void show(int id, byte now, long nowWallNanos, Screen screen) {
        long wallNanos = shown[id] == HELD ? verdictNanos[id] : nowWallNanos;
        shown[id] = now;
        screen.show(id, now == DOWN ? AddressStatus.DOWN : AddressStatus.BEHIND_DEAD_PARENT, wallNanos);
    }
}
