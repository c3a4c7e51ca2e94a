package io.pingagent.agent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.control.ControlException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What all probes for those who ask at the control socket may send together: {@value #MOST_PACKETS} packets and
 * {@value #MOST_BYTES} bytes of ICMP a second. There is a limit because every user of this host may ask.
 */
@AnyThread
final class ProbeBudget {

    static final int MOST_PACKETS = 200;
    static final int MOST_BYTES = 1_000_000;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int ICMP_HEADER_BYTES = 8;

    /** A share of the budget, until one second after it was taken at least. */
    static final class Share {

        private final long packets;
        private final long bytes;
        private final long takenNanos;
        private boolean isEnded;

        private Share(long packets, long bytes, long takenNanos) {
            this.packets = packets;
            this.bytes = bytes;
            this.takenNanos = takenNanos;
        }
    }

    /** Guarded by this. */
    private final List<Share> shares = new ArrayList<>();

    /**
     * @param nowNanos in the terms of {@link System#nanoTime}
     * @throws ControlException if less is left
     */
    synchronized Share take(int count, long intervalMillis, int sizeBytes, long nowNanos) throws ControlException {
        shares.removeIf(share -> share.isEnded && nowNanos - share.takenNanos >= SECOND_NANOS);
        long everyMillis = Math.max(1, Math.min(TimeUnit.SECONDS.toMillis(1), intervalMillis));
        long packets = Math.min(count, (TimeUnit.SECONDS.toMillis(1) + everyMillis - 1) / everyMillis);
        Share share = new Share(packets, packets * (sizeBytes + ICMP_HEADER_BYTES), nowNanos);
        long allPackets = packets;
        long allBytes = share.bytes;
        for (Share other : shares) {
            allPackets += other.packets;
            allBytes += other.bytes;
        }
        if (allPackets > MOST_PACKETS || allBytes > MOST_BYTES) {
            throw new ControlException(
                    "all probes asked for here would send more than " + MOST_PACKETS + " packets or " + MOST_BYTES
                            + " bytes a second together; ask less often, or with a longer interval or a smaller size");
        }
        shares.add(share);
        return share;
    }

    synchronized void end(Share share) {
        share.isEnded = true;
    }
}
