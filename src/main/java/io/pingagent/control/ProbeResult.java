package io.pingagent.control;

import io.pingagent.model.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What became of the probes of one question.
 *
 * @param address that was probed
 * @param sent probes; those whose reply the question could not wait for count as lost
 * @param received replies
 * @param minNanos shortest round-trip time, meaningless without a reply, as the following
 * @param jitterNanos mean difference of consecutive round-trip times; negative with fewer than two replies
 * @param error what a router or this host's kernel said of the last probe that was refused, or null
 */
public record ProbeResult(
        IpAddress address,
        int sent,
        int received,
        long minNanos,
        long avgNanos,
        long maxNanos,
        long jitterNanos,
        @Nullable String error) {}
