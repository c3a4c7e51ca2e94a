package io.pingagent.probe.stamp;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.icmp.IcmpSocket;
import org.jspecify.annotations.Nullable;

/**
 * The round-trip time of a reply, from four times: both send stamps in the packet, the kernel's receive stamp and the
 * probe's {@linkplain TransmitDelays transmit delay}.
 *
 * <pre>
 * stamped          transmitted                     received       read
 *    ├── delay ─────────┼───────────── RTT ────────────┤             │
 *    ├──────────────── answered after ─────────────────┤             │
 *    ├──────────────────────── latest possible ──────────────────────┤
 * </pre>
 *
 * <p>Stamps of packets are of the wall clock, since the kernel's are. If that clock was stepped between sending and
 * receiving, or the kernel's stamp is missing, the arrival is taken on the monotonic clock.
 *
 * <p>One {@link #measure}, then its results. Allocates nothing.
 */
@OwnedBy("ping-recv")
public final class RoundTripTimes {

    /** Differences below this are the jitter of reading two clocks. */
    private static final long CLOCK_STEP_NANOS = 100_000L;

    private final NanoClock clock;
    private final WallOffset offset;
    private final TransmitDelays delays;

    private long answeredAfterNanos;
    private long rttNanos;
    private boolean isFromMonotonic;

    public RoundTripTimes(NanoClock clock, WallOffset offset, TransmitDelays delays) {
        this.clock = clock;
        this.offset = offset;
        this.delays = delays;
    }

    /**
     * Measures a reply that was just read.
     *
     * @param targetWord of the packet
     * @param sentMonotonicNanos monotonic time of the same moment as {@code sentWallNanos}
     * @param receivedWallNanos the kernel's stamp, 0 if it is missing
     * @param socket that the reply came from
     * @param handler takes transmit stamps that are read meanwhile
     */
    public void measure(
            int targetWord,
            int sequence,
            long sentWallNanos,
            long sentMonotonicNanos,
            long receivedWallNanos,
            @Nullable IcmpSocket socket,
            IcmpHandler handler) {
        boolean isUnstepped = !isSteppedSince(sentWallNanos, sentMonotonicNanos);
        long elapsedNanos = receivedWallNanos - sentWallNanos;
        long delayNanos = socket != null && receivedWallNanos != 0 && isUnstepped
                // Nothing is answered before it was transmitted.
                ? delays.nanos(
                        targetWord,
                        sequence,
                        sentMonotonicNanos + elapsedNanos,
                        elapsedNanos + CLOCK_STEP_NANOS,
                        socket,
                        handler)
                : delays.usualNanos(targetWord);
        long latestNanos = clock.monotonicNanos() - sentMonotonicNanos;
        isFromMonotonic = !isUnstepped
                || receivedWallNanos == 0
                || elapsedNanos - delayNanos < -CLOCK_STEP_NANOS
                || elapsedNanos > latestNanos + CLOCK_STEP_NANOS;
        answeredAfterNanos = isFromMonotonic
                ? onMonotonicClock(elapsedNanos, latestNanos, receivedWallNanos, sentMonotonicNanos)
                : elapsedNanos;
        rttNanos = Math.max(0, answeredAfterNanos - delayNanos);
    }

    private long onMonotonicClock(
            long elapsedNanos, long latestNanos, long receivedWallNanos, long sentMonotonicNanos) {
        if (receivedWallNanos != 0) {
            long stampedAfterStep = receivedWallNanos - offset.nanos() - sentMonotonicNanos;
            if (stampedAfterStep >= 0 && stampedAfterStep <= latestNanos) {
                return stampedAfterStep;
            }
            if (elapsedNanos >= 0 && elapsedNanos <= latestNanos) {
                // Stamped before the step.
                return elapsedNanos;
            }
        }
        return Math.max(0, latestNanos);
    }

    private boolean isSteppedSince(long sentWallNanos, long sentMonotonicNanos) {
        return Math.abs(offset.nanos() - (sentWallNanos - sentMonotonicNanos)) > CLOCK_STEP_NANOS;
    }

    /**
     * Time from the stamps in the packet to the arrival; a little below 0 if the packet left earlier than predicted.
     */
    public long answeredAfterNanos() {
        return answeredAfterNanos;
    }

    /** Round-trip time, at least 0. */
    public long rttNanos() {
        return rttNanos;
    }

    /** Whether the arrival was taken on the monotonic clock. */
    public boolean isFromMonotonic() {
        return isFromMonotonic;
    }
}
