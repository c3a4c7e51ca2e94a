package io.pingagent.zabbix.buffer;

import io.pingagent.model.Problem;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a buffer: its lock, its file of acknowledgements, and its segments, oldest first. Files of other names,
 * and what cannot be read, are left alone. Guarded by the buffer it belongs to, but for {@link #problems}, which any thread may call.
 *
 * <p>Over 500 lines because scan, writing and repair of one directory share its state; reading and records have classes of their
 * own.
 */
final class SegmentStore implements Closeable {

    private static final Logger LOG = LogManager.getLogger(SegmentStore.class);

    static final long UNKNOWN = -1;

    private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})(?:-[1-9])?\\.values");
    private static final long MIN_SEGMENT_BYTES = 16 * 1024;
    private static final long MAX_SEGMENT_BYTES = 4 << 20;
    private static final int SEGMENTS = 16;
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int NAMES = 9;
    /** No buffer was ever so large that so many numbers in a row are missing. */
    private static final long MAX_GAP = 1L << 40;

    /** What a scan finds. */
    interface Visitor {

        /** A whole record; the reader stands at it. */
        void record(Segment segment, SegmentReader reader);
    }

    private final Path directory;
    private final Disk disk;
    private final long segmentBytes;
    private final String ackName;
    private final int ackNumbers;
    private final long maxValues;

    private final ArrayDeque<Segment> segments = new ArrayDeque<>();
    private long totalBytes;
    private @Nullable DiskFile active;
    private @Nullable DiskFile lock;
    private @Nullable Object lockIdentity;
    private @Nullable AckFile ack;
    private @Nullable Object ackIdentity;
    private final List<Segment> undeleted = new ArrayList<>();
    private final Set<Path> foreign = new HashSet<>();

    private volatile @Nullable String failure;
    private volatile @Nullable String damage;

    /**
     * Opens nothing.
     *
     * @param maxBytes of all segments; a segment has a sixteenth of it, 16 KiB to 4 MiB
     * @param ackName name of the file of acknowledgements
     * @param ackNumbers how many numbers are in it
     */
    SegmentStore(Path directory, Disk disk, long maxBytes, String ackName, int ackNumbers) {
        this.directory = directory;
        this.disk = disk;
        this.segmentBytes = Math.max(MIN_SEGMENT_BYTES, Math.min(MAX_SEGMENT_BYTES, maxBytes / SEGMENTS));
        this.ackName = ackName;
        this.ackNumbers = ackNumbers;
        this.maxValues = maxBytes / ValueRecord.FIXED_BYTES;
    }

    /**
     * Makes the directory and takes what is missing of lock and acknowledgements.
     *
     * @throws BufferInUseException if another agent has it
     * @throws IOException if it cannot be used; what was open stays open
     */
    void open() throws IOException {
        disk.createDirectories(directory);
        Path lockPath = directory.resolve("lock");
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

    /** Whether lock and acknowledgements are open: the directory could be used. */
    boolean isOpen() {
        return lock != null && ack != null;
    }

    /** Whether lock, acknowledgements and the segment that is written are still in the directory. */
    boolean isIntact() {
        Segment last = segments.peekLast();
        return same(lockIdentity, directory.resolve("lock"))
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

    // -- at the start --

    /**
     * Reads all segments, which are then in {@link #segments}, with the ranges of numbers that they lack.
     *
     * @param visitor hears of every record, oldest first within a segment
     * @param from the first number that is expected, or {@link #UNKNOWN}
     */
    void scan(Visitor visitor, long from) throws IOException {
        List<Segment> found = new ArrayList<>();
        segments.clear();
        totalBytes = 0;
        for (Path file : disk.list(directory)) {
            Segment segment = named(file);
            if (segment != null && scan(segment, visitor)) {
                found.add(segment);
            }
        }
        found.sort(Comparator.comparingLong((Segment segment) -> segment.base)
                .thenComparing(segment -> segment.file.toString()));
        long expected = from;
        for (Segment segment : found) {
            if (!possible(segment, expected)) {
                leaveAlone(segment.file, "its number is impossible");
                continue;
            }
            expected = Math.max(expected, segment.end);
            Segment before = segments.peekLast();
            if (before != null && before.end > segment.base) {
                // After a failed write the values' numbers were given again to the next segment.
                LOG.info("{} goes on from {} on in {}", before.file, segment.base, segment.file);
                before.end = segment.base;
                before.cut = true;
            }
            segments.add(segment);
            totalBytes += segment.bytes;
        }
        Segment last = segments.peekLast();
        if (last != null) {
            lastEnds(last);
        }
    }

    private boolean possible(Segment segment, long expected) {
        if (expected == UNKNOWN) {
            return !segment.isGarbage();
        }
        return segment.base - expected <= (segment.isGarbage() ? maxValues : MAX_GAP);
    }

    /** What the next segment's number says of the others: how many values are lost at the end. */
    private void lastEnds(Segment last) {
        if (last.tornValues > 0) {
            last.holes.add(new long[] {last.end, last.end + last.tornValues});
            last.end += last.tornValues;
        }
    }

    private @Nullable Segment named(Path file) {
        String name = file.toFile().getName();
        if (name.equals("lock") || name.equals(ackName)) {
            return null;
        }
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            leaveAlone(file, "it is none of this buffer's");
            return null;
        }
        long base = Long.parseUnsignedLong(matcher.group(1), 16);
        if (base < 0 || base > Long.MAX_VALUE / 2) {
            leaveAlone(file, "its number is impossible");
            return null;
        }
        return new Segment(file, base);
    }

    /** @return whether it is one of this buffer's */
    private boolean scan(Segment segment, Visitor visitor) throws IOException {
        try (SegmentReader reader = read(segment)) {
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
                damaged(segment, "is damaged at byte " + damagedAt + "; the values behind that are saved");
            }
            if (segment.bytes == 0) {
                disk.delete(segment.file);
                return false;
            }
            if (segment.tornValues > 0) {
                damaged(segment, "has no whole value from byte " + reader.end() + " to its end at " + segment.bytes);
            }
            return true;
        } catch (IOException e) {
            if (!segment.isGarbage()) {
                damaged(segment, "cannot be read to its end: " + e);
                return true;
            }
            leaveAlone(segment.file, e.toString());
            return false;
        }
    }

    private void leaveAlone(Path file, String why) {
        if (foreign.size() < 1_000 && foreign.add(file)) {
            LOG.warn("{} is left alone: {}", file, why);
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

    /** Reads the segment that is written through its open file, which goes on when its name is gone. */
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
                failed(e);
                return done;
            }
        }
        if (failure != null) {
            failure = null;
            LOG.info("the Zabbix buffer in {} can be written again", directory);
        }
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

    // -- what is wrong --

    /** The disk refuses. */
    void failed(IOException e) {
        if (failure == null) {
            LOG.error("the Zabbix buffer in {} cannot be written: {}; values wait in memory", directory, e.toString());
        }
        failure = e.toString();
    }

    /** Somebody deleted files. */
    void deleted() {
        if (failure == null) {
            LOG.error("{} or files in it were deleted; they are made again", directory);
        }
    }

    /** A segment cannot be read now. */
    void unreadable(Segment segment, IOException e) {
        if (segment.failures == 0) {
            damaged(segment, "cannot be read: " + e);
        }
    }

    void damaged(Segment segment, String what) {
        LOG.error("{} {}", segment.file, what);
        damage = segment.file + " " + what;
    }

    /** Any thread; cheap. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(2);
        String refused = failure;
        if (refused != null) {
            problems.add(new Problem(
                    directory.toString(),
                    "the buffer for Zabbix cannot be written (" + refused + "); values wait in memory, up to "
                            + (ValueBuffer.MAX_MEMORY_BYTES >> 20) + " MiB, beyond that the oldest are dropped",
                    "make room, or let the agent's user write there"));
        }
        String broken = damage;
        if (broken != null) {
            problems.add(new Problem(
                    directory.toString(),
                    "a file of values for Zabbix was damaged: " + broken,
                    "look at the disk; what was lost is in ping.agent.buffer.dropped; this goes with a restart"));
        }
        return problems;
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
