package io.pingagent.zabbix.buffer;

import io.pingagent.base.AnyThread;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixValue;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Values that no server has acknowledged, oldest first, on disk. {@code ping-zabbix} appends, {@code ping-zabbix-send}
 * takes and acknowledges. Both hold the buffer's lock for as long as files are written or read. Any thread may read the
 * counts.
 *
 * <p>Every value gets a sequence number. It is written to the last segment file before anything else happens to it, so
 * that {@code kill -9} loses nothing at any moment. That is one sequential write per batch, to the page cache; only
 * {@link #sync} waits for the disk. What is acknowledged is one number in {@link AckFile}, written after each
 * acknowledgement. A segment below it is deleted. In normal operation that is seconds after it was begun, so most of
 * its bytes never reach the disk at all.
 *
 * <p>By their numbers the values are, from the oldest on:
 *
 * <ul>
 *   <li>Up to {@code head}: acknowledged.
 *   <li>Up to {@code readEnd}: in the {@code window} in memory.
 *   <li>Up to {@code savedEnd}: on disk only.
 *   <li>Up to {@code tail}: {@code unsaved}, in memory only because the disk refuses.
 * </ul>
 *
 * <p>Numbers that nobody will deliver are in {@code lost}, each counted once. Those below the head are added to what is
 * kept on disk. The others are missing in the segments too, so that the next start finds and counts them again.
 *
 * <p>What {@link #peek} gave out stays until it is acknowledged, whatever is dropped meanwhile.
 *
 * <p>A crash between an acknowledgement and its writing makes one batch go out again, with the same stamps, which
 * Zabbix ignores. What a crash costs without being counted: values that were in memory only.
 *
 * <p>Over 500 lines because bound, order and acknowledgement are one state under one lock. The {@link DiskLog log}, its
 * files and the ranges have classes of their own.
 */
public final class ValueBuffer implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(ValueBuffer.class);

    /** Of values that the disk refuses. */
    static final int MAX_MEMORY_BYTES = 16 << 20;

    private static final int MAX_WINDOW = 30_000;
    private static final int MAX_WINDOW_BYTES = 16 << 20;
    private static final int SLICE = 2_000;
    /** An acknowledged segment of this size is replaced. */
    private static final long RECYCLE_BYTES = 256 * 1024;
    /** A file that cannot be read for so long is given up. */
    private static final long UNREADABLE_SECONDS = 600;

    private static final long EXPIRY_SECONDS = 60;

    /**
     * The oldest values.
     *
     * @param endSequence to be given back to {@link #acknowledge}
     */
    public record Batch(long endSequence, List<ZabbixValue> values) {}

    private final DiskLog log;
    private final Path directory;
    private final long maxAgeSeconds;
    private final LongSupplier wallNanos;

    private final NumberedQueue window = new NumberedQueue();
    private final NumberedQueue unsaved = new NumberedQueue();
    private final SequenceRanges lost = new SequenceRanges();
    private long head;
    /** Behind what {@link #peek} gave out. */
    private long takenEnd;

    private long readEnd;
    private long savedEnd;
    private long tail;
    /** What was given out last has other numbers since. */
    private boolean isBatchStale;

    private long lostBelowHead;
    private long expiredSeconds;

    private boolean closed;

    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong made = new AtomicLong();

    /**
     * @param directory made if it does not exist; used by one buffer at a time. If it cannot be used, values wait in
     *     memory until it can
     * @param maxBytes at least 1 MiB; beyond it the oldest values are dropped
     * @param maxAge values older than this are dropped
     * @param wallNanos Unix nanoseconds
     * @throws BufferInUseException if another agent has the directory
     */
    public ValueBuffer(Path directory, long maxBytes, Duration maxAge, LongSupplier wallNanos)
            throws BufferInUseException {
        this(directory, maxBytes, maxAge, wallNanos, new RealDisk());
    }

    public ValueBuffer(Path directory, long maxBytes, Duration maxAge, LongSupplier wallNanos, Disk disk)
            throws BufferInUseException {
        this.log = new DiskLog(directory, disk, maxBytes, "acknowledged", 2);
        this.directory = directory;
        this.maxAgeSeconds = maxAge.toSeconds();
        this.wallNanos = wallNanos;
        begin();
    }

    private synchronized void begin() throws BufferInUseException {
        if (log.open(this::adopt)) {
            opened();
        }
        publish();
    }

    // -- what an earlier run has left --

    /** Puts what is in the directory before what is in memory. */
    private void adopt() throws IOException {
        AckFile ack = log.noted();
        log.scan((segment, at) -> {}, ack.found() ? ack.get(0) : SegmentScan.UNKNOWN);
        Segment first = log.segments().peekFirst();
        long oldHead = ack.get(0);
        if (!ack.found() && first != null) {
            LOG.warn("{}: what was acknowledged is not known; some values may go out twice", directory);
            oldHead = first.base;
        }
        // What was given out has other numbers now: it goes out again, with the same stamps.
        isBatchStale = takenEnd > head;
        long oldEnd = findLost(oldHead);
        List<Numbered> inMemory = new ArrayList<>(window.takeAll(0));
        inMemory.addAll(unsaved.takeAll(0));
        tail = oldEnd;
        inMemory.forEach(one -> unsaved.add(new Numbered(tail++, one.value())));
        lostBelowHead += ack.get(1);
        head = oldHead;
        takenEnd = oldHead;
        readEnd = oldHead;
        savedEnd = oldEnd;
    }

    /** Counts what the segments lack from the old head on, and returns where they end. */
    private long findLost(long oldHead) {
        long oldEnd = oldHead;
        lostBelowHead += lost.removeBelow(Long.MAX_VALUE);
        for (Segment segment : log.segments()) {
            lost.add(oldEnd, segment.base);
            segment.holes.forEach(hole -> lost.add(hole[0], hole[1]));
            oldEnd = Math.max(oldEnd, segment.end);
        }
        // These were counted when they were lost.
        lost.removeBelow(oldHead);
        return oldEnd;
    }

    /** The directory was opened or repaired. */
    private void opened() {
        advance();
        persist();
        removeAcknowledged(false);
    }

    // -- putting in --

    /**
     * Puts values behind all others. If the disk refuses them, they are kept in memory, up to
     * {@link #MAX_MEMORY_BYTES}; beyond that the oldest of all are dropped.
     *
     * @param values any number of them; none to try the disk again
     */
    public synchronized void append(List<ZabbixValue> values) {
        if (closed) {
            return;
        }
        prepare();
        for (int from = 0; from < values.size(); from += SLICE) {
            values.subList(from, Math.min(values.size(), from + SLICE)).forEach(this::add);
            save();
        }
        if (values.isEmpty() && savedEnd < tail) {
            save();
        }
        made.addAndGet(values.size());
        long nowSeconds = nowSeconds();
        if (Math.abs(nowSeconds - expiredSeconds) >= EXPIRY_SECONDS) {
            expiredSeconds = nowSeconds;
            expire();
        }
        // What was written now may show the next start what is lost before it, and the disk may have refused this
        // before.
        persist();
        publish();
    }

    private long nowSeconds() {
        return Math.floorDiv(wallNanos.getAsLong(), 1_000_000_000L);
    }

    private void add(ZabbixValue value) {
        if (ValueRecord.fits(value)) {
            unsaved.add(new Numbered(tail++, value));
        } else {
            LOG.error("a value of {} is too long for an item and is dropped", value.key());
            lostBelowHead++;
        }
    }

    private void prepare() {
        if (log.repair(this::adopt, this::restore)) {
            opened();
        }
    }

    /** Somebody deleted files: they are made again from what is in memory and from the segment that is still open. */
    private void restore() {
        List<Numbered> rescued = new ArrayList<>();
        Segment last = log.segments().peekLast();
        if (last != null && log.isActive(last) && !log.isThere(last)) {
            log.readActive(last, (segment, open) -> {
                long sequence = segment.base + open.place();
                if (sequence >= head) {
                    rescued.add(new Numbered(sequence, open.value()));
                }
            });
        }
        long from = savedEnd;
        while (last != null && !log.isThere(last)) {
            from = Math.min(from, last.base);
            log.forget(last);
            last = log.segments().peekLast();
        }
        // What was given out may be in no segment.
        savedEnd = last == null ? head : Math.max(head, from);
        rescued.addAll(unsaved.takeAll(0));
        long known = Math.max(readEnd, savedEnd);
        for (Numbered one : rescued) {
            if (one.sequence() >= known) {
                lose(known, one.sequence());
                known = one.sequence() + 1;
                unsaved.add(one);
            }
        }
        lose(known, tail);
    }

    /** Brings everything that is in memory only to the disk. */
    private void save() {
        boolean again = true;
        while (log.isUsable() && again) {
            List<Numbered> values = new ArrayList<>();
            if (savedEnd < readEnd) {
                window.forEach(one -> addUnsaved(one, values));
            }
            unsaved.forEach(values::add);
            int done = log.append(values, this::dropOldest);
            if (done > 0) {
                savedEnd = values.get(done - 1).sequence() + 1;
            }
            for (Numbered one = unsaved.first(); one != null && one.sequence() < savedEnd; one = unsaved.first()) {
                unsaved.poll();
                keepNear(one);
            }
            if (done == values.size()) {
                savedEnd = tail;
                return;
            }
            again = removeAcknowledged(true) || dropForRoom();
        }
        if (unsaved.bytes() > MAX_MEMORY_BYTES) {
            lose(head, unsaved.keepFrom(MAX_MEMORY_BYTES - MAX_MEMORY_BYTES / 16, tail));
            advance();
        }
    }

    private void addUnsaved(Numbered one, List<Numbered> values) {
        if (one.sequence() >= savedEnd) {
            values.add(one);
        }
    }

    /** What was saved stays in memory if it is next to what is there already. */
    private void keepNear(Numbered one) {
        if (lost.skip(readEnd) == one.sequence() && hasRoom(MAX_WINDOW)) {
            intoWindow(one);
        }
    }

    private boolean hasRoom(int wanted) {
        return window.size() < wanted && window.bytes() < MAX_WINDOW_BYTES;
    }

    private void intoWindow(Numbered one) {
        window.add(one);
        readEnd = one.sequence() + 1;
    }

    // -- giving up --

    /** The disk refuses, and there is no more room in memory: the oldest values on disk go. */
    private boolean dropForRoom() {
        Segment oldest = log.segments().peekFirst();
        if (oldest == null || unsaved.bytes() <= MAX_MEMORY_BYTES) {
            return false;
        }
        dropOldest(oldest);
        return true;
    }

    private void dropOldest(Segment oldest) {
        lose(oldest.base, oldest.end);
        log.remove(oldest);
        advance();
        persist();
    }

    /** Gives up the values from one number up to another, but for those that were given out. */
    private void lose(long from, long to) {
        long first = Math.max(from, Math.max(head, takenEnd));
        if (first >= to) {
            return;
        }
        lost.add(first, to);
        window.removeRange(first, to);
        unsaved.removeRange(first, to);
        if (readEnd >= first && readEnd < to) {
            readEnd = to;
        }
        if (savedEnd >= first && savedEnd < to) {
            savedEnd = to;
        }
    }

    private void expire() {
        long oldestSeconds = nowSeconds() - maxAgeSeconds;
        long before = lost.size() + lostBelowHead;
        boolean more = true;
        while (more) {
            load(window.countBelow(takenEnd) + SLICE);
            long end = -1;
            more = false;
            for (Numbered one : window.all()) {
                if (one.sequence() >= takenEnd) {
                    more = one.value().clockSeconds() < oldestSeconds;
                    if (!more) {
                        break;
                    }
                    end = one.sequence() + 1;
                }
            }
            lose(head, end);
            advance();
        }
        if (lost.size() + lostBelowHead != before) {
            persist();
            removeAcknowledged(false);
        }
    }

    /** The head goes over what is lost. */
    private void advance() {
        head = lost.skip(head);
        lostBelowHead += lost.removeBelow(head);
        takenEnd = Math.max(takenEnd, head);
        readEnd = Math.max(readEnd, head);
        savedEnd = Math.max(savedEnd, head);
    }

    // -- taking out --

    /**
     * The oldest values, or an empty batch. Without an acknowledgement in between the same ones again.
     *
     * @param max at least 1
     */
    public synchronized Batch peek(int max) {
        isBatchStale = false;
        readAhead(max);
        List<ZabbixValue> values = new ArrayList<>(Math.min(max, window.size()));
        long end = head;
        for (Numbered one : window.all()) {
            if (values.size() == max) {
                break;
            }
            values.add(one.value());
            end = one.sequence() + 1;
        }
        takenEnd = Math.max(takenEnd, end);
        return new Batch(end, values);
    }

    /** Reads what {@link #peek} will be asked for, so that it finds it in memory. */
    public synchronized void readAhead(int max) {
        if (closed) {
            return;
        }
        expire();
        load(Math.min(max, MAX_WINDOW));
        publish();
    }

    private void load(int wanted) {
        boolean more = true;
        while (more && hasRoom(wanted)) {
            readEnd = lost.skip(readEnd);
            if (readEnd < savedEnd) {
                more = loadFromDisk();
            } else {
                Numbered one = unsaved.poll();
                more = one != null;
                if (one != null) {
                    intoWindow(one);
                }
            }
        }
    }

    /** @return false if the disk cannot be read now */
    private boolean loadFromDisk() {
        Segment segment = log.segmentFrom(readEnd);
        if (segment == null || segment.base > readEnd) {
            lose(readEnd, segment == null ? savedEnd : segment.base);
            return true;
        }
        try {
            read(segment);
        } catch (NoSuchFileException e) {
            log.damaged(segment, "was deleted");
            lose(readEnd, segment.end);
        } catch (IOException e) {
            if (segment.failures == 0) {
                segment.failedAtSeconds = nowSeconds();
            }
            log.unreadable(segment, e);
            if (Math.abs(nowSeconds() - segment.failedAtSeconds) < UNREADABLE_SECONDS) {
                return false;
            }
            lose(readEnd, segment.end);
        }
        return true;
    }

    private void read(Segment segment) throws IOException {
        long found = log.seek(segment, readEnd);
        if (found > readEnd) {
            log.damaged(segment, "has lost the values " + readEnd + " to " + (found - 1));
            lose(readEnd, found);
        }
        segment.failures = 0;
        if (found < segment.end) {
            intoWindow(new Numbered(found, log.record().value()));
        }
    }

    /** A server has the values of a batch: they are never given out again. */
    public synchronized void acknowledge(long endSequence) {
        long end = Math.min(endSequence, tail);
        if (closed || isBatchStale || end <= head) {
            return;
        }
        window.removeBelow(end);
        unsaved.removeBelow(end);
        lostBelowHead += lost.removeBelow(end);
        head = end;
        advance();
        persist();
        removeAcknowledged(false);
        publish();
    }

    /** What is acknowledged, and what was lost and will not be found to be missing at the next start. */
    private void persist() {
        Segment last = log.segments().peekLast();
        long seenEnd = last == null ? head : Math.max(head, last.end);
        log.note(head, lostBelowHead + lost.sizeFrom(seenEnd));
    }

    /**
     * @param all also the one that is written, however small
     * @return whether there were any
     */
    private boolean removeAcknowledged(boolean all) {
        boolean removed = false;
        for (Segment first = log.segments().peekFirst();
                first != null && first.end <= head;
                first = log.segments().peekFirst()) {
            if (!all && log.isActive(first) && first.bytes < RECYCLE_BYTES) {
                break;
            }
            log.remove(first);
            removed = true;
        }
        return removed;
    }

    // -- any thread --

    private void publish() {
        pending.set(tail - head - lost.size());
        dropped.set(lostBelowHead + lost.size());
    }

    /** Values that wait. */
    @AnyThread
    public long values() {
        return pending.get();
    }

    /** Values that were put into this buffer since it was opened. */
    @AnyThread
    public long made() {
        return made.get();
    }

    /** Values that nobody will ever deliver, since the directory was made. */
    @AnyThread
    public long dropped() {
        return dropped.get();
    }

    /** What is wrong with the directory. Cheap. */
    @AnyThread
    public List<Problem> problems() {
        return log.problems();
    }

    /** Waits until the disk has everything. */
    public synchronized void sync() {
        if (!closed) {
            log.sync();
        }
    }

    /** What the disk refused until now is lost, and counted. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        prepare();
        save();
        takenEnd = head;
        lose(savedEnd, tail);
        advance();
        persist();
        log.close();
        publish();
    }
}
