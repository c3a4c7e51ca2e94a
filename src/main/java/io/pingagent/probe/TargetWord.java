package io.pingagent.probe;

/** The 32 bits of a packet that name its target: time-out class in bits 26 to 30, target id below; never negative. */
final class TargetWord {

    private static final int ID_BITS = 26;

    private TargetWord() {}

    static int of(int targetId, int timeoutClass) {
        return timeoutClass << ID_BITS | targetId;
    }

    static int targetId(int targetWord) {
        return targetWord & (1 << ID_BITS) - 1;
    }

    static int timeoutClass(int targetWord) {
        return targetWord >>> ID_BITS;
    }
}
