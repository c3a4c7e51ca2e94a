package io.pingagent.ping;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.IcmpOptions;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.IcmpSocketException;
import io.pingagent.icmp.SendErrors;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.model.TransmitStamps;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Counters;
import io.pingagent.probe.Engine;
import io.pingagent.probe.EngineOptions;
import io.pingagent.probe.ProbeListener;
import io.pingagent.probe.Sockets;
import io.pingagent.probe.SystemNanoClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One {@code ping-agent ping}: the engine without Redis and without err list. The engine's findings are queued and reported by
 * the caller's thread, so that a slow terminal does not hold up the receiver.
 */
public final class PingRun implements ProbeListener {

    private static final int JOB = 0;
    /** With no interval asked for: as fast as one core sends. */
    private static final int FASTEST_PER_SECOND = 500_000;

    private static final int RECEIVE_BUFFER_BYTES = 64 << 20;
    private static final int FEW_TARGETS = 16;
    private static final int SMALL_QUEUE = 1 << 12;
    private static final int LARGE_QUEUE = 1 << 17;
    private static final long POLL_MILLIS = 10;
    /** A round's firing is handed to the engine this much ahead. */
    private static final long AHEAD_NANOS = 20_000_000L;

    /** Something found by the engine, reported later. */
    private interface Finding {
        void report();
    }

    private final PingRequest request;
    private final PingListener listener;
    private final BooleanSupplier stopRequested;
    private final BlockingQueue<Finding> findings = new LinkedBlockingQueue<>();
    private final int icmpBytes;

    private final boolean[] answered;
    /** Targets that the kernel cannot send to: asking again at once would get the same answer. */
    private final boolean[] cannotBeSent;
    /** Sequence numbers of each target that were used up by deferred probes. */
    @OwnedBy("ping-recv")
    private final int[] deferred;
    /** Probes of each target that were left out, without a sequence number. */
    @OwnedBy("ping-recv")
    private final int[] unsent;
    /** Number of each target's newest probe, -1 before the first. */
    @OwnedBy("ping-recv")
    private final int[] newest;
    /** Sequence number of the first probe to each target; written before the engine knows of it. */
    private final int[] firstSequences;

    /** Set before the engine starts. */
    private @Nullable Sockets sockets;

    private long settled;

    private long attempted;
    private long newestAttemptNanos;

    public PingRun(PingRequest request, PingListener listener, BooleanSupplier stopRequested) {
        this.request = request;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.icmpBytes = request.packet().payloadBytes() + 8;
        this.answered = new boolean[request.targets().size()];
        this.cannotBeSent = new boolean[request.targets().size()];
        this.deferred = new int[request.targets().size()];
        this.unsent = new int[request.targets().size()];
        this.newest = new int[request.targets().size()];
        this.firstSequences = new int[request.targets().size()];
        Arrays.fill(newest, -1);
    }

    public void run() {
        Sockets opened = Sockets.open(
                options(),
                request.targets().stream().anyMatch(target -> !target.isV6()),
                request.targets().stream().anyMatch(IpAddress::isV6));
        sockets = opened;
        int perSecond = request.plan().intervalNanos() == 0
                ? FASTEST_PER_SECOND
                : (int) Math.max(
                        1,
                        Math.min(
                                FASTEST_PER_SECOND,
                                2_000_000_000L / request.plan().intervalNanos()));
        EngineOptions options = new EngineOptions(
                perSecond, Integer.MAX_VALUE, 0, Duration.ofDays(1).toNanos(), TransmitStamps.ON);
        int queueCapacity = request.targets().size() <= FEW_TARGETS ? SMALL_QUEUE : LARGE_QUEUE;
        Engine engine = new Engine(options, opened.v4(), opened.v6(), new SystemNanoClock(), this, queueCapacity);
        try {
            IcmpSocket v6 = opened.v6();
            if (request.readsTrafficClass() && v6 != null) {
                v6.reportTrafficClass();
            }
            engine.start();
            // Target ids are handed out in order from 0: the indices of the request.
            TargetSettings settings =
                    new TargetSettings(Integer.MAX_VALUE, -1, request.plan().timeoutNanos());
            int[] all = new int[request.targets().size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = engine.addTarget(request.targets().get(i), settings);
                firstSequences[i] = engine.firstSequence(all[i]);
            }
            engine.announceTargets(all);
            if (request.plan().mode() == PingRequest.Mode.ALIVE) {
                untilAlive(engine, all);
            } else {
                rounds(engine, all);
            }
        } catch (IcmpSocketException e) {
            throw new ServiceUnreachableException(String.valueOf(e.getMessage()), e);
        } finally {
            engine.close(Duration.ZERO);
        }
    }

    private IcmpOptions options() {
        Integer trafficClass = request.packet().trafficClass();
        Integer hopLimit = request.packet().hopLimit();
        return new IcmpOptions(
                request.packet().payloadBytes(),
                new IcmpOptions.Source(
                        Sockets.v4(request.route().source()),
                        Sockets.v6(request.route().source()),
                        Sockets.zone(request.route().source()),
                        request.route().interfaceName()),
                new IcmpOptions.Marking(
                        trafficClass == null ? 0 : trafficClass >>> 2,
                        hopLimit == null ? 0 : hopLimit,
                        request.route().mark(),
                        request.packet().dontFragment()),
                new IcmpOptions.Buffers(RECEIVE_BUFFER_BYTES, 64, 256));
    }

    /** Each round probes those that have not answered yet, and waits longer than the one before. */
    private void untilAlive(Engine engine, int[] all) {
        double timeoutNanos = request.plan().timeoutNanos();
        int[] open = all;
        for (int round = 0; round < request.plan().probes() && open.length > 0; round++) {
            engine.installJobInOrder(JOB, open, open.length * request.plan().intervalNanos(), (long) timeoutNanos);
            long expected = settled + open.length;
            engine.roundDue(JOB, System.nanoTime());
            while (settled < expected) {
                if (stopRequested.getAsBoolean()) {
                    return;
                }
                reportFor(POLL_MILLIS);
            }
            open = Arrays.stream(open)
                    .filter(target -> !answered[target] && !cannotBeSent[target])
                    .toArray();
            timeoutNanos *= request.plan().backoff();
        }
    }

    private void rounds(Engine engine, int[] all) {
        long spreadNanos = all.length * request.plan().intervalNanos();
        long periodNanos = Math.max(request.plan().periodNanos(), spreadNanos);
        engine.installJobInOrder(JOB, all, spreadNanos, request.plan().timeoutNanos());
        boolean isEndless = request.plan().mode() == PingRequest.Mode.LOOP;
        long startNanos = System.nanoTime();
        long started = 0;
        while (isEndless || settled < (long) all.length * request.plan().probes()) {
            if (stopRequested.getAsBoolean()) {
                return;
            }
            long dueNanos = startNanos + started * periodNanos;
            boolean isNextWanted = isEndless || started < request.plan().probes();
            // A round is asked for only once the one before has gone out: none may be dropped as an overrun.
            if (isNextWanted
                    && dueNanos - System.nanoTime() < AHEAD_NANOS
                    && attempted(engine) >= started * all.length) {
                awaitDue(dueNanos);
                startNanos += Math.max(0, System.nanoTime() - dueNanos - AHEAD_NANOS);
                engine.roundDue(JOB, Math.max(dueNanos, System.nanoTime() - AHEAD_NANOS));
                started++;
            }
            reportFor(POLL_MILLIS);
            note(attempted(engine));
        }
    }

    private void note(long attempts) {
        if (attempts > attempted) {
            attempted = attempts;
            newestAttemptNanos = System.nanoTime();
        }
    }

    /** Probes that have gone out, or that the kernel would not send, as of some milliseconds ago. */
    public long attempted() {
        return attempted;
    }

    /** When the newest of them was seen to have gone out, in the terms of {@link System#nanoTime}. */
    public long newestAttemptNanos() {
        return newestAttemptNanos;
    }

    /** Probes with a reply, or without one by their timeout. */
    public long settled() {
        return settled;
    }

    private void awaitDue(long dueNanos) {
        for (long waitNanos = dueNanos - System.nanoTime(); waitNanos > 0; waitNanos = dueNanos - System.nanoTime()) {
            reportFor(Math.max(1, waitNanos / 1_000_000));
        }
    }

    private static long attempted(Engine engine) {
        Counters counters = engine.counters();
        return counters.get(Counter.SENT) + counters.get(Counter.SEND_ERROR) + counters.get(Counter.SEND_OMITTED);
    }

    private void reportFor(long millis) {
        listener.passed(System.nanoTime());
        try {
            Finding finding = findings.poll(millis, TimeUnit.MILLISECONDS);
            while (finding != null) {
                finding.report();
                finding = findings.poll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceUnreachableException("interrupted", e);
        }
    }

    @OwnedBy("ping-recv")
    @Override
    public void deferred(int targetId, int sequence) {
        deferred[targetId]++;
    }

    /** A user who waits for an answer learns that there will be none. */
    @OwnedBy("ping-recv")
    @Override
    public void unsent(int targetId) {
        int probe = ++newest[targetId];
        unsent[targetId]++;
        long settledWallNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        findings.add(() -> {
            settled++;
            listener.sendFailed(targetId, probe, SendErrors.text(SendErrors.ENOBUFS));
            listener.lost(targetId, probe, settledWallNanos);
        });
    }

    @OwnedBy("ping-recv")
    private int probe(int targetId, int sequence) {
        int probe = sequence - firstSequences[targetId] - deferred[targetId] + unsent[targetId];
        newest[targetId] = Math.max(newest[targetId], probe);
        return probe;
    }

    @OwnedBy("ping-recv")
    @Override
    public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
        int probe = probe(targetId, sequence);
        int trafficClass = request.readsTrafficClass() ? trafficClass(targetId) : -1;
        PingListener.Reply reply =
                new PingListener.Reply(icmpBytes, rttNanos, receivedWallNanos, hopLimit, trafficClass);
        findings.add(() -> {
            settled++;
            answered[targetId] = true;
            listener.replied(targetId, probe, reply);
        });
    }

    /** Of the packet that is being reported: the engine need not know of it. */
    @OwnedBy("ping-recv")
    private int trafficClass(int targetId) {
        Sockets open = Objects.requireNonNull(sockets);
        IcmpSocket socket = request.targets().get(targetId).isV6() ? open.v6() : open.v4();
        return socket == null ? -1 : socket.trafficClass();
    }

    @OwnedBy("ping-recv")
    @Override
    public void icmpError(int targetId, int sequence, IcmpError error, long routerHigh, long routerLow) {
        int probe = probe(targetId, sequence);
        boolean isV6 = request.targets().get(targetId).isV6();
        IpAddress router = isV6 ? IpAddress.v6(routerHigh, routerLow, 0) : IpAddress.v4((int) routerLow);
        findings.add(() -> listener.icmpError(targetId, probe, error.fpingText(isV6), router));
    }

    @OwnedBy("ping-recv")
    @Override
    public void sendFailed(int targetId, int sequence, int errno) {
        int probe = probe(targetId, sequence);
        findings.add(() -> {
            cannotBeSent[targetId] = !SendErrors.isTransient(errno);
            listener.sendFailed(targetId, probe, SendErrors.text(errno));
        });
    }

    @OwnedBy("ping-recv")
    @Override
    public void lost(int targetId, int sequence, long settledWallNanos) {
        int probe = probe(targetId, sequence);
        findings.add(() -> {
            settled++;
            listener.lost(targetId, probe, settledWallNanos);
        });
    }

    /** A user who waits for an answer gets the loss, with the reason to doubt it. */
    @OwnedBy("ping-recv")
    @Override
    public void invalidated(int targetId, int sequence) {
        int probe = probe(targetId, sequence);
        long settledWallNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        findings.add(() -> {
            settled++;
            listener.invalidated(targetId, probe);
            listener.lost(targetId, probe, settledWallNanos);
        });
    }

    @OwnedBy("ping-recv")
    @Override
    public void duplicate(int targetId, int sequence, long rttNanos) {
        int probe = probe(targetId, sequence);
        findings.add(() -> listener.duplicate(targetId, probe, icmpBytes, rttNanos));
    }
}
