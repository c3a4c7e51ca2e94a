package io.pingagent.e2e;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts what is missing and what is too much in the stamps of an item that has one value per push interval. One thread.
 *
 * <p>A value is taken once per interval, at the address's own moment, and stamped with the last probe settled before, which is
 * at most a cadence and a timeout (the slack) earlier. So:
 *
 * <ul>
 *   <li>between two values of the same run of the agent there are as many intervals as their distance, rounded, tells: one
 *       is right, none is one value too much, more are values missing;
 *   <li>before the first value of a run every whole interval since the run's start is a value missing, apart from the one in
 *       which the address's first moment lies;
 *   <li>after the last value of a run every whole interval until the run's end is a value missing. What a killed agent had
 *       measured since its last moment is no whole interval, is lost with it, and is not counted.
 * </ul>
 */
final class IntervalCheck {

    /**
     * From the first probe of an agent to its end, Unix nanoseconds.
     *
     * @param untilNanos for one that goes on: a moment up to which everything must have arrived
     */
    record Run(long fromNanos, long untilNanos) {}

    /**
     * Sums over all items added.
     *
     * @param values looked at
     * @param missing intervals without a value
     * @param extra values in an interval that has one already
     * @param strays values outside of all runs; those after the last are not looked at
     */
    record Sums(long values, long missing, long extra, long strays) {

        static final Sums NONE = new Sums(0, 0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(values + other.values, missing + other.missing, extra + other.extra, strays + other.strays);
        }

        /** Nothing missing, extra or astray. */
        boolean faultless() {
            return values > 0 && missing == 0 && extra == 0 && strays == 0;
        }
    }

    /**
     * Where values are missing.
     *
     * @param run from 0
     * @param afterNanos the value before, or the run's start
     * @param beforeNanos the value after, or the run's end
     */
    record Hole(int run, long afterNanos, long beforeNanos, long missing) {}

    private final long intervalNanos;
    private final long slackNanos;
    private final List<Run> runs;
    private final List<Hole> holes = new ArrayList<>();

    IntervalCheck(long intervalNanos, long slackNanos, Run... runs) {
        this.intervalNanos = intervalNanos;
        this.slackNanos = slackNanos;
        this.runs = List.of(runs);
    }

    /** @param rows of one item, oldest first */
    Sums check(List<ItemHistory.Row> rows) {
        long endNanos = runs.get(runs.size() - 1).untilNanos;
        long values = rows.stream().filter(row -> row.stampNanos() <= endNanos).count();
        Sums sums = new Sums(values, 0, 0, 0);
        long inRuns = 0;
        for (Run run : runs) {
            List<Long> stamps = rows.stream()
                    .map(ItemHistory.Row::stampNanos)
                    .filter(stamp -> stamp >= run.fromNanos && stamp <= run.untilNanos)
                    .toList();
            inRuns += stamps.size();
            sums = sums.plus(check(stamps, run));
        }
        return sums.plus(new Sums(0, 0, 0, values - inRuns));
    }

    /** Of all items checked so far. */
    List<Hole> holes() {
        return List.copyOf(holes);
    }

    private Sums check(List<Long> stamps, Run run) {
        long missing = 0;
        long extra = 0;
        long before = run.fromNanos;
        for (int i = 0; i < stamps.size(); i++) {
            long gap = stamps.get(i) - before;
            long intervals = i == 0 ? wholeIntervals(gap) + 1 : Math.round((double) gap / intervalNanos);
            if (intervals == 0) {
                extra++;
            } else {
                missing += hole(run, before, stamps.get(i), intervals - 1);
            }
            before = stamps.get(i);
        }
        missing += hole(run, before, run.untilNanos, wholeIntervals(run.untilNanos - before));
        return new Sums(0, missing, extra, 0);
    }

    private long hole(Run run, long afterNanos, long beforeNanos, long missing) {
        if (missing > 0) {
            holes.add(new Hole(runs.indexOf(run), afterNanos, beforeNanos, missing));
        }
        return missing;
    }

    private long wholeIntervals(long gap) {
        return Math.max(0, (gap - slackNanos) / intervalNanos);
    }
}
