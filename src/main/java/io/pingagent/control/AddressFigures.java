package io.pingagent.control;

import io.pingagent.model.AddressStatus;
import io.pingagent.model.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address as an agent knows it. Null is unknown.
 *
 * @param name what users call it
 * @param group the first of its groups in the order of names
 * @param job the first of the jobs that probe it
 * @param status the verdict, which needs several losses or replies in a row
 * @param quality as measured lately
 */
public record AddressFigures(
        IpAddress address,
        @Nullable String name,
        @Nullable String group,
        @Nullable String job,
        @Nullable AddressStatus status,
        boolean errListed,
        Quality quality) {

    /**
     * What was measured. Null is unknown.
     *
     * @param lossPercent of the last 60 s, 0 to 100; null if no probe was settled
     * @param rttNanos the last round-trip time; null without a reply of late
     * @param jitterNanos smoothed difference of consecutive round-trip times (RFC 3550, section 6.4.1)
     */
    public record Quality(
            @Nullable Double lossPercent,
            @Nullable Long rttNanos,
            @Nullable Long jitterNanos) {}
}
