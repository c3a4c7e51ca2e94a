package io.pingagent.probe.table;

/**
 * The 32 bits of a packet that name its target; never negative.
 *
 * <pre>
 * 0 | sent after a rest (1) | target id (30)
 * </pre>
 */
public final class TargetWord {

    static final int ID_BITS = 30;

    private static final int RESTED = 1 << ID_BITS;

    private TargetWord() {}

    /** @param isRested whether nothing was sent for a while before; see {@code TransmitDelays.RESTED_NANOS} */
    public static int of(int targetId, boolean isRested) {
        return isRested ? RESTED | targetId : targetId;
    }

    public static int targetId(int targetWord) {
        return targetWord & RESTED - 1;
    }

    public static boolean isRested(int targetWord) {
        return (targetWord & RESTED) != 0;
    }
}
