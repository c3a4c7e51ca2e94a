package io.pingagent.zabbix.buffer;

import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Values that the server refused, on disk, in the order of their coming. They stay where they are: a pass over them only
 * reads, and what nobody needs any more is marked in its place by one bit. A segment without a needed value is deleted.
 * Owned by {@code ping-zabbix-send}; the counts may be read by any thread.
 *
 * <p>What is kept beside the segments is how many values wait. It is written after values were put in and before they are
 * marked, so that a crash in between makes it too small and never counts a value as dropped that is there.
 *
 * <p>Over 500 lines because putting in and going through share one state under one lock; segments and passes have classes of
 * their own.
 */
public final class HeldValues implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(HeldValues.class);

    private static final int SLICE = 2_000;
    /** A segment of this size is not kept for more if nobody needs what is in it. */
    private static final long RECYCLE_BYTES = 256 * 1024;

    /**
     * A value and its place.
     *
     * @param segment null if it is in memory only
     * @param at where in the segment
     */
    public record Held(@Nullable Segment segment, long at, long sequence, ZabbixValue value) {

        boolean isGone() {
            return segment != null && segment.gone;
        }
    }

    private final SegmentStore store;
    private final SegmentCursor cursor;
    private final Path directory;
    private final long maxBytes;
    private final long maxAgeSeconds;
    private final LongSupplier wallNanos;

    private boolean adopted;
    private boolean usable;
    private boolean closed;
    private long generation;
    private long tail;
    private long passAt;
    private final NumberedQueue unsaved = new NumberedQueue();
    /** Those of {@link #unsaved} that the pass under way has yet to come to. */
    private List<Numbered> memory = List.of();

    private int memoryAt;
    private int budget;
    /** Settled, but not marked, since the disk refuses. */
    private final Set<Long> unmarked = new HashSet<>();

    private @Nullable Segment markSegment;
    private @Nullable DiskFile markFile;
    private Predicate<ZabbixValue> unwanted = value -> false;

    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    /**
     * @param directory made if it does not exist. If it cannot be used, values wait in memory until it can
     * @param maxBytes at least 256 KiB; beyond it the oldest values are dropped
     * @param maxAge values older than this are dropped
     * @param wallNanos Unix nanoseconds
     * @throws BufferInUseException if another agent has the directory
     */
    public HeldValues(Path directory, long maxBytes, Duration maxAge, LongSupplier wallNanos)
            throws BufferInUseException {
        this(directory, maxBytes, maxAge, wallNanos, new RealDisk());
    }

    public HeldValues(Path directory, long maxBytes, Duration maxAge, LongSupplier wallNanos, Disk disk)
            throws BufferInUseException {
        this.store = new SegmentStore(directory, disk, maxBytes, "waiting", 3);
        this.cursor = new SegmentCursor(store);
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.maxAgeSeconds = maxAge.toSeconds();
        this.wallNanos = wallNanos;
        begin();
    }

    private synchronized void begin() throws BufferInUseException {
        try {
            adopt();
        } catch (BufferInUseException e) {
            store.close();
            throw e;
        } catch (IOException e) {
            store.failed(e);
        }
    }

    /** @param newUnwanted whether nobody wants a value that has to go, so that it is not counted as dropped */
    public synchronized void unwantedAre(Predicate<ZabbixValue> newUnwanted) {
        unwanted = newUnwanted;
    }

    /** Opens the directory and puts what is in it before what is in memory. */
    private void adopt() throws IOException {
        store.open();
        AckFile ack = store.ack();
        store.scan(HeldValues::countLive, SegmentStore.UNKNOWN);
        generation = ack.get(0);
        long found = 0;
        long end = 0;
        for (Segment segment : List.copyOf(store.segments())) {
            if (segment.cut) {
                segment.live = live(segment);
            }
            found += segment.live;
            end = segment.end;
            if (segment.live == 0) {
                store.remove(segment);
            }
        }
        long lost = ack.found() ? Math.max(0, ack.get(1) - found) : 0;
        if (lost > 0) {
            LOG.error("{} lacks {} values", directory, lost);
        }
        tail = Math.max(end, tail);
        forgetMemory();
        unsaved.takeAll(0).forEach(one -> unsaved.add(new Numbered(tail++, one.value())));
        waiting.addAndGet(found);
        dropped.addAndGet(ack.get(2) + lost);
        adopted = true;
        usable = true;
        persist();
    }

    private static void countLive(Segment segment, SegmentReader reader) {
        if (!reader.settled()) {
            segment.live++;
        }
    }

    // -- putting in --

    /** Puts values behind all others; none to try the disk again. */
    public synchronized void append(List<ZabbixValue> values) {
        if (closed) {
            return;
        }
        prepare();
        for (int from = 0; from < values.size(); from += SLICE) {
            List<ZabbixValue> slice = values.subList(from, Math.min(values.size(), from + SLICE));
            slice.forEach(value -> unsaved.add(new Numbered(tail++, value)));
            waiting.addAndGet(slice.size());
            save();
        }
        if (values.isEmpty() && !unsaved.isEmpty()) {
            save();
        }
        if (!values.isEmpty()) {
            persist();
        }
    }

    private void prepare() {
        store.deleteLeft();
        try {
            if (adopted && !store.isIntact()) {
                usable = false;
                restore();
                usable = true;
                persist();
            } else if (!adopted) {
                adopt();
            }
        } catch (IOException e) {
            store.failed(e);
        }
    }

    /** Somebody deleted files: the segment that is still open is written again, the others are lost. */
    private void restore() throws IOException {
        store.deleted();
        List<ZabbixValue> rescued = new ArrayList<>();
        for (Segment gone : List.copyOf(store.segments())) {
            if (!store.isThere(gone)) {
                int before = rescued.size();
                if (store.isActive(gone)) {
                    readOpen(gone, rescued);
                }
                lost(gone, gone.live - (rescued.size() - before));
                cursor.leave(gone);
                store.forget(gone);
            }
        }
        unsaved.takeAll(0).forEach(one -> rescued.add(one.value()));
        rescued.forEach(value -> unsaved.add(new Numbered(tail++, value)));
        forgetMemory();
        store.open();
    }

    private void readOpen(Segment segment, List<ZabbixValue> into) {
        try (SegmentReader open = store.readActive()) {
            while (open != null && open.next()) {
                long sequence = segment.base + open.place();
                if (!open.settled() && sequence < segment.end && !unmarked.contains(sequence)) {
                    into.add(open.value());
                }
            }
        } catch (IOException e) {
            LOG.error("{} was deleted and cannot be read any more: {}", segment.file, e.toString());
        }
    }

    private void save() {
        boolean again = true;
        while (usable && again) {
            List<Numbered> values = new ArrayList<>(unsaved.size());
            unsaved.forEach(values::add);
            int done = store.append(values, this::makeRoom);
            if (done > 0) {
                unsaved.removeBelow(values.get(done - 1).sequence() + 1);
                forgetMemory();
            }
            if (done == values.size()) {
                return;
            }
            Segment oldest = store.segments().peekFirst();
            again = oldest != null && unsaved.bytes() > ValueBuffer.MAX_MEMORY_BYTES;
            if (again && oldest != null) {
                dropOldest(oldest);
            }
        }
        if (unsaved.bytes() > ValueBuffer.MAX_MEMORY_BYTES) {
            int most = ValueBuffer.MAX_MEMORY_BYTES;
            long from = unsaved.keepFrom(most - most / 16, tail);
            for (Numbered one = unsaved.first(); one != null && one.sequence() < from; one = unsaved.first()) {
                unsaved.poll();
                giveUp(one.value());
            }
        }
    }

    private void makeRoom(long moreBytes) {
        while (store.totalBytes() + moreBytes > maxBytes && store.segments().size() > 1) {
            dropOldest(store.segments().getFirst());
        }
    }

    private void dropOldest(Segment oldest) {
        int found = 0;
        try (SegmentReader reader = store.read(oldest)) {
            while (reader.next() && oldest.base + reader.place() < oldest.end) {
                if (!reader.settled() && !unmarked.remove(oldest.base + reader.place())) {
                    found++;
                    giveUp(reader.value());
                }
            }
        } catch (IOException e) {
            store.damaged(oldest, "cannot be read: " + e);
        }
        lost(oldest, oldest.live - found);
        remove(oldest);
    }

    /** A value goes. Nobody will deliver it, but that is a loss only if somebody wanted it. */
    private void giveUp(ZabbixValue value) {
        waiting.decrementAndGet();
        if (!unwanted.test(value)) {
            dropped.incrementAndGet();
        }
    }

    private void lost(Segment segment, int count) {
        if (count > 0) {
            store.damaged(segment, "has lost " + count + " values");
            segment.live -= count;
            waiting.addAndGet(-count);
            dropped.addAndGet(count);
        }
    }

    // -- going through --

    /** The next pass begins with the oldest value. */
    public synchronized void rewind() {
        passAt = 0;
        forgetMemory();
    }

    /** @param newBudget how many values, needed or not, {@link #next} may look at from now on */
    public synchronized void look(int newBudget) {
        budget = newBudget;
    }

    /** Whether the pass has come to the end, as far as there are values now. */
    public synchronized boolean isAtEnd() {
        Segment last = store.segments().peekLast();
        return (last == null || passAt >= last.end) && memoryLeft().isEmpty();
    }

    /** What waited in memory has gone to the disk, or has other numbers. */
    private void forgetMemory() {
        memory = List.of();
        memoryAt = 0;
    }

    private List<Numbered> memoryLeft() {
        if (memoryAt == memory.size()) {
            List<Numbered> left = new ArrayList<>();
            unsaved.forEach(one -> {
                if (one.sequence() >= passAt) {
                    left.add(one);
                }
            });
            memory = left;
            memoryAt = 0;
        }
        return memory;
    }

    /** The next value that somebody needs, or null at the end, or if enough were looked at. */
    @Nullable
    public synchronized Held next() {
        while (budget > 0) {
            Segment segment = segmentAt();
            if (segment == null) {
                return nextInMemory();
            }
            budget--;
            passAt = Math.max(passAt, segment.base);
            try {
                Held held = nextIn(segment);
                if (held != null) {
                    return held;
                }
            } catch (NoSuchFileException e) {
                lost(segment, segment.live);
                passAt = segment.end;
                store.forget(segment);
            } catch (IOException e) {
                store.unreadable(segment, e);
                segment.failures++;
                passAt = segment.end;
            }
        }
        return null;
    }

    private @Nullable Segment segmentAt() {
        for (Segment segment : store.segments()) {
            if (passAt < segment.end) {
                return segment;
            }
        }
        return null;
    }

    private @Nullable Held nextInMemory() {
        List<Numbered> left = memoryLeft();
        if (left.isEmpty()) {
            return null;
        }
        budget--;
        Numbered one = left.get(memoryAt++);
        passAt = one.sequence() + 1;
        return new Held(null, 0, one.sequence(), one.value());
    }

    private @Nullable Held nextIn(Segment segment) throws IOException {
        long found = cursor.seek(segment, passAt);
        if (found > passAt) {
            recount(segment);
        }
        if (found >= segment.end) {
            passAt = segment.end;
            return null;
        }
        passAt = found + 1;
        SegmentReader record = cursor.record();
        if (record.settled()) {
            return null;
        }
        Held held = new Held(segment, record.recordAt(), found, record.value());
        if (unmarked.contains(found)) {
            mark(held);
            return null;
        }
        if (isOld(held.value())) {
            giveUp(held.value());
            persist();
            settled(held);
            return null;
        }
        return held;
    }

    /** Whether a value is beyond the age limit. */
    boolean isOld(ZabbixValue value) {
        return value.clockSeconds() < Math.floorDiv(wallNanos.getAsLong(), 1_000_000_000L) - maxAgeSeconds;
    }

    /** Something in it is damaged: what is missing is lost. */
    private void recount(Segment segment) throws IOException {
        lost(segment, segment.live - live(segment));
        persist();
    }

    private int live(Segment segment) throws IOException {
        int live = 0;
        try (SegmentReader reader = store.read(segment)) {
            while (reader.next() && segment.base + reader.place() < segment.end) {
                if (!reader.settled() && !unmarked.contains(segment.base + reader.place())) {
                    live++;
                }
            }
        }
        return live;
    }

    /** Nobody needs these values any more: they were delivered, or nobody wants them. */
    public synchronized void settle(List<Held> values) {
        if (closed || values.isEmpty()) {
            return;
        }
        // Those of a file that is gone meanwhile were counted as lost.
        List<Held> there = values.stream().filter(held -> !held.isGone()).toList();
        Set<Long> inMemory = new HashSet<>();
        int onDisk = 0;
        for (Held held : there) {
            if (held.segment() == null) {
                inMemory.add(held.sequence());
            } else {
                onDisk++;
            }
        }
        // What went to the disk after it was given out still waits there, and goes out again with its stamp.
        waiting.addAndGet(-onDisk - unsaved.removeAll(inMemory));
        persist();
        there.forEach(this::settled);
        endMarking();
    }

    private void settled(Held held) {
        Segment segment = held.segment();
        if (segment == null) {
            return;
        }
        segment.live--;
        if (segment.live <= 0 && (!store.isActive(segment) || segment.bytes >= RECYCLE_BYTES)) {
            remove(segment);
        } else {
            mark(held);
        }
    }

    private void mark(Held held) {
        Segment segment = held.segment();
        if (segment == null) {
            return;
        }
        try {
            DiskFile file = markFile;
            if (file == null || markSegment != segment) {
                endMarking();
                file = store.change(segment);
                markFile = file;
                markSegment = segment;
            }
            file.write(ByteBuffer.wrap(new byte[] {(byte) ValueRecord.SETTLED}), held.at());
            unmarked.remove(held.sequence());
        } catch (IOException e) {
            unmarked.add(held.sequence());
            store.failed(e);
        }
    }

    private void endMarking() {
        SegmentStore.closeQuietly(markFile);
        markFile = null;
        markSegment = null;
    }

    private void remove(Segment segment) {
        cursor.leave(segment);
        if (markSegment == segment) {
            endMarking();
        }
        unmarked.removeIf(sequence -> sequence >= segment.base && sequence < segment.end);
        store.remove(segment);
    }

    private void persist() {
        if (usable) {
            try {
                store.ack().write(++generation, waiting.get(), dropped.get());
            } catch (IOException e) {
                store.failed(e);
            }
        }
    }

    /** Whether nothing of it is in memory alone. */
    public synchronized boolean isSaved() {
        return usable && !closed && unsaved.isEmpty();
    }

    /** Waits until the disk has everything. */
    public synchronized void sync() {
        if (usable && !closed) {
            force();
        }
    }

    private void force() {
        try {
            store.force();
        } catch (IOException e) {
            store.failed(e);
        }
    }

    // -- any thread --

    /** Values that wait. Any thread. */
    public long values() {
        return waiting.get();
    }

    /** Values that nobody will ever deliver although somebody wanted them, since the directory was made. Any thread. */
    public long dropped() {
        return dropped.get();
    }

    /** What is wrong with the directory. Any thread; cheap. */
    public List<Problem> problems() {
        return store.problems();
    }

    /** What the disk refused until now is lost, and counted. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!unsaved.isEmpty()) {
            prepare();
            save();
            unsaved.takeAll(0).forEach(one -> giveUp(one.value()));
        }
        persist();
        endMarking();
        if (usable) {
            force();
        }
        cursor.close();
        store.close();
    }
}
