package io.pingagent.zabbix.buffer;

import java.util.Map;
import java.util.TreeMap;

/** Ranges of numbers, each number counted once however often it is added. Not thread-safe. */
final class SequenceRanges {

    private final TreeMap<Long, Long> ends = new TreeMap<>();
    private long size;

    /** How many numbers are in the ranges. */
    long size() {
        return size;
    }

    /** Adds the numbers from one up to, but not with, another. */
    void add(long from, long to) {
        if (from >= to) {
            return;
        }
        long start = from;
        long end = to;
        for (Map.Entry<Long, Long> near = ends.floorEntry(to);
                near != null && near.getValue() >= from;
                near = ends.floorEntry(to)) {
            start = Math.min(start, near.getKey());
            end = Math.max(end, near.getValue());
            size -= near.getValue() - near.getKey();
            ends.remove(near.getKey());
        }
        ends.put(start, end);
        size += end - start;
    }

    /** The first number from this one on that is in no range. */
    long skip(long number) {
        Map.Entry<Long, Long> at = ends.floorEntry(number);
        return at != null && at.getValue() > number ? at.getValue() : number;
    }

    /** Takes out all numbers below this one, and says how many they were. */
    long removeBelow(long number) {
        long removed = 0;
        for (Map.Entry<Long, Long> first = ends.firstEntry();
                first != null && first.getKey() < number;
                first = ends.firstEntry()) {
            ends.remove(first.getKey());
            if (first.getValue() > number) {
                ends.put(number, first.getValue());
            }
            removed += Math.min(number, first.getValue()) - first.getKey();
        }
        size -= removed;
        return removed;
    }

    /** How many numbers from this one on are in ranges. */
    long sizeFrom(long number) {
        long count = 0;
        for (Map.Entry<Long, Long> range : ends.entrySet()) {
            count += Math.max(0, range.getValue() - Math.max(number, range.getKey()));
        }
        return count;
    }
}
