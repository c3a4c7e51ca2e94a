package io.pingagent.agent.history;

import io.pingagent.base.AnyThread;
import io.pingagent.model.ProbeSeries;

/**
 * A probe in 4 bytes:
 *
 * <pre>
 * 31 ................ 12 11 ......... 0
 *  time in ticks of       0 none, 1 lost, 2 unknown,
 *  100 ms, modulo 2^20    3 and more: round-trip time
 * </pre>
 *
 * <p>Round-trip times are kept as the exponent and the upper 7 bits of the mantissa of a float.
 * That reaches from 0.5 µs to more than the longest timeout, with an error of 0.4 % at most. Stateless.
 */
@AnyThread
final class SampleCode {

    static final int NONE = 0;
    static final int LOST = 1;
    static final int UNKNOWN = 2;
    private static final int FIRST_RTT = 3;

    static final int CODE_BITS = 12;
    static final int CODE_MASK = (1 << CODE_BITS) - 1;

    /** Time returns after 29 hours. */
    static final int TICK_MASK = (1 << Integer.SIZE - CODE_BITS) - 1;

    static final long TICK_NANOS = 100_000_000;

    /** Of a float, 7 bits of the mantissa remain. */
    private static final int DROPPED_BITS = 16;
    /** Shorter ones count as this long. */
    private static final float LEAST_NANOS = 512;

    private static final int BASE = Float.floatToRawIntBits(LEAST_NANOS) >>> DROPPED_BITS;

    private SampleCode() {}

    /** @param rttNanos 0 or more */
    static int ofRtt(long rttNanos) {
        int code =
                (Float.floatToRawIntBits(Math.max(LEAST_NANOS, (float) rttNanos)) >>> DROPPED_BITS) - BASE + FIRST_RTT;
        return Math.min(CODE_MASK, code);
    }

    static int sample(long ticks, int code) {
        return (int) ticks << CODE_BITS | code;
    }

    /** The round-trip time, {@link ProbeSeries#LOST} or {@link ProbeSeries#UNKNOWN} of a sample that is not empty. */
    static long rttNanos(int sample) {
        int code = sample & CODE_MASK;
        if (code < FIRST_RTT) {
            return code == LOST ? ProbeSeries.LOST : ProbeSeries.UNKNOWN;
        }
        // The middle of those that have this code.
        int bits = code - FIRST_RTT + BASE << DROPPED_BITS | 1 << DROPPED_BITS - 1;
        return Math.round((double) Float.intBitsToFloat(bits));
    }

    /** Ticks from one sample to a later one, less than 29 hours. */
    static int ticksBetween(int earlier, int later) {
        return (later >>> CODE_BITS) - (earlier >>> CODE_BITS) & TICK_MASK;
    }
}
