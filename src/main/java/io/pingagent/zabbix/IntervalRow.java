package io.pingagent.zabbix;

import java.util.Arrays;

/** What was measured of one target since the last {@link ValueCollector#take}, which fills it. */
final class IntervalRow {

    private static final int UNKNOWN = -1;

    /** Settled probes: answered or lost. */
    long sent;

    long received;
    long rttSumNanos;
    long rttMinNanos;
    long rttMaxNanos;
    /** Sum of the differences of consecutive round-trip times. */
    long jitterSumNanos;

    long jitterCount;
    /** Unix nanoseconds of the last reply's arrival; 0 without a reply. */
    long lastReplyWallNanos;
    /** Unix nanoseconds at which the last probe was settled; 0 without one. */
    long lastWallNanos;

    StatusJudge.Status status = StatusJudge.Status.UNKNOWN;

    /** Of the round-trip times; -1 if nobody asked for it. */
    long stddevNanos = UNKNOWN;
    /** Of the newest reply; -1 if unknown, or nobody asked for it. */
    int hopLimit = UNKNOWN;

    private final long[] quantileNanos = new long[AddressItem.values().length];

    IntervalRow() {
        forgetOptional();
    }

    /** Without quantiles, standard deviation and hop limit. */
    void forgetOptional() {
        Arrays.fill(quantileNanos, UNKNOWN);
        stddevNanos = UNKNOWN;
        hopLimit = UNKNOWN;
    }

    /** Quantiles are never outside of what was measured. */
    void quantile(AddressItem item, long nanos) {
        quantileNanos[item.ordinal()] = Math.max(rttMinNanos, Math.min(rttMaxNanos, nanos));
    }

    /** The quantile of an item; -1 if nobody asked for it, or it is no quantile. */
    long quantileNanos(AddressItem item) {
        return quantileNanos[item.ordinal()];
    }

    double lossPercent() {
        return sent == 0 ? 0 : 100.0 * (sent - received) / sent;
    }
}
