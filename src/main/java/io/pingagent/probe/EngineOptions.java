package io.pingagent.probe;

import io.pingagent.model.TransmitStamps;

/**
 * Fixed settings of an engine.
 *
 * @param rateLimitPerSecond most packets per second, all jobs and the err list together; at least 1
 * @param enterAfterLosses losses in a row that put an address on the err list, 1 to 10,000; {@link Integer#MAX_VALUE} for
 *     an engine without err list
 * @param recoverLossRatio loss of the last 60 s, from 0 to 1, below which an address leaves the err list
 * @param identifierIntervalNanos time between changes of the ICMP identifier
 * @param transmitStamps which probes the kernel stamps as it transmits them
 */
public record EngineOptions(
        int rateLimitPerSecond,
        int enterAfterLosses,
        double recoverLossRatio,
        long identifierIntervalNanos,
        TransmitStamps transmitStamps) {

    public EngineOptions {
        if (rateLimitPerSecond < 1) {
            throw new IllegalArgumentException("rateLimitPerSecond " + rateLimitPerSecond + " is below 1");
        }
        if (enterAfterLosses < 1) {
            throw new IllegalArgumentException("enterAfterLosses " + enterAfterLosses + " is below 1");
        }
    }

    /** Transmit stamps where their cost does not matter. */
    public EngineOptions(
            int rateLimitPerSecond, int enterAfterLosses, double recoverLossRatio, long identifierIntervalNanos) {
        this(rateLimitPerSecond, enterAfterLosses, recoverLossRatio, identifierIntervalNanos, TransmitStamps.AUTO);
    }
}
