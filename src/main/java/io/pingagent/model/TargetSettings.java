package io.pingagent.model;

/**
 * How one address is probed and judged; shared by all addresses with the same jobs.
 *
 * @param ttlMillis TTL of the last-ms key, and how long an address may be silent before the memory check puts it on the
 *     err list
 * @param allowedLoss packets that may be lost in the last 60 s for an address to leave the err list, or -1 to use
 *     {@code err-list.recover-loss}
 * @param timeoutNanos how long an err-list probe waits for its reply
 * @param profile of all its probes
 */
public record TargetSettings(int ttlMillis, int allowedLoss, long timeoutNanos, ProbeProfile profile) {

    /** Probed as the configuration says. */
    public TargetSettings(int ttlMillis, int allowedLoss, long timeoutNanos) {
        this(ttlMillis, allowedLoss, timeoutNanos, ProbeProfile.DEFAULT);
    }
}
