package io.pingagent.zabbix.buffer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One file of values with numbers in a row. Guarded by the buffer it belongs to. */
final class Segment {

    final Path file;
    /** The number of its first value. */
    final long base;
    /** Behind the number of its last value. */
    long end;

    long bytes;
    /** Values that somebody needs; kept by {@link HeldValues} only. */
    int live;

    /** Ranges of numbers, from and to, that a damage has cost; found at the start. */
    final List<long[]> holes = new ArrayList<>();

    @Nullable
    Object identity;

    /** Values behind the last whole one that a damage has cost, as far as can be seen. */
    int tornValues;

    /** Whether it is no part of the buffer any more. */
    boolean gone;

    /** Whether its last records are in the next one too. */
    boolean cut;

    /** How often it could not be read. */
    int failures;
    /** Unix seconds of the first of them. */
    long failedAtSeconds;

    Segment(Path file, long base) {
        this.file = file;
        this.base = base;
        this.end = base;
    }

    /** Whether nothing in it is whole. */
    boolean isGarbage() {
        return end == base;
    }
}
