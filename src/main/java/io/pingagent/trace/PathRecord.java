package io.pingagent.trace;

import io.pingagent.model.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an address.
 *
 * @param down the path when it last went down, or null
 * @param good the last path on which it answered, or null
 */
public record PathRecord(
        IpAddress address,
        @Nullable TracedPath down,
        @Nullable TracedPath good) {

    /** Whether there is a path of an outage, and the address is not known to have answered since. */
    public boolean isOfPresentOutage() {
        return down != null && (good == null || good.wallMillis() <= down.wallMillis());
    }

    /** The first hop at which both paths part; 0 if they do not or one is missing. */
    public int firstDifference() {
        return down == null || good == null ? 0 : down.firstDifference(good);
    }
}
