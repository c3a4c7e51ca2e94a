package io.pingagent.probe;

import io.pingagent.base.OwnedBy;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;

/**
 * Which of a target's newest probes are settled, and which were answered. A probe is open until it is settled.
 *
 * <p>Each target has two maps of 64 bits in the {@link TargetTable}, one bit for each probe, the newest in the lowest:
 *
 * <pre>
 * sequence     newest - 63  ...  newest - 1   newest
 * settled map       1       ...      0           0      1: answered, lost or invalidated; 0: still open
 * answered map      1       ...      0           0      1: a reply came, in time or late
 * </pre>
 *
 * <p>A page whose targets never had more than 32 probes open at once keeps only the lower halves.
 */
@OwnedBy("ping-recv")
final class RecentProbes {

    private static final long ALL = -1;

    /** Of all targets. */
    private int open;

    /** Probes of all targets that are sent and not settled. */
    int open() {
        return open;
    }

    /** A target is new. */
    void begin(Page page, int index, int firstSequence) {
        page.newestSequence[index] = firstSequence - 1;
        TargetTable.setSettledMap(page, index, ALL);
        TargetTable.setAnsweredMap(page, index, ALL);
    }

    /** A target is gone, and its open probes with it. */
    void end(Page page, int index) {
        open -= Long.bitCount(~TargetTable.settledMap(page, index));
        TargetTable.setSettledMap(page, index, ALL);
    }

    /**
     * A probe goes out. The one 64 probes older is forgotten: nobody could match its reply.
     *
     * @return whether that one was still open; it is settled now
     */
    boolean sent(Page page, int index, int sequence) {
        long settled = TargetTable.settledMap(page, index);
        boolean isOldestOpen = settled >= 0;
        page.newestSequence[index] = sequence;
        TargetTable.setSettledMap(page, index, settled << 1);
        TargetTable.setAnsweredMap(page, index, TargetTable.answeredMap(page, index) << 1);
        open += isOldestOpen ? 0 : 1;
        return isOldestOpen;
    }

    /** Takes back the last {@link #sent} of this target: its number will be used again. */
    void unsent(Page page, int index, int sequence) {
        long settled = TargetTable.settledMap(page, index);
        open -= (int) (~settled & 1);
        page.newestSequence[index] = sequence - 1;
        TargetTable.setSettledMap(page, index, settled >>> 1 | Long.MIN_VALUE);
        TargetTable.setAnsweredMap(page, index, TargetTable.answeredMap(page, index) >>> 1 | Long.MIN_VALUE);
    }

    /** Whether no probe of this target is open. */
    static boolean areAllSettled(Page page, int index) {
        return TargetTable.settledMap(page, index) == ALL;
    }

    /** How many probes were sent after this one; negative if it was not sent. */
    static int age(Page page, int index, int sequence) {
        return page.newestSequence[index] - sequence;
    }

    /** Whether a probe of this age has bits in the maps. */
    static boolean isRemembered(Page page, int age) {
        return age >= 0 && age < TargetTable.rememberedProbes(page);
    }

    /** Marks a probe as settled. Returns false if it was, or is not remembered. */
    boolean settle(Page page, int index, int sequence) {
        int age = age(page, index, sequence);
        if (!isRemembered(page, age)) {
            return false;
        }
        long bit = 1L << age;
        long settled = TargetTable.settledMap(page, index);
        if ((settled & bit) != 0) {
            return false;
        }
        TargetTable.setSettledMap(page, index, settled | bit);
        open--;
        return true;
    }

    /** Marks a remembered probe as answered. Returns false if it was: this reply is a duplicate. */
    boolean answer(Page page, int index, int age) {
        long bit = 1L << age;
        long answered = TargetTable.answeredMap(page, index);
        if ((answered & bit) != 0) {
            return false;
        }
        TargetTable.setAnsweredMap(page, index, answered | bit);
        return true;
    }
}
