package io.pingagent.zabbix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Values that no server has acknowledged, oldest first, on disk. {@code ping-zabbix} appends, {@code ping-zabbix-send}
 * takes and acknowledges, both under the buffer's lock, which nobody holds longer than a file access; the counts may be read
 * by any thread.
 *
 * <p>Every value gets a sequence number. It is written to the last segment file before anything else happens to it (one
 * sequential write per batch, to the page cache), so that {@code kill -9} loses nothing at any moment; only {@link #sync}
 * waits for the disk. What is acknowledged is one number in {@link AckFile}, written after each acknowledgement; a segment
 * below it is deleted, and since in normal operation that is seconds after it was begun, most of its bytes never reach the
 * disk at all. The newest values are also held in memory (the window), so that nothing is read back either unless a server
 * was away.
 *
 * <p>After a crash the segments are read up to their first torn record, and a new segment is begun. A crash between an
 * acknowledgement and its writing makes one batch go out again, with the same stamps, which Zabbix ignores.
 */
final class ValueBuffer implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(ValueBuffer.class);

    private static final String SUFFIX = ".values";
    private static final int MAX_WINDOW = 30_000;
    private static final long MIN_SEGMENT_BYTES = 16 * 1024;
    private static final long MAX_SEGMENT_BYTES = 4 << 20;
    private static final int SEGMENTS = 16;
    /** An acknowledged segment of this size is replaced. */
    private static final long RECYCLE_BYTES = 256 * 1024;

    /**
     * The oldest values.
     *
     * @param endSequence to be given back to {@link #acknowledge}
     */
    record Batch(long endSequence, List<ZabbixValue> values) {}

    private static final class Segment {
        final Path file;
        final long base;
        long count;
        long bytes;

        Segment(Path file, long base) {
            this.file = file;
            this.base = base;
        }

        long end() {
            return base + count;
        }
    }

    private final Path directory;
    private final long maxBytes;
    private final long segmentBytes;
    private final long maxAgeSeconds;
    private final LongSupplier wallNanos;
    private final FileChannel lock;
    private final AckFile ack;

    private final ArrayDeque<Segment> segments = new ArrayDeque<>();
    private long totalBytes;
    private @Nullable FileChannel active;
    private long tail;

    private final Deque<ZabbixValue> window = new ArrayDeque<>();
    private long windowStart;
    private @Nullable SegmentReader reader;
    private @Nullable Segment readerSegment;
    private long readerNext;

    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong made = new AtomicLong();
    private boolean failing;

    /**
     * @param directory made if it does not exist; used by one buffer at a time
     * @param maxBytes at least 1 MiB; beyond it the oldest values are dropped
     * @param maxAge values older than this are dropped
     * @param wallNanos Unix nanoseconds
     * @throws IOException if the directory cannot be used; the message says why
     */
    ValueBuffer(Path directory, long maxBytes, Duration maxAge, LongSupplier wallNanos) throws IOException {
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.segmentBytes = Math.max(MIN_SEGMENT_BYTES, Math.min(MAX_SEGMENT_BYTES, maxBytes / SEGMENTS));
        this.maxAgeSeconds = maxAge.toSeconds();
        this.wallNanos = wallNanos;
        Files.createDirectories(directory);
        this.lock = lock(directory.resolve("lock"));
        this.ack = new AckFile(directory.resolve("acknowledged"));
        this.dropped.set(ack.dropped());
        recover();
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Told below.
        }
        channel.close();
        throw new IOException(file.getParent() + " is in use by another agent");
    }

    private synchronized void recover() throws IOException {
        List<Segment> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
                found.add(scan(file));
            }
        }
        found.sort(Comparator.comparingLong(segment -> segment.base));
        long acknowledged = ack.sequence();
        for (int i = 0; i < found.size(); i++) {
            Segment segment = found.get(i);
            if (i + 1 < found.size()) {
                // After a failed write the values' numbers were given again to the next segment.
                segment.count = Math.min(segment.count, found.get(i + 1).base - segment.base);
            }
            if (segment.end() <= acknowledged || segment.count == 0) {
                Files.deleteIfExists(segment.file);
                continue;
            }
            segments.add(segment);
            totalBytes += segment.bytes;
            pending.addAndGet(segment.end() - Math.max(segment.base, acknowledged));
        }
        tail = segments.isEmpty()
                ? acknowledged
                : Math.max(acknowledged, segments.getLast().end());
        windowStart = acknowledged;
    }

    private static Segment scan(Path file) throws IOException {
        String name = file.toFile().getName();
        Segment segment;
        try {
            segment = new Segment(file, Long.parseLong(name.substring(0, name.length() - SUFFIX.length()), 16));
        } catch (NumberFormatException e) {
            throw new IOException(file + " is not a file of this buffer", e);
        }
        try (SegmentReader reader = new SegmentReader(file)) {
            for (byte[] payload = reader.next(); payload != null; payload = reader.next()) {
                segment.count++;
                segment.bytes += ValueRecord.HEADER_BYTES + payload.length;
            }
        }
        return segment;
    }

    /** Puts values behind all others. If the disk refuses them, they are kept in memory as far as there is room. */
    synchronized void append(List<ZabbixValue> values) {
        if (values.isEmpty()) {
            return;
        }
        boolean windowComplete = windowStart + window.size() == tail;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(values.size() * 96);
        for (ZabbixValue value : values) {
            bytes.writeBytes(ValueRecord.encode(value));
        }
        try {
            Segment segment = activeSegment(bytes.size());
            write(ByteBuffer.wrap(bytes.toByteArray()));
            segment.count += values.size();
            segment.bytes += bytes.size();
            totalBytes += bytes.size();
            if (failing) {
                failing = false;
                LOG.info("the Zabbix buffer in {} can be written again", directory);
            }
        } catch (IOException e) {
            abandonActive();
            if (!failing) {
                failing = true;
                LOG.error(
                        "the Zabbix buffer in {} cannot be written: {}; values wait in memory",
                        directory,
                        e.toString());
            }
            windowComplete = fillWindow();
        }
        tail += values.size();
        pending.addAndGet(values.size());
        made.addAndGet(values.size());
        if (windowComplete && window.size() + values.size() <= MAX_WINDOW) {
            window.addAll(values);
        }
    }

    private Segment activeSegment(int moreBytes) throws IOException {
        Segment last = segments.peekLast();
        if (active == null || last == null || last.bytes + moreBytes > segmentBytes && last.count > 0) {
            closeActive();
            Path file = directory.resolve(String.format(Locale.ROOT, "%016x", tail) + SUFFIX);
            active = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            last = new Segment(file, tail);
            segments.add(last);
        }
        while (totalBytes + moreBytes > maxBytes && segments.size() > 1) {
            dropOldest();
        }
        return last;
    }

    private void write(ByteBuffer bytes) throws IOException {
        FileChannel channel = active;
        while (channel != null && bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void closeActive() throws IOException {
        FileChannel channel = active;
        active = null;
        if (channel != null) {
            channel.close();
        }
    }

    /** Reads all that there is into memory, so that more can be put behind it; false if that is too much. */
    private boolean fillWindow() {
        try {
            load(MAX_WINDOW);
        } catch (IOException e) {
            LOG.debug("the Zabbix buffer cannot be read either", e);
        }
        return windowStart + window.size() == tail;
    }

    private void abandonActive() {
        try {
            closeActive();
        } catch (IOException ignored) {
            // It failed before.
        }
        Segment last = segments.peekLast();
        if (last != null && last.count == 0) {
            removeSegment(last);
        }
    }

    private void dropOldest() throws IOException {
        Segment oldest = segments.getFirst();
        skipTo(oldest.end());
        ack.write(windowStart, dropped.get());
        if (segments.peekFirst() == oldest) {
            removeSegment(oldest);
        }
    }

    /** Gives up all values before a sequence number. */
    private void skipTo(long sequence) {
        long lost = sequence - windowStart;
        if (lost <= 0) {
            return;
        }
        for (long i = Math.min(lost, window.size()); i > 0; i--) {
            window.removeFirst();
        }
        windowStart = sequence;
        dropped.addAndGet(lost);
        pending.updateAndGet(before -> Math.max(0, before - lost));
    }

    /**
     * The oldest values, or an empty batch. Without an acknowledgement in between the same ones again.
     *
     * @param max at least 1
     */
    synchronized Batch peek(int max) {
        readAhead(max);
        List<ZabbixValue> values = window.stream().limit(max).toList();
        return new Batch(windowStart + values.size(), values);
    }

    /** Reads what {@link #peek} will be asked for, so that it finds it in memory. */
    synchronized void readAhead(int max) {
        try {
            do {
                load(Math.min(max, MAX_WINDOW));
            } while (dropOld());
        } catch (IOException e) {
            LOG.error("the Zabbix buffer in {} cannot be read: {}", directory, e.toString());
            Segment segment = segments.peekFirst();
            if (window.isEmpty() && segment != null) {
                skipTo(segment.end());
            }
        }
    }

    private boolean dropOld() throws IOException {
        long oldest = Math.floorDiv(wallNanos.getAsLong(), 1_000_000_000L) - maxAgeSeconds;
        long before = windowStart;
        while (!window.isEmpty() && window.getFirst().clockSeconds() < oldest) {
            skipTo(windowStart + 1);
        }
        if (windowStart == before) {
            return false;
        }
        ack.write(windowStart, dropped.get());
        return window.isEmpty() && windowStart < tail;
    }

    private void load(int wanted) throws IOException {
        while (window.size() < wanted && windowStart + window.size() < tail) {
            long next = windowStart + window.size();
            Segment segment = segmentOf(next);
            if (segment == null || segment.base > next) {
                // Damaged on disk, or never written: the window may not have holes.
                if (window.isEmpty()) {
                    skipTo(segment == null ? tail : segment.base);
                    continue;
                }
                return;
            }
            ZabbixValue value = read(segment, next);
            if (value == null) {
                if (window.isEmpty()) {
                    skipTo(segment.end());
                    continue;
                }
                return;
            }
            window.addLast(value);
        }
    }

    private @Nullable Segment segmentOf(long sequence) {
        for (Segment segment : segments) {
            if (sequence < segment.end()) {
                return segment;
            }
        }
        return null;
    }

    private @Nullable ZabbixValue read(Segment segment, long sequence) throws IOException {
        SegmentReader current = reader;
        if (current == null || readerSegment != segment || readerNext > sequence) {
            closeReader();
            current = new SegmentReader(segment.file);
            reader = current;
            readerSegment = segment;
            readerNext = segment.base;
        }
        byte[] payload = null;
        while (readerNext <= sequence) {
            payload = current.next();
            if (payload == null) {
                closeReader();
                return null;
            }
            readerNext++;
        }
        return payload == null ? null : ValueRecord.decode(payload);
    }

    private void closeReader() throws IOException {
        SegmentReader current = reader;
        reader = null;
        readerSegment = null;
        if (current != null) {
            current.close();
        }
    }

    /** A server has the values of a batch: they are never given out again. */
    synchronized void acknowledge(long endSequence) {
        long count = Math.min(endSequence, tail) - windowStart;
        if (count <= 0) {
            return;
        }
        for (long i = Math.min(count, window.size()); i > 0; i--) {
            window.removeFirst();
        }
        windowStart += count;
        pending.updateAndGet(before -> Math.max(0, before - count));
        try {
            ack.write(windowStart, dropped.get());
            removeAcknowledged();
        } catch (IOException e) {
            LOG.error("the Zabbix buffer in {} cannot be written: {}", directory, e.toString());
        }
    }

    private void removeAcknowledged() throws IOException {
        for (Segment first = segments.peekFirst();
                first != null && first.end() <= windowStart;
                first = segments.peekFirst()) {
            if (first == segments.peekLast() && active != null) {
                if (first.bytes < RECYCLE_BYTES) {
                    return;
                }
                closeActive();
            }
            removeSegment(first);
        }
    }

    private void removeSegment(Segment segment) {
        segments.remove(segment);
        totalBytes -= segment.bytes;
        try {
            if (readerSegment == segment) {
                closeReader();
            }
            Files.deleteIfExists(segment.file);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", segment.file, e.toString());
        }
    }

    /** Values that wait. Any thread. */
    long values() {
        return pending.get();
    }

    /** Values that were put into this buffer since it was opened. Any thread. */
    long made() {
        return made.get();
    }

    /** Values that were given up, since the directory was made. Any thread. */
    long dropped() {
        return dropped.get();
    }

    /** Waits until the disk has everything. */
    synchronized void sync() {
        try {
            FileChannel channel = active;
            if (channel != null) {
                channel.force(false);
            }
            ack.force();
        } catch (IOException e) {
            LOG.error("the Zabbix buffer in {} cannot be written: {}", directory, e.toString());
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!lock.isOpen()) {
            return;
        }
        sync();
        closeReader();
        closeActive();
        ack.close();
        lock.close();
    }
}
