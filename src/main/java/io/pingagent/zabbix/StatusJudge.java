package io.pingagent.zabbix;

import io.pingagent.base.OwnedBy;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/**
 * Decides whether an address is up or down, by itself. Zabbix and the control socket show it so, unless the address
 * stands behind another, see {@link DeadParents}.
 *
 * <p>Status is for alerts and therefore slow to change:
 *
 * <ul>
 *   <li>Down after so many losses in a row, while the address is on the err list and so probed at its interval.
 *   <li>Not down before a least time since the first of these losses: so long it takes to know whether the agent itself
 *       is cut off. Nor while that is being found out.
 *   <li>Up after so many replies in a row. An unknown address is up after one reply. On the err list it needs them all,
 *       since it may have been down before a restart.
 * </ul>
 */
@OwnedBy("ping-recv")
public final class StatusJudge {

    /** What an address is. */
    public enum Status {
        UNKNOWN,
        UP,
        DOWN
    }

    private final int downAfter;
    private final int upAfter;
    private final long downNotBeforeNanos;
    private final IntPredicate onErrList;
    private final BooleanSupplier isolationSuspected;

    /**
     * @param onErrList whether a target is on the err list; called on ping-recv
     * @param isolationSuspected whether it is being found out that the agent itself is cut off; called on ping-recv
     */
    public StatusJudge(
            BridgeSettings.Thresholds thresholds, IntPredicate onErrList, BooleanSupplier isolationSuspected) {
        this.downAfter = thresholds.downAfter();
        this.upAfter = thresholds.upAfter();
        this.downNotBeforeNanos = thresholds.downNotBefore().toNanos();
        this.onErrList = onErrList;
        this.isolationSuspected = isolationSuspected;
    }

    /** @param repliesInARow with this one */
    public Status afterReply(Status before, long repliesInARow, int targetId) {
        boolean isEnough = repliesInARow >= upAfter || before == Status.UNKNOWN && !onErrList.test(targetId);
        return before != Status.UP && isEnough ? Status.UP : before;
    }

    /**
     * @param lossesInARow with this one
     * @param silentNanos from the first of them to this one, at least 0
     */
    public Status afterLoss(Status before, long lossesInARow, long silentNanos, int targetId) {
        boolean goesDown = lossesInARow >= downAfter
                && silentNanos >= downNotBeforeNanos
                && before != Status.DOWN
                && !isolationSuspected.getAsBoolean()
                && onErrList.test(targetId);
        return goesDown ? Status.DOWN : before;
    }
}
