package io.pingagent.zabbix.buffer;

import io.pingagent.base.AnyThread;
import io.pingagent.model.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A log of numbered values on disk: segment files, and a small file of numbers that its buffer notes beside them. It
 * can be opened late, when the directory could not be used before, and repaired after somebody deleted files in it.
 *
 * <p>Which values wait, and what their loss means, is the buffer's business: it says so in the steps that it hands in.
 * Guarded by the buffer it belongs to.
 */
final class DiskLog implements Closeable {

    /** What a buffer does while its log is opened or repaired. */
    interface Step {

        /** @throws IOException if the disk refuses; the step is tried again later */
        void run() throws IOException;
    }

    private final SegmentStore store;
    private final SegmentCursor cursor;
    private final BufferTroubles troubles;
    private final long maxBytes;

    private boolean adopted;
    /** Whether what is in the directory is ours and can be used. */
    private boolean usable;

    /**
     * Opens nothing.
     *
     * @param maxBytes of all segments
     * @param noteName name of the file of noted numbers
     * @param noteCount how many numbers are in it
     */
    DiskLog(Path directory, Disk disk, long maxBytes, String noteName, int noteCount) {
        this.troubles = new BufferTroubles(directory);
        this.store = new SegmentStore(directory, disk, maxBytes, noteName, noteCount, troubles);
        this.cursor = new SegmentCursor(store);
        this.maxBytes = maxBytes;
    }

    // -- opening and repairing --

    /**
     * Opens the directory for the first time.
     *
     * @param adopt takes over what an earlier run has left, beginning with a {@link #scan}
     * @return whether it can be used now; otherwise {@link #repair} opens it later
     * @throws BufferInUseException if another agent has the directory
     */
    boolean open(Step adopt) throws BufferInUseException {
        try {
            adopt(adopt);
        } catch (BufferInUseException e) {
            store.close();
            throw e;
        } catch (IOException e) {
            troubles.failed(e);
        }
        return usable;
    }

    /**
     * The directory may have been unusable at the start, or may have been deleted since: opens it in that case.
     *
     * @param adopt as for {@link #open}
     * @param restore gives up the segments that are gone, and saves what is still in memory
     * @return whether it was opened or repaired just now
     */
    boolean repair(Step adopt, Step restore) {
        store.deleteLeft();
        try {
            if (!adopted) {
                adopt(adopt);
                return true;
            }
            if (!store.isIntact()) {
                usable = false;
                troubles.deleted();
                restore.run();
                store.open();
                usable = true;
                return true;
            }
        } catch (IOException e) {
            troubles.failed(e);
        }
        return false;
    }

    private void adopt(Step adopt) throws IOException {
        store.open();
        adopt.run();
        adopted = true;
        usable = true;
    }

    /**
     * Reads all segments, which are then in {@link #segments}, with the ranges of numbers that they lack.
     *
     * @param from the first number that is expected, or {@link SegmentScan#UNKNOWN}
     */
    void scan(SegmentScan.Visitor visitor, long from) throws IOException {
        store.scan(visitor, from);
    }

    /** Reads the segment that is written to its end through its open file: its name may be gone. */
    void readActive(Segment segment, SegmentScan.Visitor visitor) {
        try (SegmentReader open = store.readActive()) {
            while (open != null && open.next() && segment.base + open.place() < segment.end) {
                visitor.record(segment, open);
            }
        } catch (IOException e) {
            troubles.damaged(segment, "was deleted and cannot be read any more: " + e);
        }
    }

    boolean isUsable() {
        return usable;
    }

    // -- segments --

    /** Oldest first. */
    Deque<Segment> segments() {
        return store.segments();
    }

    /** The first segment that has this number or a later one. */
    @Nullable
    Segment segmentFrom(long sequence) {
        for (Segment segment : store.segments()) {
            if (sequence < segment.end) {
                return segment;
            }
        }
        return null;
    }

    boolean isThere(Segment segment) {
        return store.isThere(segment);
    }

    /** Whether a segment is open for more values. */
    boolean isActive(Segment segment) {
        return store.isActive(segment);
    }

    /** Deletes a segment. */
    void remove(Segment segment) {
        cursor.leave(segment);
        store.remove(segment);
    }

    /** Forgets a segment whose file is gone. */
    void forget(Segment segment) {
        cursor.leave(segment);
        store.forget(segment);
    }

    // -- values --

    /**
     * Writes values behind all others.
     *
     * @param dropOldest removes the oldest segment, when the log would become too large
     * @return how many of them are on disk; fewer than all if the disk refused the others
     */
    int append(List<Numbered> values, Consumer<Segment> dropOldest) {
        return store.append(values, moreBytes -> {
            while (store.totalBytes() + moreBytes > maxBytes && store.segments().size() > 1) {
                dropOldest.accept(store.segments().getFirst());
            }
        });
    }

    /** All records of a segment. */
    SegmentReader read(Segment segment) throws IOException {
        return store.read(segment);
    }

    /** Goes to a value, see {@link SegmentCursor#seek}. */
    long seek(Segment segment, long sequence) throws IOException {
        return cursor.seek(segment, sequence);
    }

    /** What {@link #seek} found. */
    SegmentReader record() {
        return cursor.record();
    }

    /** The segment's file, to change records in their place. The caller closes it. */
    DiskFile change(Segment segment) throws IOException {
        return store.change(segment);
    }

    // -- noted numbers --

    /** The numbers on disk; only while the log is open. */
    AckFile noted() {
        return store.ack();
    }

    /** Writes the numbers if they have changed and the disk takes them. */
    void note(long... numbers) {
        if (!usable) {
            return;
        }
        try {
            store.ack().writeChanged(numbers);
        } catch (IOException e) {
            troubles.failed(e);
        }
    }

    // -- what is wrong --

    /** The disk refuses. */
    void failed(IOException e) {
        troubles.failed(e);
    }

    /** Values of a segment are lost. */
    void damaged(Segment segment, String what) {
        troubles.damaged(segment, what);
    }

    /** A segment cannot be read now; the next attempt begins from its start. */
    void unreadable(Segment segment, IOException e) {
        cursor.leave(segment);
        troubles.unreadable(segment, e);
        segment.failures++;
    }

    @AnyThread
    List<Problem> problems() {
        return troubles.problems();
    }

    /** Waits until the disk has everything. */
    void sync() {
        if (!usable) {
            return;
        }
        try {
            store.force();
        } catch (IOException e) {
            troubles.failed(e);
        }
    }

    /** Waits until the disk has everything, and closes all files. */
    @Override
    public void close() {
        sync();
        cursor.close();
        store.close();
    }
}
