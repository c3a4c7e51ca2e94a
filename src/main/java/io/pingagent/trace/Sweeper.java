package io.pingagent.trace;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.HopSocket;
import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.icmp.Rejection;
import io.pingagent.icmp.SendErrors;
import io.pingagent.icmp.UnguessableNumbers;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Zones;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs sweeps, several at once, and finds the hop that each answer is about.
 *
 * <p>Each packet has a sequence number of its own, of 16 bits. So it is known by what the poorest router quotes: the
 * identifier, the sequence and the destination. What quotes more proves by the tag that its sender has seen the packet.
 */
@OwnedBy("caller")
final class Sweeper implements IcmpHandler {

    /** While answers are waited for: soon enough for a screen. The kernel stamps answers as they arrive. */
    private static final long POLL_NANOS = 2_000_000L;

    private static final long BINDING_NANOS = 2_000_000_000L;

    /** Takes the result of a sweep. */
    @FunctionalInterface
    interface Sink {

        /** @param hops all that were asked, silent ones too */
        void swept(boolean reached, List<Hop> hops);
    }

    private record Running(PathSweep sweep, Sink sink, List<Integer> sequences) {}

    private record Asked(PathSweep sweep, int hop, int sequence, long wallNanos, long nanos) {}

    private final TraceSockets sockets;
    private final NanoClock clock;
    private final List<Running> running = new ArrayList<>();
    /** By the 16 bits of their sequence numbers that every router quotes. */
    private final Map<Integer, Asked> asked = new HashMap<>();

    private int nextSequence = new UnguessableNumbers().getAsInt();
    private long bindingNanos;
    private @Nullable HopSocket receiving;
    private long nowNanos;

    Sweeper(TraceSockets sockets, NanoClock clock) {
        this.sockets = sockets;
        this.clock = clock;
        bindingNanos = clock.monotonicNanos();
    }

    void start(SweepRequest request, Sink sink) {
        running.add(new Running(new PathSweep(request, clock.monotonicNanos()), sink, new ArrayList<>()));
    }

    int running() {
        return running.size();
    }

    /**
     * Takes what has arrived, sends what is due, and hands over what is done.
     *
     * @return nanoseconds until the next call; a long time while nothing is under way
     */
    long step() {
        if (running.isEmpty()) {
            return Long.MAX_VALUE;
        }
        nowNanos = clock.monotonicNanos();
        receive(sockets.v4());
        receive(sockets.v6());
        if (nowNanos - bindingNanos >= BINDING_NANOS) {
            bindingNanos = nowNanos;
            refresh(sockets.v4());
            refresh(sockets.v6());
        }
        long pauseNanos = Long.MAX_VALUE;
        List<Running> done = new ArrayList<>();
        for (Running each : running) {
            for (int hop = each.sweep.due(nowNanos); hop != 0; hop = each.sweep.due(nowNanos)) {
                send(each, hop);
            }
            if (each.sweep.isDone(nowNanos)) {
                done.add(each);
            } else {
                pauseNanos = Math.min(pauseNanos, Math.min(POLL_NANOS, each.sweep.pauseNanos(nowNanos)));
            }
        }
        running.removeAll(done);
        for (Running each : done) {
            each.sequences.forEach(asked::remove);
            each.sink.swept(each.sweep.reached(), each.sweep.hops());
        }
        return running.isEmpty() ? 0 : pauseNanos;
    }

    private void receive(@Nullable HopSocket socket) {
        receiving = socket;
        while (socket != null && socket.receive(this) > 0) {
            // Until nothing is left.
        }
    }

    private static void refresh(@Nullable HopSocket socket) {
        if (socket != null) {
            socket.refreshBinding();
        }
    }

    private void send(Running of, int hop) {
        IpAddress address = of.sweep.request().address();
        HopSocket socket = sockets.of(address.isV6());
        if (socket == null) {
            of.sweep.sent(hop, nowNanos, "not sent: no IPv6 here");
            return;
        }
        int scopeId = address.zone() == 0 ? 0 : socket.interfaceIndex(Zones.name(address.zone()));
        if (scopeId < 0) {
            of.sweep.sent(hop, nowNanos, "not sent: " + SendErrors.name(SendErrors.ENODEV));
            return;
        }
        int sequence = nextSequence++;
        while (asked.containsKey(sequence & 0xffff)) {
            sequence = nextSequence++;
        }
        long wallNanos = clock.wallNanos();
        long sentNanos = clock.monotonicNanos();
        asked.put(sequence & 0xffff, new Asked(of.sweep, hop, sequence, wallNanos, sentNanos));
        of.sequences.add(sequence & 0xffff);
        int errno = socket.send(address.high(), address.low(), scopeId, hop, hop, sequence, wallNanos, 0);
        boolean isFinal = errno != 0 && !SendErrors.isTransient(errno);
        of.sweep.sent(hop, nowNanos, isFinal ? "not sent: " + SendErrors.name(errno) : "");
    }

    @Override
    public void echoReply(
            int cookie,
            int sequence,
            long sentWallNanos,
            long stamp,
            long receivedWallNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit) {
        Asked of = asked.get(sequence & 0xffff);
        if (of == null || of.sequence != sequence || of.hop != cookie) {
            return;
        }
        IpAddress address = of.sweep.request().address();
        if (address.high() == sourceHigh && address.low() == sourceLow) {
            of.sweep.answered(of.hop, address, rttNanos(of), true, "");
        }
    }

    @Override
    public void error(
            IcmpError reason,
            int cookie,
            int sequence,
            long destinationHigh,
            long destinationLow,
            long routerHigh,
            long routerLow) {
        Asked of = asked.get(sequence & 0xffff);
        if (of == null || cookie >= 0 && (of.sequence != sequence || of.hop != cookie)) {
            return;
        }
        IpAddress address = of.sweep.request().address();
        if (address.high() != destinationHigh || address.low() != destinationLow) {
            return;
        }
        boolean isV6 = address.isV6();
        IpAddress router = isV6 ? IpAddress.v6(routerHigh, routerLow, 0) : IpAddress.v4((int) routerLow);
        of.sweep.answered(of.hop, router, rttNanos(of), false, reason == IcmpError.TTL_EXCEEDED ? "" : reason.text());
    }

    /** By the kernel's stamp, unless the wall clock was stepped meanwhile. */
    private long rttNanos(Asked of) {
        long elapsedNanos = Math.max(0, clock.monotonicNanos() - of.nanos);
        HopSocket socket = receiving;
        long stampNanos = socket == null ? 0 : socket.stampNanos();
        long byStampNanos = stampNanos - of.wallNanos;
        return stampNanos != 0 && byStampNanos >= 0 && byStampNanos <= elapsedNanos + POLL_NANOS
                ? byStampNanos
                : elapsedNanos;
    }

    @Override
    public void rejected(Rejection reason) {
        // Somebody else's packet.
    }
}
