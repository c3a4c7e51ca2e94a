package io.pingagent.probe.validity;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;

/**
 * The last times in which nobody read replies: stalls of this process and sleeps of the machine.
 *
 * <p>Two clocks: pauses lie on the monotonic clock, like the probes that wait. Silence is measured on the <em>boot
 * time</em> of the engine, which is the monotonic clock plus all sleep noticed since the start. Keys in Redis grow old
 * in sleep, too.
 *
 * <pre>
 * monotonic  ──●────────●────●──     a stall takes part of it, a sleep takes none
 *            cycle   [stall] cycle
 * boot time  ──●────────●────●──
 * </pre>
 *
 * <p>The newest {@value #REMEMBERED} are remembered. Silence that began before them counts as awake as far as they do
 * not explain it.
 */
@OwnedBy("ping-recv")
public final class Pauses {

    /** Longer pauses between two cycles are stalls. */
    static final long STALL_NANOS = 1_000_000_000L;

    /** The boot clock runs ahead of the monotonic one by no more than this unless the machine sleeps. */
    static final long SLEEP_NANOS = 100_000_000L;

    public static final int REMEMBERED = 64;

    /** How far inside a pause a packet must have arrived to prove that the kernel was receiving. */
    private static final long EDGE_NANOS = 50_000_000L;

    /** Wall clock readings before and after a pause may differ by this much; beyond it the clock was set. */
    private static final long WALL_STEP_NANOS = 10_000_000L;

    private static final int READINGS_AT_START = 5;

    private static final class Pause {
        long startNanos;
        long endNanos;
        long endBootNanos;
        /** In boot time. */
        long lengthNanos;
        /** Length of all earlier ones. */
        long earlierNanos;
        /** The kernel received meanwhile, so nothing was lost. */
        boolean isHarmless;
    }

    private final Pause[] ring = new Pause[REMEMBERED];
    /** Since the start; the newest is at {@code count - 1} modulo the ring's size. */
    private long count;

    private long totalNanos;
    private long lastCycleNanos;
    private long sinceLastCycleNanos;
    private long bootOffsetNanos = Long.MIN_VALUE;
    /** All sleep since the start. */
    private long sleptNanos;

    private long sleptBeforeNewestNanos;
    private long newestEndNanos;
    private long wallOffsetNanos;
    private boolean mayBeHarmless;
    private boolean hasSlept;

    public Pauses(NanoClock clock, long wallOffsetNanos) {
        for (int i = 0; i < REMEMBERED; i++) {
            ring[i] = new Pause();
        }
        for (int i = 0; i < READINGS_AT_START; i++) {
            long bootNanos = clock.bootNanos();
            lastCycleNanos = clock.monotonicNanos();
            bootOffsetNanos = Math.max(bootOffsetNanos, bootNanos - lastCycleNanos);
        }
        newestEndNanos = lastCycleNanos - Long.MAX_VALUE / 2;
        this.wallOffsetNanos = wallOffsetNanos;
    }

    /**
     * A cycle begins. Returns whether there was a pause before it.
     *
     * @param bootNanos the boot clock, read before {@code nowNanos}: an interruption in between must not look like
     *     sleep
     * @param newWallOffsetNanos wall clock less monotonic clock
     */
    public boolean cycleBegins(long bootNanos, long nowNanos, long newWallOffsetNanos) {
        long aheadNanos = bootNanos - nowNanos - bootOffsetNanos;
        hasSlept = aheadNanos > SLEEP_NANOS;
        bootOffsetNanos += Math.max(0, aheadNanos);
        sinceLastCycleNanos = nowNanos - lastCycleNanos;
        boolean isPause = hasSlept || sinceLastCycleNanos > STALL_NANOS;
        boolean isWallStepped = Math.abs(newWallOffsetNanos - wallOffsetNanos) > WALL_STEP_NANOS;
        mayBeHarmless &= !isWallStepped;
        if (isPause) {
            mayBeHarmless = !hasSlept && !isWallStepped;
            add(nowNanos, hasSlept ? aheadNanos : 0);
        }
        wallOffsetNanos = newWallOffsetNanos;
        lastCycleNanos = nowNanos;
        return isPause;
    }

    private void add(long nowNanos, long newlySleptNanos) {
        sleptBeforeNewestNanos = sleptNanos;
        sleptNanos += newlySleptNanos;
        newestEndNanos = nowNanos;
        Pause pause = ring[(int) (count % REMEMBERED)];
        count++;
        pause.startNanos = lastCycleNanos;
        pause.endNanos = nowNanos;
        pause.endBootNanos = nowNanos + sleptNanos;
        pause.lengthNanos = sinceLastCycleNanos + newlySleptNanos;
        pause.earlierNanos = totalNanos;
        pause.isHarmless = false;
        totalNanos += pause.lengthNanos;
    }

    /** Whether the pause before this cycle was, or had, a sleep of the machine. */
    public boolean hasSlept() {
        return hasSlept;
    }

    /** Monotonic time between the last two cycles. */
    long sinceLastCycleNanos() {
        return sinceLastCycleNanos;
    }

    /** Of all sleep since the start: boot time less monotonic time. */
    public long sleptNanos() {
        return sleptNanos;
    }

    /** Boot time of a monotonic time that is not older than the newest pause but one. */
    public long bootNanos(long nanos) {
        return nanos + (nanos - newestEndNanos >= 0 ? sleptNanos : sleptBeforeNewestNanos);
    }

    /**
     * A packet was read that the kernel stamped; proves that it was receiving in the newest pause, if it came in that.
     */
    public void received(long stampedNanos) {
        if (mayBeHarmless
                && newestEndNanos - stampedNanos > EDGE_NANOS
                && stampedNanos - newest().startNanos > EDGE_NANOS) {
            mayBeHarmless = false;
            newest().isHarmless = true;
        }
    }

    private Pause newest() {
        return ring[(int) ((count - 1) % REMEMBERED)];
    }

    /** Whether a reply due in this monotonic time may have been lost in a pause, together with the whole machine. */
    public boolean mayHaveSwallowed(long fromNanos, long toNanos) {
        long oldest = Math.max(0, count - REMEMBERED);
        for (long i = count - 1; i >= oldest; i--) {
            Pause pause = ring[(int) (i % REMEMBERED)];
            if (pause.endNanos - fromNanos <= 0) {
                return false;
            }
            if (!pause.isHarmless && toNanos - pause.startNanos >= 0) {
                return true;
            }
        }
        return false;
    }

    /** How much of the boot time since then was spent in pauses. */
    public long pausedSince(long sinceBootNanos) {
        long oldest = Math.max(0, count - REMEMBERED);
        long pausedNanos = 0;
        for (long i = count - 1; i >= oldest; i--) {
            Pause pause = ring[(int) (i % REMEMBERED)];
            long overlapNanos = pause.endBootNanos - sinceBootNanos;
            if (overlapNanos <= 0) {
                break;
            }
            pausedNanos =
                    totalNanos - pause.earlierNanos - pause.lengthNanos + Math.min(pause.lengthNanos, overlapNanos);
        }
        return pausedNanos;
    }
}
