package io.pingagent.base;

/**
 * A count that is logged when it has grown. The first growth is logged at once, later ones once in a period at most, with
 * the growth since the last line. Not thread-safe. Allocates nothing.
 */
public final class FoldedCount {

    private final long periodNanos;
    private boolean everSaid;
    private long said;
    private long saidNanos;

    /** @param periodNanos least time between two lines */
    public FoldedCount(long periodNanos) {
        this.periodNanos = periodNanos;
    }

    /**
     * @param count all so far; never less than the time before
     * @param nowNanos by the monotonic clock
     * @return by how much it has grown since the last line, which is to be logged now; 0 if no line is due
     */
    public long take(long count, long nowNanos) {
        if (count <= said || everSaid && nowNanos - saidNanos < periodNanos) {
            return 0;
        }
        long more = count - said;
        said = count;
        saidNanos = nowNanos;
        everSaid = true;
        return more;
    }

    /** Folding without a clock: whether the count is 1, 10, 100, ..., and so worth a line. */
    public static boolean isPowerOfTen(long count) {
        long power = 1;
        while (power < count && power <= Long.MAX_VALUE / 10) {
            power *= 10;
        }
        return power == count;
    }
}
