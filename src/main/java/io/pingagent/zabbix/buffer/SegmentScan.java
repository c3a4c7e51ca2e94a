package io.pingagent.zabbix.buffer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds the segments that an earlier run has left in a directory, and what is torn in them. Files of other names, and
 * what cannot be read, are left alone. Guarded by the buffer it belongs to.
 */
final class SegmentScan {

    private static final Logger LOG = LogManager.getLogger(SegmentScan.class);

    /** In place of the first number that is expected. */
    static final long UNKNOWN = -1;

    private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})(?:-[1-9])?\\.values");
    /** No buffer was ever so large that so many numbers in a row are missing. */
    private static final long MAX_GAP = 1L << 40;

    private static final int MAX_FOREIGN = 1_000;

    /** Sees what a scan finds. */
    interface Visitor {

        /** A whole record; the reader stands at it. */
        void record(Segment segment, SegmentReader reader);
    }

    private final Path directory;
    private final Disk disk;
    private final String ackName;
    private final long maxValues;
    private final BufferTroubles troubles;
    private final Set<Path> foreign = new HashSet<>();

    /** @param maxBytes of all segments */
    SegmentScan(Path directory, Disk disk, String ackName, long maxBytes, BufferTroubles troubles) {
        this.directory = directory;
        this.disk = disk;
        this.ackName = ackName;
        this.maxValues = maxBytes / ValueRecord.FIXED_BYTES;
        this.troubles = troubles;
    }

    /**
     * Reads all segments, with the ranges of numbers that they lack.
     *
     * @param visitor sees every record, oldest first within a segment
     * @param from the first number that is expected, or {@link #UNKNOWN}
     * @return the segments, oldest first
     */
    List<Segment> scan(Visitor visitor, long from) throws IOException {
        List<Segment> found = new ArrayList<>();
        for (Path file : disk.list(directory)) {
            Segment segment = named(file);
            if (segment != null && read(segment, visitor)) {
                found.add(segment);
            }
        }
        found.sort(Comparator.comparingLong((Segment segment) -> segment.base)
                .thenComparing(segment -> segment.file.toString()));
        return inOrder(found, from);
    }

    private List<Segment> inOrder(List<Segment> found, long from) {
        List<Segment> segments = new ArrayList<>();
        long expected = from;
        Segment before = null;
        for (Segment segment : found) {
            if (!possible(segment, expected)) {
                leaveAlone(segment.file, "its number is impossible");
                continue;
            }
            expected = Math.max(expected, segment.end);
            if (before != null && before.end > segment.base) {
                // After a failed write the values' numbers were given again to the next segment.
                LOG.info("{} is continued from number {} on in {}", before.file, segment.base, segment.file);
                before.end = segment.base;
                before.cut = true;
            }
            segments.add(segment);
            before = segment;
        }
        if (before != null) {
            addTornEnd(before);
        }
        return segments;
    }

    private boolean possible(Segment segment, long expected) {
        if (expected == UNKNOWN) {
            return !segment.isGarbage();
        }
        return segment.base - expected <= (segment.isGarbage() ? maxValues : MAX_GAP);
    }

    /** How many values a segment has lost at its end is seen by the number of the next one; the last one has none. */
    private static void addTornEnd(Segment last) {
        if (last.tornValues > 0) {
            last.holes.add(new long[] {last.end, last.end + last.tornValues});
            last.end += last.tornValues;
        }
    }

    private @Nullable Segment named(Path file) {
        String name = file.toFile().getName();
        if (name.equals(SegmentStore.LOCK) || name.equals(ackName)) {
            return null;
        }
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            leaveAlone(file, "it does not belong to this buffer");
            return null;
        }
        long base = Long.parseUnsignedLong(matcher.group(1), 16);
        if (base < 0 || base > Long.MAX_VALUE / 2) {
            leaveAlone(file, "its number is impossible");
            return null;
        }
        return new Segment(file, base);
    }

    /** @return whether it belongs to this buffer */
    private boolean read(Segment segment, Visitor visitor) throws IOException {
        try (SegmentReader reader = new SegmentReader(disk.open(segment.file, Disk.Mode.READ))) {
            while (reader.next()) {
                long sequence = segment.base + reader.place();
                if (sequence > segment.end) {
                    segment.holes.add(new long[] {segment.end, sequence});
                }
                segment.end = sequence + 1;
                visitor.record(segment, reader);
            }
            segment.bytes = reader.size();
            segment.tornValues = reader.tornValues();
            segment.identity = disk.identity(segment.file);
            Long damagedAt = reader.damagedAt();
            if (damagedAt != null) {
                troubles.damaged(segment, "is damaged at byte " + damagedAt + "; the values behind that are saved");
            }
            if (segment.bytes == 0) {
                disk.delete(segment.file);
                return false;
            }
            if (segment.tornValues > 0) {
                troubles.damaged(
                        segment, "has no whole value from byte " + reader.end() + " to its end at " + segment.bytes);
            }
            return true;
        } catch (IOException e) {
            if (!segment.isGarbage()) {
                troubles.damaged(segment, "cannot be read to its end: " + e);
                return true;
            }
            leaveAlone(segment.file, e.toString());
            return false;
        }
    }

    private void leaveAlone(Path file, String why) {
        if (foreign.size() < MAX_FOREIGN && foreign.add(file)) {
            LOG.warn("{} is left alone: {}", file, why);
        }
    }
}
