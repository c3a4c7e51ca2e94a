package io.pingagent.redis.admin;

import io.pingagent.redis.NotifyFlags;
import org.jspecify.annotations.Nullable;

/**
 * What {@code doctor} looks at in a Redis server.
 *
 * @param version as in {@code 7.0.15}
 * @param notifyFlags value of {@code notify-keyspace-events}, or null where {@code CONFIG} is not permitted
 * @param usedMemoryBytes memory in use
 * @param maxMemoryBytes limit, 0 for none
 * @param evictionPolicy {@code maxmemory-policy}, empty if the server does not say
 * @param clockAheadMillis how far the server's clock is ahead of this machine's, within half a round trip
 * @param roundTripMicros duration of one command
 */
public record AdminServer(
        String version,
        @Nullable String notifyFlags,
        long usedMemoryBytes,
        long maxMemoryBytes,
        String evictionPolicy,
        long clockAheadMillis,
        long roundTripMicros) {

    /** The flags of {@code notify-keyspace-events} that an agent needs. */
    public static final String NEEDED_NOTIFY_FLAGS = NotifyFlags.NEEDED;

    /** The needed flags that the server lacks; empty if it has all, or does not say. */
    public String missingNotifyFlags() {
        return notifyFlags == null ? "" : NotifyFlags.missing(notifyFlags);
    }
}
