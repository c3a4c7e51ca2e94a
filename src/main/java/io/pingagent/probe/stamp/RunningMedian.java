package io.pingagent.probe.stamp;

import io.pingagent.base.OwnedBy;
import java.util.Arrays;

/** Median and lower quartile of the newest values, kept up to date in a few dozen steps a value. No garbage. */
@OwnedBy("caller")
final class RunningMedian {

    private final int[] newest;
    private final int[] sorted;
    private int count;
    private int next;

    /** @param window how many values count, at least 1 */
    RunningMedian(int window) {
        newest = new int[window];
        sorted = new int[window];
    }

    void add(int value) {
        if (count == newest.length) {
            remove(newest[next]);
        }
        newest[next] = value;
        next = next + 1 == newest.length ? 0 : next + 1;
        int at = Arrays.binarySearch(sorted, 0, count, value);
        at = at < 0 ? ~at : at;
        System.arraycopy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = value;
        count++;
    }

    private void remove(int value) {
        int at = Arrays.binarySearch(sorted, 0, count, value);
        count--;
        System.arraycopy(sorted, at + 1, sorted, at, count - at);
    }

    /** Values that count now. */
    int count() {
        return count;
    }

    /** A quarter of the values is below this one; 0 without values. */
    int lowerQuartile() {
        return count == 0 ? 0 : sorted[count >>> 2];
    }

    /** The middle value, the upper one of two; 0 without values. */
    int median() {
        return count == 0 ? 0 : sorted[count >>> 1];
    }
}
