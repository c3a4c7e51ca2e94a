package io.pingagent.model;

/**
 * How many probes a job sends to an address at each place of its round.
 *
 * @param count 1 to {@value #MOST_PROBES}
 * @param gapNanos time from one of them to the next, {@value #LEAST_GAP_NANOS} ns or more; 0 if there is only one
 */
public record Burst(int count, long gapNanos) {

    /** As many probes of an address as the engine remembers, see {@link #MOST_IN_FLIGHT}. */
    public static final int MOST_PROBES = 64;

    /** Probes of one address that may wait for their replies at once: of older ones no reply would be matched. */
    public static final int MOST_IN_FLIGHT = 64;

    public static final long LEAST_GAP_NANOS = 1_000_000;

    /** Far enough apart that a moment of congestion does not take all of them. */
    public static final long DEFAULT_GAP_NANOS = 100_000_000;

    /** One probe at each place. */
    public static final Burst ONE = new Burst(1, 0);

    /** @throws IllegalArgumentException naming the value seen and the range allowed */
    public Burst {
        if (count < 1 || count > MOST_PROBES) {
            throw new IllegalArgumentException("count is " + count + ", must be 1 to " + MOST_PROBES);
        }
        if (count == 1 ? gapNanos != 0 : gapNanos < LEAST_GAP_NANOS) {
            throw new IllegalArgumentException("gapNanos is " + gapNanos + " with a count of " + count);
        }
    }

    /** Nanoseconds from the first probe to the last. */
    public long lengthNanos() {
        return (count - 1) * gapNanos;
    }

    /**
     * How many probes of one address may wait for their replies at once, if none comes.
     *
     * @param intervalNanos shortest time between two rounds, longer than {@link #lengthNanos}
     */
    public int mostInFlight(long intervalNanos, long timeoutNanos) {
        int most = 0;
        for (int first = 0; first < count; first++) {
            long fromNanos = first * gapNanos;
            long inFlight = 0;
            for (int other = 0; other < count; other++) {
                // Firings at which the other one is sent, from the first until that is settled.
                long aheadNanos = fromNanos - other * gapNanos;
                inFlight += Math.floorDiv(aheadNanos + timeoutNanos, intervalNanos)
                        + Math.floorDiv(-aheadNanos, intervalNanos)
                        + 1;
            }
            most = (int) Math.max(most, Math.min(Integer.MAX_VALUE, inFlight));
        }
        return most;
    }
}
