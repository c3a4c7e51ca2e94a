package io.pingagent.trace;

import io.pingagent.base.NanoClock;
import io.pingagent.icmp.IcmpOptions;
import io.pingagent.probe.Sockets;
import io.pingagent.probe.SystemNanoClock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One {@code ping-agent trace}: sweeps over the hops on the way to an address, one each interval. */
public final class TraceRun {

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int SILENT_HOPS_BEHIND = 5;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int BATCH = 64;

    private final TraceRequest request;
    private final TraceListener listener;
    private final BooleanSupplier stopRequested;

    /** The hop of the address as far as it was ever reached; 0 if not. */
    private int reachedAt;

    private int lastHop;
    private int ended;

    public TraceRun(TraceRequest request, TraceListener listener, BooleanSupplier stopRequested) {
        this.request = request;
        this.listener = listener;
        this.stopRequested = stopRequested;
        lastHop = request.plan().lastHop();
    }

    /**
     * Runs until all rounds are over or a stop is requested.
     *
     * @throws io.pingagent.base.NotPermittedException if the raw sockets are refused
     * @throws io.pingagent.base.ServiceUnreachableException if the system does not open them for any other reason
     */
    public void run() {
        boolean isV6 = request.address().isV6();
        NanoClock clock = new SystemNanoClock();
        try (TraceSockets sockets = TraceSockets.open(options(), !isV6, isV6)) {
            run(new Sweeper(sockets, clock), clock);
        }
    }

    private void run(Sweeper sweeper, NanoClock clock) {
        TraceRequest.Plan plan = request.plan();
        long dueNanos = clock.monotonicNanos();
        for (int started = 0; !stopRequested.getAsBoolean() && (plan.rounds() == 0 || ended < plan.rounds()); ) {
            long nowNanos = clock.monotonicNanos();
            boolean isWanted = plan.rounds() == 0 || started < plan.rounds();
            if (isWanted && dueNanos - nowNanos <= 0) {
                sweeper.start(
                        new SweepRequest(
                                request.address(), plan.firstHop(), lastHop, 1, GAP_NANOS, plan.timeoutNanos()),
                        this::swept);
                started++;
                // After a pause of this process no rounds are caught up with.
                dueNanos = Math.max(dueNanos + plan.intervalNanos(), nowNanos);
            }
            long pauseNanos = Math.min(LONGEST_PAUSE_NANOS, sweeper.step());
            listener.passed();
            LockSupport.parkNanos(isWanted ? Math.min(pauseNanos, dueNanos - clock.monotonicNanos()) : pauseNanos);
        }
    }

    private void swept(boolean reached, List<Hop> hops) {
        ended++;
        listener.round(reached, hops);
        int firstHop = request.plan().firstHop();
        int answered = hops.size();
        while (answered > 0 && hops.get(answered - 1).isSilent()) {
            answered--;
        }
        if (reached) {
            reachedAt = firstHop + hops.size() - 1;
            lastHop = reachedAt;
        } else {
            int behind = firstHop - 1 + answered + SILENT_HOPS_BEHIND;
            lastHop = Math.min(request.plan().lastHop(), Math.max(reachedAt, behind));
        }
    }

    private IcmpOptions options() {
        TraceRequest.Packet packet = request.packet();
        return new IcmpOptions(
                packet.payloadBytes(),
                new IcmpOptions.Source(
                        Sockets.v4(packet.source()),
                        Sockets.v6(packet.source()),
                        Sockets.zone(packet.source()),
                        packet.interfaceName()),
                new IcmpOptions.Marking(packet.trafficClass() >>> 2, 0, 0, false),
                new IcmpOptions.Buffers(BUFFER_BYTES, BATCH, BATCH));
    }
}
