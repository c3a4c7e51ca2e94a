package io.pingagent.zabbix.buffer;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads values by their numbers, fast as long as these rise. Guarded by the buffer it belongs to. */
final class SegmentCursor implements Closeable {

    private final SegmentStore store;
    private @Nullable SegmentReader reader;
    private @Nullable Segment segment;
    private long at;

    SegmentCursor(SegmentStore store) {
        this.store = store;
    }

    /**
     * Goes to a value.
     *
     * @return its number, or that of the next one that is whole, or the segment's end
     */
    long seek(Segment in, long sequence) throws IOException {
        SegmentReader current = reader;
        if (current == null || segment != in || at >= sequence) {
            close();
            current = store.read(in);
            reader = current;
            segment = in;
        }
        do {
            at = current.next() ? Math.min(in.end, in.base + current.place()) : in.end;
        } while (at < sequence);
        return at;
    }

    /** What {@link #seek} found. */
    SegmentReader record() {
        SegmentReader current = reader;
        if (current == null) {
            throw new IllegalStateException("nothing was read");
        }
        return current;
    }

    /** Lets go of a segment. */
    void leave(Segment gone) {
        if (segment == gone) {
            close();
        }
    }

    @Override
    public void close() {
        SegmentStore.closeQuietly(reader);
        reader = null;
        segment = null;
    }
}
