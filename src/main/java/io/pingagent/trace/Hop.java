package io.pingagent.trace;

import io.pingagent.model.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What one hop of a path answered.
 *
 * @param address who answered, or null for silence
 * @param rttNanos round-trip time; 0 for silence
 * @param note what was said instead of "time to live exceeded" or an echo reply, like {@code host unreachable}, or why the
 *     probe could not be sent; else empty
 */
public record Hop(@Nullable IpAddress address, long rttNanos, String note) {

    /** No answer. */
    public static final Hop SILENT = new Hop(null, 0, "");

    public boolean isSilent() {
        return address == null;
    }
}
