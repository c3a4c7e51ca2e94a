package io.pingagent.zabbix.buffer;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The files of a buffer's directory: its lock, its file of acknowledgements, and its segments, oldest first. Guarded by
 * the buffer it belongs to.
 */
final class SegmentStore implements Closeable {

    private static final Logger LOG = LogManager.getLogger(SegmentStore.class);

    static final String LOCK = "lock";

    private static final long MIN_SEGMENT_BYTES = 16 * 1024;
    private static final long MAX_SEGMENT_BYTES = 4 << 20;
    private static final int SEGMENTS = 16;
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int NAMES = 9;

    private final Path directory;
    private final Disk disk;
    private final long segmentBytes;
    private final String ackName;
    private final int ackNumbers;
    private final SegmentScan scan;
    private final BufferTroubles troubles;

    private final ArrayDeque<Segment> segments = new ArrayDeque<>();
    private long totalBytes;
    private @Nullable DiskFile active;
    private @Nullable DiskFile lock;
    private @Nullable Object lockIdentity;
    private @Nullable AckFile ack;
    private @Nullable Object ackIdentity;
    private final List<Segment> undeleted = new ArrayList<>();

    /**
     * Opens nothing.
     *
     * @param maxBytes of all segments; a segment has a sixteenth of it, 16 KiB to 4 MiB
     * @param ackName name of the file of acknowledgements
     * @param ackNumbers how many numbers are in it
     */
    SegmentStore(Path directory, Disk disk, long maxBytes, String ackName, int ackNumbers, BufferTroubles troubles) {
        this.directory = directory;
        this.disk = disk;
        this.segmentBytes = Math.max(MIN_SEGMENT_BYTES, Math.min(MAX_SEGMENT_BYTES, maxBytes / SEGMENTS));
        this.ackName = ackName;
        this.ackNumbers = ackNumbers;
        this.troubles = troubles;
        this.scan = new SegmentScan(directory, disk, ackName, maxBytes, troubles);
    }

    /**
     * Makes the directory and takes what is missing of lock and acknowledgements.
     *
     * @throws BufferInUseException if another agent has it
     * @throws IOException if it cannot be used; what was open stays open
     */
    void open() throws IOException {
        disk.createDirectories(directory);
        Path lockPath = directory.resolve(LOCK);
        if (lock == null || !same(lockIdentity, lockPath)) {
            DiskFile file = disk.open(lockPath, Disk.Mode.WRITE);
            try {
                if (!file.tryLock()) {
                    throw new BufferInUseException(directory);
                }
            } catch (IOException e) {
                file.close();
                throw e;
            }
            closeQuietly(lock);
            lock = file;
            lockIdentity = disk.identity(lockPath);
        }
        Path ackPath = directory.resolve(ackName);
        if (ack == null || !same(ackIdentity, ackPath)) {
            AckFile opened = new AckFile(disk, ackPath, ackNumbers);
            closeQuietly(ack);
            ack = opened;
            ackIdentity = disk.identity(ackPath);
        }
    }

    /** Whether lock, acknowledgements and the segment that is written are still in the directory. */
    boolean isIntact() {
        Segment last = segments.peekLast();
        return same(lockIdentity, directory.resolve(LOCK))
                && same(ackIdentity, directory.resolve(ackName))
                && (active == null || last == null || isThere(last));
    }

    boolean isThere(Segment segment) {
        return same(segment.identity, segment.file);
    }

    private boolean same(@Nullable Object before, Path file) {
        Object now = disk.identity(file);
        return before != null && (now == Disk.UNKNOWN || before.equals(now));
    }

    /** The numbers on disk; only while it is open. */
    AckFile ack() {
        AckFile opened = ack;
        if (opened == null) {
            throw new IllegalStateException(directory + " is not open");
        }
        return opened;
    }

    Deque<Segment> segments() {
        return segments;
    }

    long totalBytes() {
        return totalBytes;
    }

    /** Whether a segment is open for more values. */
    boolean isActive(Segment segment) {
        return active != null && segment == segments.peekLast();
    }

    /** Reads all segments that are there, see {@link SegmentScan#scan}; they are then in {@link #segments}. */
    void scan(SegmentScan.Visitor visitor, long from) throws IOException {
        segments.clear();
        totalBytes = 0;
        for (Segment segment : scan.scan(visitor, from)) {
            segments.add(segment);
            totalBytes += segment.bytes;
        }
    }

    // -- reading and writing --

    SegmentReader read(Segment segment) throws IOException {
        return new SegmentReader(disk.open(segment.file, Disk.Mode.READ));
    }

    /** To mark values. */
    DiskFile change(Segment segment) throws IOException {
        return disk.open(segment.file, Disk.Mode.CHANGE);
    }

    /** Reads the segment that is written through its open file, which works even when its name is gone. */
    @Nullable
    SegmentReader readActive() {
        DiskFile file = active;
        active = null;
        return file == null ? null : new SegmentReader(file);
    }

    /**
     * Writes values behind all others, in pieces.
     *
     * @param room asked before each piece to keep the segments' bytes within bounds; given the bytes that are to come
     * @return how many of them are on disk; fewer than all if the disk refused the others
     */
    int append(List<Numbered> values, LongConsumer room) {
        int done = 0;
        while (done < values.size()) {
            try {
                done += appendPiece(values, done, room);
            } catch (IOException e) {
                endActive();
                troubles.failed(e);
                return done;
            }
        }
        troubles.written();
        return done;
    }

    private int appendPiece(List<Numbered> values, int from, LongConsumer room) throws IOException {
        long first = values.get(from).sequence();
        Segment last = segments.peekLast();
        byte[] one = ValueRecord.encode(values.get(from).value(), 0);
        boolean fits = active != null && last != null && last.end == first && last.bytes + one.length <= segmentBytes;
        long base = fits && last != null ? last.base : first;
        long most = Math.min(PIECE_BYTES, segmentBytes - (fits && last != null ? last.bytes : 0));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(PIECE_BYTES);
        int count = 0;
        for (int i = from; i < values.size() && values.get(i).sequence() == first + count; i++) {
            byte[] record = ValueRecord.encode(values.get(i).value(), (int) (first + count - base));
            if (count > 0 && bytes.size() + record.length > most) {
                break;
            }
            bytes.writeBytes(record);
            count++;
        }
        room.accept(bytes.size());
        Segment segment = fits && last != null ? last : begin(first);
        DiskFile file = active;
        if (file == null) {
            throw new IOException(segment.file + " is closed");
        }
        try {
            file.write(ByteBuffer.wrap(bytes.toByteArray()), segment.bytes);
        } catch (IOException e) {
            // What came through of it is written again somewhere else.
            file.truncate(segment.bytes);
            throw e;
        }
        segment.end += count;
        segment.live += count;
        segment.bytes += bytes.size();
        totalBytes += bytes.size();
        return count;
    }

    private Segment begin(long base) throws IOException {
        endActive();
        String name = String.format(Locale.ROOT, "%016x", base);
        for (int i = 0; ; i++) {
            Path file = directory.resolve(name + (i == 0 ? "" : "-" + i) + ".values");
            try {
                active = disk.open(file, Disk.Mode.NEW);
                Segment segment = new Segment(file, base);
                segment.identity = disk.identity(file);
                segments.add(segment);
                return segment;
            } catch (FileAlreadyExistsException e) {
                if (i == NAMES) {
                    throw e;
                }
            }
        }
    }

    /** What comes next goes to a new segment. */
    void endActive() {
        closeQuietly(active);
        active = null;
        Segment last = segments.peekLast();
        if (last != null && last.end == last.base) {
            remove(last);
        }
    }

    void remove(Segment segment) {
        if (isActive(segment)) {
            closeQuietly(active);
            active = null;
        }
        forget(segment);
        try {
            disk.delete(segment.file);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", segment.file, e.toString());
            undeleted.add(segment);
        }
    }

    /** Tries again to delete what could not be deleted: the next start would take its values for waiting ones. */
    void deleteLeft() {
        if (undeleted.isEmpty()) {
            return;
        }
        for (Segment segment : List.copyOf(undeleted)) {
            try {
                if (isThere(segment)) {
                    disk.delete(segment.file);
                }
                undeleted.remove(segment);
            } catch (IOException e) {
                LOG.debug("{} cannot be deleted yet", segment.file, e);
                return;
            }
        }
    }

    /** Forgets a segment whose file is gone. */
    void forget(Segment segment) {
        segment.gone = true;
        if (segments.remove(segment)) {
            totalBytes -= segment.bytes;
        }
    }

    void force() throws IOException {
        DiskFile file = active;
        if (file != null) {
            file.force();
        }
        ack().force();
    }

    @Override
    public void close() {
        endActive();
        closeQuietly(ack);
        closeQuietly(lock);
        ack = null;
        lock = null;
    }

    static void closeQuietly(@Nullable Closeable file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.debug("a file of the buffer was not closed", e);
        }
    }
}
