package io.pingagent.probe;

/**
 * The 32 bits of a packet that name its target; never negative.
 *
 * <pre>
 * 0 | sent after a rest (1) | target id (30)
 * </pre>
 */
final class TargetWord {

    static final int ID_BITS = 30;

    private static final int RESTED = 1 << ID_BITS;

    private TargetWord() {}

    /** @param isRested whether nothing was sent for a while before; see {@link TransmitDelays#RESTED_NANOS} */
    static int of(int targetId, boolean isRested) {
        return isRested ? RESTED | targetId : targetId;
    }

    static int targetId(int targetWord) {
        return targetWord & RESTED - 1;
    }

    static boolean isRested(int targetWord) {
        return (targetWord & RESTED) != 0;
    }
}
