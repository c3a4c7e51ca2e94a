package io.pingagent.probe;

import io.pingagent.model.TransmitStamps;

/**
 * Fixed settings of an engine.
 *
 * @param rateLimitPerSecond most packets per second, all jobs and the err list together; at least 1
 * @param enterAfterLosses losses in a row that put an address on the err list, 1 to 10,000; {@link Integer#MAX_VALUE}
 *     for an engine without err list
 * @param recoverLossRatio loss of the last 60 s, from 0 to 1, below which an address leaves the err list
 * @param identifierIntervalNanos time between changes of the ICMP identifier
 * @param transmitStamps which probes the kernel stamps as it transmits them
 * @param isolationShare which share of the answering addresses has to fall silent at once for the engine to be cut off
 *     itself. Above 0 to 1; 0 if it never is
 */
public record EngineOptions(
        int rateLimitPerSecond,
        int enterAfterLosses,
        double recoverLossRatio,
        long identifierIntervalNanos,
        TransmitStamps transmitStamps,
        double isolationShare) {

    public EngineOptions {
        if (rateLimitPerSecond < 1) {
            throw new IllegalArgumentException("rateLimitPerSecond " + rateLimitPerSecond + " is below 1");
        }
        if (enterAfterLosses < 1) {
            throw new IllegalArgumentException("enterAfterLosses " + enterAfterLosses + " is below 1");
        }
        if (isolationShare < 0 || isolationShare > 1) {
            throw new IllegalArgumentException("isolationShare " + isolationShare + " is not from 0 to 1");
        }
    }

    /** Without the isolation guard. */
    public EngineOptions(
            int rateLimitPerSecond,
            int enterAfterLosses,
            double recoverLossRatio,
            long identifierIntervalNanos,
            TransmitStamps transmitStamps) {
        this(rateLimitPerSecond, enterAfterLosses, recoverLossRatio, identifierIntervalNanos, transmitStamps, 0);
    }

    /** Transmit stamps where their cost does not matter, and no isolation guard. */
    public EngineOptions(
            int rateLimitPerSecond, int enterAfterLosses, double recoverLossRatio, long identifierIntervalNanos) {
        this(rateLimitPerSecond, enterAfterLosses, recoverLossRatio, identifierIntervalNanos, TransmitStamps.AUTO);
    }
}
