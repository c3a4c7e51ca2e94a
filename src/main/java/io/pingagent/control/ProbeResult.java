package io.pingagent.control;

import io.pingagent.model.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What became of the probes of one question.
 *
 * @param address that was probed
 * @param sent probes; those whose reply the question could not wait for count as lost
 * @param received replies
 * @param roundTrips of the replies
 * @param error what a router or this host's kernel said of the last probe that could not be sent or delivered, or null
 */
public record ProbeResult(
        IpAddress address,
        int sent,
        int received,
        RoundTrips roundTrips,
        @Nullable String error) {

    /**
     * Round-trip times.
     *
     * @param minNanos the shortest, meaningless without a reply, as the following two
     * @param jitterNanos mean difference of consecutive ones; negative with fewer than two replies
     */
    public record RoundTrips(long minNanos, long avgNanos, long maxNanos, long jitterNanos) {}
}
