package io.pingagent.zabbix.buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Marks values on disk, in their place and by one bit, which nobody needs any more. Guarded by the buffer it belongs
 * to.
 *
 * <p>What the disk refuses to mark is kept in memory, so that it is not given out again.
 */
final class SettledMarks {

    private final DiskLog log;
    private @Nullable Segment segment;
    private @Nullable DiskFile file;
    /** Settled, but not marked, since the disk refuses. */
    private final Set<Long> unmarked = new HashSet<>();

    SettledMarks(DiskLog log) {
        this.log = log;
    }

    /** Whether the value was settled, but could not be marked. */
    boolean isOwed(long sequence) {
        return unmarked.contains(sequence);
    }

    /** Whether somebody needs the value at which the reader stands. */
    boolean isNeeded(Segment of, SegmentReader reader) {
        return !reader.settled() && !isOwed(of.base + reader.place());
    }

    /**
     * Marks a value; call {@link #end} after the last one.
     *
     * @param at where in the segment's file its record begins
     */
    void mark(Segment in, long at, long sequence) {
        try {
            DiskFile open = file;
            if (open == null || segment != in) {
                end();
                open = log.change(in);
                file = open;
                segment = in;
            }
            open.write(ByteBuffer.wrap(new byte[] {(byte) ValueRecord.SETTLED}), at);
            unmarked.remove(sequence);
        } catch (IOException e) {
            unmarked.add(sequence);
            log.failed(e);
        }
    }

    /** Closes the file. */
    void end() {
        SegmentStore.closeQuietly(file);
        file = null;
        segment = null;
    }

    /** Forgets a segment that is deleted. */
    void leave(Segment gone) {
        if (segment == gone) {
            end();
        }
        unmarked.removeIf(sequence -> sequence >= gone.base && sequence < gone.end);
    }
}
