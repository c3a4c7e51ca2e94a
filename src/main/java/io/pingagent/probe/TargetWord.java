package io.pingagent.probe;

/**
 * The 32 bits of a packet that name its target; never negative.
 *
 * <pre>
 * 0 | time-out class (5) | sent after a rest (1) | target id (25)
 * </pre>
 */
final class TargetWord {

    static final int ID_BITS = 25;

    private static final int RESTED = 1 << ID_BITS;
    private static final int CLASS_SHIFT = ID_BITS + 1;

    private TargetWord() {}

    /** @param isRested whether nothing was sent for a while before; see {@link TransmitDelays#RESTED_NANOS} */
    static int of(int targetId, int timeoutClass, boolean isRested) {
        return timeoutClass << CLASS_SHIFT | (isRested ? RESTED : 0) | targetId;
    }

    static int targetId(int targetWord) {
        return targetWord & RESTED - 1;
    }

    static boolean isRested(int targetWord) {
        return (targetWord & RESTED) != 0;
    }

    static int timeoutClass(int targetWord) {
        return targetWord >>> CLASS_SHIFT;
    }
}
