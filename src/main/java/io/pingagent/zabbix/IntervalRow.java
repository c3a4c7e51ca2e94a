package io.pingagent.zabbix;

/** What was measured of one target since the last {@link ValueCollector#take}, which fills it. */
final class IntervalRow {

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

    double lossPercent() {
        return sent == 0 ? 0 : 100.0 * (sent - received) / sent;
    }
}
