package io.pingagent.model;

/**
 * The figures of a {@link ProbeSeries}. Percentiles are those of the nearest rank. Times are nanoseconds, -1 without a
 * reply.
 *
 * @param settled probes that were answered or lost
 * @param lost those without a reply
 */
public record RttSummary(int settled, int lost, Times times) {

    /** In nanoseconds, -1 without a reply. */
    public record Times(long last, long min, long avg, long p50, long p95, long max) {}

    private static final Times NONE = new Times(-1, -1, -1, -1, -1, -1);

    public static RttSummary of(ProbeSeries series) {
        long[] sorted = series.sortedRtts();
        int lost = series.lost();
        if (sorted.length == 0) {
            return new RttSummary(lost, lost, NONE);
        }
        double sum = 0;
        for (long rtt : sorted) {
            sum += rtt;
        }
        return new RttSummary(
                sorted.length + lost,
                lost,
                new Times(
                        series.lastRttNanos(),
                        sorted[0],
                        Math.round(sum / sorted.length),
                        percentile(sorted, 50),
                        percentile(sorted, 95),
                        sorted[sorted.length - 1]));
    }

    /**
     * That of the nearest rank.
     *
     * @param sorted ascending, at least one
     * @param percent above 0, up to 100
     */
    public static long percentile(long[] sorted, int percent) {
        long rank = ((long) sorted.length * percent + 99) / 100;
        return sorted[(int) Math.max(1, rank) - 1];
    }

    /** 0 to 1; 0 while nothing is settled. */
    public double loss() {
        return settled == 0 ? 0 : (double) lost / settled;
    }
}
