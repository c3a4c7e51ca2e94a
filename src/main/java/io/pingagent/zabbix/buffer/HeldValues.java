package io.pingagent.zabbix.buffer;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixValue;
import java.io.IOException;
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
 *
 * <p>A file beside the segments holds the number of waiting values. It is written after values were put in and before
 * they are marked. So after a crash it may be too small, and no value that exists is counted as dropped.
 */
@OwnedBy("ping-zabbix-send")
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

    private final DiskLog log;
    private final SettledMarks marks;
    private final Path directory;
    private final long maxAgeSeconds;
    private final LongSupplier wallNanos;

    private boolean closed;
    private long generation;
    private long tail;
    private long passAt;
    private final NumberedQueue unsaved = new NumberedQueue();
    /** Those of {@link #unsaved} that the pass under way has yet to come to. */
    private List<Numbered> memory = List.of();

    private int memoryAt;
    private int budget;

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
        this.log = new DiskLog(directory, disk, maxBytes, "waiting", 3);
        this.marks = new SettledMarks(log);
        this.directory = directory;
        this.maxAgeSeconds = maxAge.toSeconds();
        this.wallNanos = wallNanos;
        begin();
    }

    private synchronized void begin() throws BufferInUseException {
        if (log.open(this::adopt)) {
            persist();
        }
    }

    /** @param newUnwanted whether nobody wants a value that has to go, so that it is not counted as dropped */
    public synchronized void unwantedAre(Predicate<ZabbixValue> newUnwanted) {
        unwanted = newUnwanted;
    }

    /** Puts what is in the directory before what is in memory. */
    private void adopt() throws IOException {
        AckFile ack = log.noted();
        log.scan(HeldValues::countLive, SegmentScan.UNKNOWN);
        generation = ack.get(0);
        long found = 0;
        long end = 0;
        for (Segment segment : List.copyOf(log.segments())) {
            if (segment.cut) {
                segment.live = live(segment);
            }
            found += segment.live;
            end = segment.end;
            if (segment.live == 0) {
                log.remove(segment);
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
        if (log.repair(this::adopt, this::restore)) {
            persist();
        }
    }

    /** Somebody deleted files: the segment that is still open is written again, the others are lost. */
    private void restore() {
        List<ZabbixValue> rescued = new ArrayList<>();
        for (Segment gone : List.copyOf(log.segments())) {
            if (!log.isThere(gone)) {
                int before = rescued.size();
                if (log.isActive(gone)) {
                    log.readActive(gone, (segment, open) -> {
                        if (marks.isNeeded(segment, open)) {
                            rescued.add(open.value());
                        }
                    });
                }
                lost(gone, gone.live - (rescued.size() - before));
                log.forget(gone);
            }
        }
        unsaved.takeAll(0).forEach(one -> rescued.add(one.value()));
        rescued.forEach(value -> unsaved.add(new Numbered(tail++, value)));
        forgetMemory();
    }

    private void save() {
        boolean again = true;
        while (log.isUsable() && again) {
            List<Numbered> values = new ArrayList<>(unsaved.size());
            unsaved.forEach(values::add);
            int done = log.append(values, this::dropOldest);
            if (done > 0) {
                unsaved.removeBelow(values.get(done - 1).sequence() + 1);
                forgetMemory();
            }
            if (done == values.size()) {
                return;
            }
            Segment oldest = log.segments().peekFirst();
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

    private void dropOldest(Segment oldest) {
        int found = 0;
        try (SegmentReader reader = log.read(oldest)) {
            while (reader.next() && oldest.base + reader.place() < oldest.end) {
                if (marks.isNeeded(oldest, reader)) {
                    found++;
                    giveUp(reader.value());
                }
            }
        } catch (IOException e) {
            log.damaged(oldest, "cannot be read: " + e);
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
            log.damaged(segment, "has lost " + count + " values");
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
        Segment last = log.segments().peekLast();
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
            Segment segment = log.segmentFrom(passAt);
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
                log.forget(segment);
            } catch (IOException e) {
                log.unreadable(segment, e);
                passAt = segment.end;
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
        long found = log.seek(segment, passAt);
        if (found > passAt) {
            recount(segment);
        }
        if (found >= segment.end) {
            passAt = segment.end;
            return null;
        }
        passAt = found + 1;
        SegmentReader record = log.record();
        if (record.settled()) {
            return null;
        }
        if (marks.isOwed(found)) {
            marks.mark(segment, record.recordAt(), found);
            return null;
        }
        Held held = new Held(segment, record.recordAt(), found, record.value());
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
        try (SegmentReader reader = log.read(segment)) {
            while (reader.next() && segment.base + reader.place() < segment.end) {
                if (marks.isNeeded(segment, reader)) {
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
        marks.end();
    }

    private void settled(Held held) {
        Segment segment = held.segment();
        if (segment == null) {
            return;
        }
        segment.live--;
        if (segment.live <= 0 && (!log.isActive(segment) || segment.bytes >= RECYCLE_BYTES)) {
            remove(segment);
        } else {
            marks.mark(segment, held.at(), held.sequence());
        }
    }

    private void remove(Segment segment) {
        marks.leave(segment);
        log.remove(segment);
    }

    private void persist() {
        log.note(++generation, waiting.get(), dropped.get());
    }

    /** Whether nothing of it is in memory alone. */
    public synchronized boolean isSaved() {
        return log.isUsable() && !closed && unsaved.isEmpty();
    }

    /** Waits until the disk has everything. */
    public synchronized void sync() {
        if (!closed) {
            log.sync();
        }
    }

    // -- any thread --

    /** Values that wait. */
    @AnyThread
    public long values() {
        return waiting.get();
    }

    /** Values that nobody will ever deliver although somebody wanted them, since the directory was made. */
    @AnyThread
    public long dropped() {
        return dropped.get();
    }

    /** What is wrong with the directory. Cheap. */
    @AnyThread
    public List<Problem> problems() {
        return log.problems();
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
        marks.end();
        log.close();
    }
}
