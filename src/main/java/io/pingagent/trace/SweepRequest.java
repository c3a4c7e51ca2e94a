package io.pingagent.trace;

import io.pingagent.model.IpAddress;

/**
 * How to sweep the hops on the way to an address.
 *
 * @param address where to
 * @param firstHop first TTL, 1 to {@code lastHop}
 * @param lastHop last TTL, at most 255; none is sent beyond the hop of the address once it has answered
 * @param tries how often a silent hop is asked, at least 1
 * @param gapNanos between two packets
 * @param timeoutNanos how long an answer is waited for
 */
public record SweepRequest(IpAddress address, int firstHop, int lastHop, int tries, long gapNanos, long timeoutNanos) {}
