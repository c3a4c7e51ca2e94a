package io.pingagent.agent.history;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.PagedTable;
import io.pingagent.model.ProbeSeries;
import io.pingagent.model.Problem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The probes of each address of the last minutes, in a ring of its own: 4 bytes a probe and 68 bytes an address. A ring
 * begins with room for an address that is probed every 10 s, and grows by half while it holds less than it should.
 *
 * <p>The memory is bounded. When it is used up, rings stay as they are, and addresses without a ring get none until
 * another address is removed.
 */
@OwnedBy("ping-recv")
public final class ProbeHistory {

    /** What is known of an address. */
    public enum State {
        /** All probes of the time that is to be kept, unless there were none yet. */
        WHOLE,
        /** Only the newest, for want of memory. */
        SHORTENED,
        /** Nothing, for want of memory. */
        REFUSED
    }

    /** What is kept of one address. */
    public record Kept(State state, ProbeSeries series) {}

    /** More make too long an answer. */
    static final int MOST_SAMPLES = 50_000;

    private static final int LEAST_SAMPLES = 16;
    private static final int FIRST_SAMPLES = 64;
    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(10);

    private static final int PAGE_BITS = 12;
    private static final int PAGE_TARGETS = 1 << PAGE_BITS;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final ProbeSeries NOTHING = ProbeSeries.of(new long[0], new long[0], 0);

    /** In place of a ring: there was no memory for one. */
    private static final SampleRing NO_ROOM = new SampleRing(0);

    private final PagedTable<AtomicReferenceArray<@Nullable SampleRing>> pages =
            new PagedTable<>(PAGE_BITS, () -> new AtomicReferenceArray<>(PAGE_TARGETS));
    private final NanoClock clock;
    private final long keptTicks;
    private final long mostBytes;
    private final int firstCapacity;

    private final AtomicLong usedBytes = new AtomicLong();
    /** How many addresses have no ring. */
    private final AtomicInteger refused = new AtomicInteger();
    /** How many have one that is too small. */
    private final AtomicInteger shortened = new AtomicInteger();

    /**
     * @param last what is kept, 1 s to 12 h
     * @param mostBytes for all addresses together
     */
    public ProbeHistory(NanoClock clock, Duration last, long mostBytes) {
        this.clock = clock;
        this.keptTicks = last.toNanos() / SampleCode.TICK_NANOS;
        this.mostBytes = mostBytes;
        long usual = last.toNanos() / USUAL_INTERVAL.toNanos();
        this.firstCapacity = (int) Math.max(LEAST_SAMPLES, Math.min(FIRST_SAMPLES, usual + LEAST_SAMPLES / 4));
    }

    public void replied(int targetId, long rttNanos) {
        add(targetId, SampleCode.ofRtt(rttNanos));
    }

    public void lost(int targetId) {
        add(targetId, SampleCode.LOST);
    }

    /** A probe that does not count. */
    public void invalidated(int targetId) {
        add(targetId, SampleCode.UNKNOWN);
    }

    private void add(int targetId, int code) {
        long ticks = clock.monotonicNanos() / SampleCode.TICK_NANOS;
        AtomicReferenceArray<@Nullable SampleRing> page = pages.make(targetId);
        int index = targetId & PAGE_TARGETS - 1;
        SampleRing ring = page.getPlain(index);
        if (ring == null || ring == NO_ROOM) {
            ring = first(page, index, ring);
        } else if (ring.isTooSmall(ticks, keptTicks)) {
            ring = larger(page, index, ring);
        } else if (ring.isCramped()) {
            // It is probed less often now.
            ring.cramped(false);
            shortened.decrementAndGet();
        } else if (ring.capacity() > firstCapacity && ring.isTooLarge(ticks, keptTicks)) {
            ring = replaced(page, index, ring, Math.max(firstCapacity, ring.capacity() / 2));
        }
        if (ring != null) {
            ring.add(ticks, code, keptTicks);
        }
    }

    private @Nullable SampleRing first(
            AtomicReferenceArray<@Nullable SampleRing> page, int index, @Nullable SampleRing before) {
        long bytes = SampleRing.bytes(firstCapacity);
        if (usedBytes.get() + bytes > mostBytes) {
            if (before == null) {
                refused.incrementAndGet();
                page.setRelease(index, NO_ROOM);
            }
            return null;
        }
        if (before != null) {
            refused.decrementAndGet();
        }
        usedBytes.addAndGet(bytes);
        SampleRing ring = new SampleRing(firstCapacity);
        page.setRelease(index, ring);
        return ring;
    }

    private SampleRing larger(AtomicReferenceArray<@Nullable SampleRing> page, int index, SampleRing ring) {
        int capacity = Math.min(MOST_SAMPLES, ring.capacity() + ring.capacity() / 2);
        long more = SampleRing.bytes(capacity) - SampleRing.bytes(ring.capacity());
        if (more == 0 || usedBytes.get() + more > mostBytes) {
            if (!ring.isCramped()) {
                ring.cramped(true);
                shortened.incrementAndGet();
            }
            return ring;
        }
        return replaced(page, index, ring, capacity);
    }

    private SampleRing replaced(
            AtomicReferenceArray<@Nullable SampleRing> page, int index, SampleRing ring, int capacity) {
        SampleRing other = ring.resized(capacity);
        uncount(ring);
        usedBytes.addAndGet(SampleRing.bytes(capacity));
        page.setRelease(index, other);
        return other;
    }

    private void uncount(SampleRing ring) {
        usedBytes.addAndGet(-SampleRing.bytes(ring.capacity()));
        if (ring.isCramped()) {
            shortened.decrementAndGet();
        }
    }

    /** Another may get the number. */
    public void removed(int targetId) {
        AtomicReferenceArray<@Nullable SampleRing> page = pages.find(targetId);
        if (page == null) {
            return;
        }
        int index = targetId & PAGE_TARGETS - 1;
        SampleRing ring = page.getPlain(index);
        if (ring == NO_ROOM) {
            refused.decrementAndGet();
        } else if (ring != null) {
            uncount(ring);
        }
        page.setRelease(index, null);
    }

    /** What is kept at most. */
    @AnyThread
    public Duration last() {
        return Duration.ofNanos(keptTicks * SampleCode.TICK_NANOS);
    }

    @AnyThread
    public long usedBytes() {
        return usedBytes.get();
    }

    /**
     * The probes of an address. Who asks makes sure that the number is still that of the address, before and after.
     *
     * @param last what is wanted
     */
    @AnyThread
    public Kept of(int targetId, Duration last) {
        AtomicReferenceArray<@Nullable SampleRing> page = pages.find(targetId);
        SampleRing ring = page == null ? null : page.getAcquire(targetId & PAGE_TARGETS - 1);
        if (ring == null) {
            return new Kept(State.WHOLE, NOTHING);
        }
        if (ring == NO_ROOM) {
            return new Kept(State.REFUSED, NOTHING);
        }
        long nowMillis = clock.wallNanos() / NANOS_PER_MILLI;
        long nowNanos = clock.monotonicNanos();
        long wantedTicks = Math.min(keptTicks, last.toNanos() / SampleCode.TICK_NANOS);
        SampleRing.Copy copy = ring.copy();
        int[] samples = copy.samples();
        long ticks = copy.newestTicks();
        int count = 0;
        long[] ages = new long[copy.count()];
        while (count < copy.count()) {
            if (count > 0) {
                ticks -= SampleCode.ticksBetween(samples[count], samples[count - 1]);
            }
            if (nowNanos / SampleCode.TICK_NANOS - ticks > wantedTicks) {
                break;
            }
            ages[count++] = Math.max(0, nowNanos - ticks * SampleCode.TICK_NANOS) / NANOS_PER_MILLI;
        }
        boolean isShortened = ring.isCramped() && count == copy.count();
        return new Kept(isShortened ? State.SHORTENED : State.WHOLE, series(samples, ages, count, nowMillis));
    }

    private static ProbeSeries series(int[] samples, long[] ages, int count, long nowMillis) {
        long[] wallMillis = new long[count];
        long[] rttNanos = new long[count];
        for (int i = 0; i < count; i++) {
            wallMillis[count - 1 - i] = nowMillis - ages[i];
            rttNanos[count - 1 - i] = SampleCode.rttNanos(samples[i]);
        }
        return ProbeSeries.of(wallMillis, rttNanos, count);
    }

    /** What the user has to put right. */
    @AnyThread
    public List<Problem> problems() {
        if (refused.get() == 0 && shortened.get() == 0) {
            return List.of();
        }
        return List.of(new Problem(
                "history.memory",
                refused.get() > 0
                        ? "the memory for the history of probes is used up: of some addresses nothing is kept"
                        : "the memory for the history of probes is used up: of some addresses less is kept than history.last"
                                + " says",
                "raise history.memory, or shorten history.last"));
    }
}
