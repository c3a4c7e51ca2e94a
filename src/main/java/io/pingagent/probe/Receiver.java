package io.pingagent.probe;

import io.pingagent.base.NanoClock;
import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.Rejection;
import io.pingagent.probe.queue.DeferredProbes;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.queue.InFlight;
import io.pingagent.probe.queue.InFlightQueues;
import io.pingagent.probe.stamp.TransmitDelays;
import io.pingagent.probe.stamp.TransmitStamping;
import io.pingagent.probe.stamp.WallOffset;
import io.pingagent.probe.table.AddressIndex;
import io.pingagent.probe.table.LossWindows;
import io.pingagent.probe.table.SendStamp;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import io.pingagent.probe.table.TargetWord;
import io.pingagent.probe.table.TimeoutClasses;
import io.pingagent.probe.validity.Pauses;
import io.pingagent.probe.validity.SampleValidity;
import io.pingagent.probe.validity.UnprovenErrors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code ping-recv}: matches replies with probes, and keeps RTTs and loss windows. Who is on the err list is up
 * to {@link ErrListJudge}.
 *
 * <p>A reply brings along its target, sequence number and both send stamps, proven by the codec's tag, so matching is a look
 * at the target's two maps of recent probes. Order within a cycle: what was sent, what came in, and only when the sockets
 * are empty what is overdue — so that a receiver held up does not take a reply that waits in the socket for a loss.
 *
 * <p>Over 500 lines because one thread settles each probe here; windows, excuses, verdicts, delays and queues have classes
 * of their own.
 */
final class Receiver implements IcmpHandler, EventRing.Consumer {

    private static final ErrListCause[] CAUSES = ErrListCause.values();

    private static final int MAX_BATCHES = 64;
    /** Events taken at once. */
    static final int MAX_EVENTS = 1 << 16;

    /** Shorter than the clock of the loss windows allows between two sweeps. */
    private static final int LONG_PAUSE_SECONDS = 10;
    /** Differences below this are the jitter of reading two clocks. */
    private static final long CLOCK_STEP_NANOS = 100_000L;

    /** In place of the last RTT: no probe was sent yet. With -1 there was none answered yet. */
    private static final float NEVER_PROBED = -2;

    private final TargetTable table;
    private final TimeoutClasses timeouts;
    private final AddressIndex addresses;
    private final @Nullable IcmpSocket v4;
    private final @Nullable IcmpSocket v6;
    private final NanoClock clock;
    private final WallOffset offset;
    private final EventRing events;
    private final Counters counters;
    private final ProbeListener listener;
    private final ErrListJudge judge;
    private final IsolationGuard guard;
    private final Pauses pauses;
    private final SampleValidity validity;
    private final TransmitDelays delays;
    private final HeldProbes held;

    private final LossWindows windows = new LossWindows();
    private final InFlightQueues inFlight;
    private final UnprovenErrors unproven = new UnprovenErrors();
    private final AtomicLongArray refusals = new AtomicLongArray(Rejection.values().length);

    private long nowNanos;
    private long nowSeconds;
    private boolean receivingV6;
    /** Probes sent and not settled. */
    private int open;

    private final AtomicInteger openProbes = new AtomicInteger();
    private final AtomicLong cycles = new AtomicLong();
    private final AtomicLong sleptNanos = new AtomicLong();

    Receiver(
            EngineOptions options,
            TargetTable table,
            SettingsTable settings,
            TimeoutClasses timeouts,
            AddressIndex addresses,
            @Nullable IcmpSocket v4,
            @Nullable IcmpSocket v6,
            NanoClock clock,
            EventRing events,
            TransmitStamping stamping,
            ErrListChanges errListChanges,
            HeldProbes held,
            Counters counters,
            ProbeListener listener) {
        this.table = table;
        this.timeouts = timeouts;
        this.addresses = addresses;
        this.v4 = v4;
        this.v6 = v6;
        this.clock = clock;
        this.offset = new WallOffset(clock);
        this.events = events;
        this.counters = counters;
        this.listener = listener;
        this.delays = new TransmitDelays(stamping, clock);
        this.held = held;
        this.inFlight = new InFlightQueues(table, timeouts);
        this.nowNanos = clock.monotonicNanos();
        this.nowSeconds = Math.floorDiv(nowNanos, 1_000_000_000L);
        this.pauses = new Pauses(clock, offset.nanos());
        this.validity = new SampleValidity(v4, v6, clock, pauses, () -> open + events.waiting());
        this.judge = new ErrListJudge(options, table, settings, windows, errListChanges, listener, pauses, nowNanos);
        this.guard = new IsolationGuard(
                options, table, settings, windows, judge, listener, pauses, offset, counters, nowNanos);
    }

    /** One cycle. Returns the number of packets read. */
    int cycle() {
        offset.measure();
        long bootNanos = clock.bootNanos();
        nowNanos = clock.monotonicNanos();
        boolean isAfterPause = pauses.cycleBegins(bootNanos, nowNanos, offset.nanos());
        long secondsBefore = nowSeconds;
        nowSeconds = Math.floorDiv(pauses.bootNanos(nowNanos), 1_000_000_000L);
        held.cycle(nowNanos);
        judge.load(counters.get(Counter.OVERRUN), counters.get(Counter.SENT_LATE), nowNanos);
        if (isAfterPause) {
            judge.paused(nowNanos);
            counters.increment(pauses.hasSlept() ? Counter.MACHINE_SLEEP : Counter.RECEIVER_STALL);
            sleptNanos.lazySet(pauses.sleptNanos());
            if (nowSeconds - secondsBefore >= LONG_PAUSE_SECONDS) {
                judge.pruneAfterPause(secondsBefore, nowSeconds);
            }
        }

        events.drain(this, MAX_EVENTS);
        int v4Packets = 0;
        int v6Packets = 0;
        boolean isEmpty = true;
        if (v4 != null) {
            receivingV6 = false;
            int read = receiveAll(v4);
            isEmpty = read >= 0;
            v4Packets = Math.abs(read);
        }
        if (v6 != null) {
            receivingV6 = true;
            int read = receiveAll(v6);
            isEmpty &= read >= 0;
            v6Packets = Math.abs(read);
        }
        validity.received(v4Packets, v6Packets);
        if (isEmpty) {
            validity.look(inFlight.isAnyOverdue(nowNanos), nowNanos);
            settleOverdue();
        }
        guard.cycle(nowNanos);
        judge.sweep(nowNanos, nowSeconds);
        judge.tellSender();
        openProbes.lazySet(open);
        cycles.lazySet(cycles.get() + 1);
        return v4Packets + v6Packets;
    }

    /** Cycles completed. Any thread. */
    long cycles() {
        return cycles.get();
    }

    /** Probes that still wait for their reply or time-out, as of the last cycle. Any thread. */
    int openProbes() {
        return openProbes.get();
    }

    /** Targets on the err list. Any thread. */
    int listed() {
        return judge.listed();
    }

    /** Those of them that are there because the engine is cut off. Any thread. */
    int listedCutOff() {
        return judge.listedCutOff();
    }

    IsolationGuard guard() {
        return guard;
    }

    /** All time in which the machine slept since the start. Any thread. */
    long sleptNanos() {
        return sleptNanos.get();
    }

    /** Reads until the socket is empty; the number of packets, negative if there may be more. */
    private int receiveAll(IcmpSocket socket) {
        // First, so that each reply finds the stamp of its request.
        delays.read(socket, this);
        int packets = 0;
        for (int i = 0; i < MAX_BATCHES; i++) {
            int read = socket.receive(this);
            if (read == 0) {
                return packets;
            }
            packets += read;
        }
        return -packets;
    }

    // --- what ping-send tells

    @Override
    public void event(int kind, int argument, int targetId, int sequence, long nanos) {
        switch (kind) {
            case EventRing.SENT -> sent(argument, targetId, sequence, nanos);
            case EventRing.SEND_FAILED -> sendFailed(argument, targetId, sequence);
            case EventRing.SEND_DEFERRED -> sendDeferred(argument, targetId, sequence);
            case EventRing.UNSENT -> unsent(targetId);
            case EventRing.ADDED -> added(targetId, sequence);
            case EventRing.REMOVED -> removed(targetId);
            case EventRing.ENTER_ERR_LIST -> judge.enterOnRequest(targetId, CAUSES[argument], nowNanos);
            case EventRing.LEAVE_ERR_LIST -> judge.leave(targetId);
            case EventRing.CHECK -> judge.requestCheck();
            case EventRing.REVIEW -> judge.requestReview();
            default -> throw new IllegalStateException("event of unknown kind " + kind);
        }
    }

    private void added(int targetId, int firstSequence) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        windows.clear(page, index);
        delays.forget(targetId);
        held.forget(targetId);
        page.newestSequence[index] = firstSequence - 1;
        TargetTable.setSettledMap(page, index, -1);
        TargetTable.setAnsweredMap(page, index, -1);
        page.lossesInARow[index] = 0;
        TargetTable.setLastRtt(page, index, NEVER_PROBED);
        TargetTable.clear(page, index, (byte) 0xff);
        TargetTable.set(page, index, TargetTable.LIVE);
    }

    private void removed(int targetId) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        judge.removing(page, index, targetId);
        guard.removing(page, index, targetId);
        TargetTable.clear(page, index, (byte) 0xff);
        open -= Long.bitCount(~TargetTable.settledMap(page, index));
        TargetTable.setSettledMap(page, index, -1);
        windows.clear(page, index);
        listener.removed(targetId);
    }

    private void sent(int timeoutClass, int targetId, int sequence, long sentNanos) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (!TargetTable.has(page, index, TargetTable.LIVE)) {
            return;
        }
        // The flag first: it is at hand, the RTT is in memory of its own.
        if (!TargetTable.has(page, index, TargetTable.JUDGEABLE) && page.lastRttNanos[index] == NEVER_PROBED) {
            TargetTable.setLastReply(page, index, pauses.bootNanos(sentNanos));
            TargetTable.setLastRtt(page, index, -1);
        }
        long settled = TargetTable.settledMap(page, index);
        page.newestSequence[index] = sequence;
        if (settled >= 0) {
            // The oldest remembered probe falls out of the map before its time-out: nobody could match its reply.
            settled |= Long.MIN_VALUE;
            open--;
            long timeoutNanos = timeouts.nanos(timeoutClass);
            boolean isExcused =
                    isHeld(page, index, targetId, sequence - Long.SIZE, sentNanos - timeoutNanos, timeoutNanos)
                            || validity.excusesForgotten(page, index, sentNanos - timeoutNanos, timeoutNanos);
            settleUnanswered(page, index, targetId, sequence - Long.SIZE, isExcused);
        }
        TargetTable.setSettledMap(page, index, settled << 1);
        open++;
        TargetTable.setAnsweredMap(page, index, TargetTable.answeredMap(page, index) << 1);
        if (inFlight.add(timeoutClass, targetId, sequence, sentNanos)) {
            validity.waits(timeouts.nanos(timeoutClass));
        }
    }

    /** @param errno 0 if another probe goes out in its place and this one does not count */
    private void sendFailed(int errno, int targetId, int sequence) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (!settle(page, index, sequence)) {
            return;
        }
        if (errno == 0) {
            listener.deferred(targetId, sequence);
        } else {
            lost(page, index, targetId, sequence, null, 0, 0, errno);
        }
    }

    /** Forgets the newest probe, whose number will be used again. */
    private void sendDeferred(int timeoutClass, int targetId, int sequence) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        InFlight queue = inFlight.of(timeoutClass);
        if (queue == null || !TargetTable.has(page, index, TargetTable.LIVE)) {
            return;
        }
        queue.removeNewest(targetId, sequence);
        open -= (int) (~TargetTable.settledMap(page, index) & 1);
        TargetTable.set(page, index, TargetTable.UNSENT);
        page.newestSequence[index] = sequence - 1;
        TargetTable.setSettledMap(page, index, TargetTable.settledMap(page, index) >>> 1 | Long.MIN_VALUE);
        TargetTable.setAnsweredMap(page, index, TargetTable.answeredMap(page, index) >>> 1 | Long.MIN_VALUE);
        if (page.lastRttNanos[index] == -1
                && !TargetTable.has(page, index, TargetTable.JUDGEABLE)
                && TargetTable.settledMap(page, index) == -1) {
            TargetTable.setLastRtt(page, index, NEVER_PROBED);
        }
    }

    /** This machine could not send a probe: that says nothing of the address. */
    void unsent(int targetId) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (TargetTable.has(page, index, TargetTable.LIVE)) {
            TargetTable.set(page, index, TargetTable.UNSENT);
            windows.add(page, index, LossWindows.UNKNOWN, nowSeconds);
            listener.unsent(targetId);
        }
    }

    // --- what the network tells

    @Override
    public void echoReply(
            int targetWord,
            int sequence,
            long sentWallNanos,
            long stamp,
            long receivedWallNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit) {
        int targetId = TargetWord.targetId(targetWord);
        if (targetId >= table.limit()) {
            counters.increment(Counter.REFUSED);
            return;
        }
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        while ((page.newestSequence[index] - sequence < 0 || !TargetTable.has(page, index, TargetTable.LIVE))
                && events.drain(this, MAX_EVENTS) > 0) {
            // Sent and answered since this cycle began, maybe even added, or waiting behind a backlog of events.
        }
        if (!TargetTable.has(page, index, TargetTable.LIVE)) {
            counters.increment(Counter.STALE);
            return;
        }
        if (TargetTable.low(page, index) != sourceLow
                || TargetTable.high(page, index) != sourceHigh
                || TargetTable.isV6(page, index) != receivingV6) {
            counters.increment(Counter.FOREIGN_SOURCE);
            return;
        }
        int age = page.newestSequence[index] - sequence;
        if (age < 0) {
            counters.increment(Counter.REFUSED);
            return;
        }
        long sentMonotonicNanos = SendStamp.sentNanos(stamp, nowNanos);
        validity.replied(page, index);
        if (receivedWallNanos != 0) {
            pauses.received(receivedWallNanos - offset.nanos());
        }
        long delayNanos = delayNanos(targetWord, sequence, sentWallNanos, sentMonotonicNanos, receivedWallNanos);
        long answeredAfterNanos = answeredAfterNanos(sentWallNanos, sentMonotonicNanos, receivedWallNanos, delayNanos);
        long rttNanos = Math.max(0, answeredAfterNanos - delayNanos);
        if (age >= TargetTable.rememberedProbes(page)) {
            late(page, index, targetId, sequence, rttNanos, sentMonotonicNanos + answeredAfterNanos);
            return;
        }
        long bit = 1L << age;
        long answered = TargetTable.answeredMap(page, index);
        if ((answered & bit) != 0) {
            counters.increment(Counter.DUPLICATE);
            listener.duplicate(targetId, sequence, rttNanos);
            return;
        }
        TargetTable.setAnsweredMap(page, index, answered | bit);
        boolean wasOpen = settle(page, index, sequence);
        long timeoutNanos = timeouts.nanos(SendStamp.timeoutClass(stamp));
        boolean isOverdue = answeredAfterNanos > timeoutNanos;
        if (wasOpen && isOverdue) {
            boolean isExcused = receivedWallNanos == 0 && validity.mayHaveWaited(answeredAfterNanos, timeoutNanos)
                    || isHeld(page, index, targetId, sequence, sentMonotonicNanos, timeoutNanos);
            unproven.forget(targetId, sequence);
            settleUnanswered(page, index, targetId, sequence, isExcused);
        }
        if (!wasOpen || isOverdue) {
            late(page, index, targetId, sequence, rttNanos, sentMonotonicNanos + answeredAfterNanos);
            return;
        }
        counters.increment(Counter.RECEIVED);
        TargetTable.setLastRtt(page, index, (float) rttNanos);
        TargetTable.setLastReply(page, index, pauses.bootNanos(sentMonotonicNanos + answeredAfterNanos));
        guard.answered(page, index, targetId);
        page.lossesInARow[index] = 0;
        SampleValidity.answered(page, index);
        TargetTable.set(page, index, TargetTable.JUDGEABLE);
        windows.add(page, index, LossWindows.ANSWERED, nowSeconds);
        long receivedNanos = sentMonotonicNanos + answeredAfterNanos + offset.nanos();
        listener.replied(targetId, sequence, rttNanos, receivedNanos, hopLimit);
    }

    /** A reply after its time-out: the probe was not answered, but where this machine was slow, the address is not silent. */
    private void late(Page page, int index, int targetId, int sequence, long rttNanos, long receivedNanos) {
        counters.increment(Counter.LATE);
        listener.late(targetId, sequence, rttNanos);
        if (held.isAnyWatched() && held.isWatched(DeferredProbes.path(page, index))) {
            TargetTable.setLastReply(page, index, pauses.bootNanos(receivedNanos));
        }
    }

    /**
     * Time from the stamps in the packet to the arrival: the kernel's receive stamp less the send stamp, both of the wall
     * clock; where that clock was stepped in between, or there is no receive stamp, the arrival is taken on the monotonic
     * clock. A little below 0 if the packet left earlier than its stamp foretold.
     */
    private long answeredAfterNanos(
            long sentWallNanos, long sentMonotonicNanos, long receivedWallNanos, long delayNanos) {
        long latestNanos = clock.monotonicNanos() - sentMonotonicNanos;
        if (!isSteppedSince(sentWallNanos, sentMonotonicNanos) && receivedWallNanos != 0) {
            long elapsedNanos = receivedWallNanos - sentWallNanos;
            if (elapsedNanos - delayNanos >= -CLOCK_STEP_NANOS && elapsedNanos <= latestNanos + CLOCK_STEP_NANOS) {
                return elapsedNanos;
            }
        }
        counters.increment(Counter.RTT_FROM_MONOTONIC);
        if (receivedWallNanos != 0) {
            long stampedAfterStep = receivedWallNanos - offset.nanos() - sentMonotonicNanos;
            if (stampedAfterStep >= 0 && stampedAfterStep <= latestNanos) {
                return stampedAfterStep;
            }
            long stampedBeforeStep = receivedWallNanos - sentWallNanos;
            if (stampedBeforeStep >= 0 && stampedBeforeStep <= latestNanos) {
                return stampedBeforeStep;
            }
        }
        return Math.max(0, latestNanos);
    }

    private boolean isSteppedSince(long sentWallNanos, long sentMonotonicNanos) {
        return Math.abs(offset.nanos() - (sentWallNanos - sentMonotonicNanos)) > CLOCK_STEP_NANOS;
    }

    /** How long the probe was still in this machine after its stamps were written. */
    private long delayNanos(
            int targetWord, int sequence, long sentWallNanos, long sentMonotonicNanos, long receivedWallNanos) {
        IcmpSocket socket = receivingV6 ? v6 : v4;
        if (socket == null || receivedWallNanos == 0 || isSteppedSince(sentWallNanos, sentMonotonicNanos)) {
            return delays.usualNanos(targetWord);
        }
        long elapsedNanos = receivedWallNanos - sentWallNanos;
        // Nothing is answered before it was transmitted.
        long mostNanos = elapsedNanos + CLOCK_STEP_NANOS;
        return delays.nanos(targetWord, sequence, sentMonotonicNanos + elapsedNanos, mostNanos, socket, this);
    }

    @Override
    public void transmitted(int targetWord, int sequence, long sentWallNanos, long transmittedWallNanos) {
        long delayNanos = transmittedWallNanos - sentWallNanos;
        delays.add(targetWord, sequence, delayNanos);
        int targetId = TargetWord.targetId(targetWord);
        if (targetId < table.limit()) {
            int index = targetId & TargetTable.PAGE_MASK;
            held.transmitted(table.page(targetId), index, targetId, sequence, delayNanos, nowNanos);
        }
    }

    @Override
    public void queued(int targetWord, int sequence) {
        int targetId = TargetWord.targetId(targetWord);
        if (targetId < table.limit()) {
            held.queued(targetId, sequence);
        }
    }

    @Override
    public void error(
            IcmpError reason,
            int targetWord,
            int sequence,
            long destinationHigh,
            long destinationLow,
            long routerHigh,
            long routerLow) {
        int targetId = targetWord >= 0
                ? TargetWord.targetId(targetWord)
                : addresses.find(receivingV6, destinationHigh, destinationLow);
        if (targetId < 0 || targetId >= table.limit()) {
            counters.increment(Counter.STALE);
            return;
        }
        while (events.drain(this, MAX_EVENTS) == MAX_EVENTS) {
            // The probe may have been sent since this cycle began, or wait behind a backlog of events.
        }
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (!TargetTable.has(page, index, TargetTable.LIVE)
                || TargetTable.low(page, index) != destinationLow
                || TargetTable.high(page, index) != destinationHigh
                || TargetTable.isV6(page, index) != receivingV6) {
            counters.increment(Counter.STALE);
            return;
        }
        int newest = page.newestSequence[index];
        boolean isProven = targetWord >= 0;
        int age = isProven ? newest - sequence : newest - sequence & 0xffff;
        if (!isProven && !table.isSettled(targetId, newest - age)) {
            // Whoever knows no more than this may make it up for any address: the reply or its absence decides.
            counters.increment(Counter.UNPROVEN_ERROR);
            unproven.remember(targetId, newest - age, reason, routerHigh, routerLow);
            return;
        }
        if (age < 0 || age >= TargetTable.rememberedProbes(page) || !settle(page, index, newest - age)) {
            counters.increment(Counter.STALE);
            return;
        }
        counters.increment(Counter.UNREACHABLE);
        lost(page, index, targetId, newest - age, reason, routerHigh, routerLow, 0);
    }

    @Override
    public void rejected(Rejection reason) {
        counters.increment(Counter.REFUSED);
        refusals.lazySet(reason.ordinal(), refusals.get(reason.ordinal()) + 1);
    }

    /** Refused packets by the ordinal of their {@link Rejection}; any thread. */
    AtomicLongArray refusals() {
        return refusals;
    }

    // --- settling

    private void settleOverdue() {
        for (int i = 0; i < inFlight.count(); i++) {
            InFlight queue = inFlight.get(i);
            while (queue.isOldestOverdue(nowNanos)) {
                long sentNanos = queue.oldestSentNanos();
                long probe = queue.removeOldest();
                int targetId = (int) (probe >>> 32);
                int sequence = (int) probe;
                Page page = table.page(targetId);
                int index = targetId & TargetTable.PAGE_MASK;
                if (settle(page, index, sequence)) {
                    boolean isExcused = isHeld(page, index, targetId, sequence, sentNanos, queue.timeoutNanos())
                            || validity.excuses(page, index, sentNanos, queue.timeoutNanos());
                    settleUnanswered(page, index, targetId, sequence, isExcused);
                }
            }
        }
        inFlight.unlistEmpty();
    }

    /** Whether an unanswered probe was held in this machine for too long to be answered in time. */
    private boolean isHeld(Page page, int index, int targetId, int sequence, long sentNanos, long timeoutNanos) {
        if (!held.isAnyWatched()
                || !held.isHeld(
                        page,
                        index,
                        targetId,
                        sequence,
                        sentNanos,
                        timeoutNanos,
                        SampleValidity.dueAfterNanos(page, index, timeoutNanos))
                || judge.isDown(page, index, nowNanos)) {
            return false;
        }
        counters.increment(Counter.SEND_HELD);
        return true;
    }

    /** Marks a probe as settled. Returns false if it was, or is too old to be remembered. */
    private boolean settle(Page page, int index, int sequence) {
        int age = page.newestSequence[index] - sequence;
        if (age < 0 || age >= TargetTable.rememberedProbes(page)) {
            return false;
        }
        long bit = 1L << age;
        long settled = TargetTable.settledMap(page, index);
        if ((settled & bit) != 0) {
            return false;
        }
        TargetTable.setSettledMap(page, index, settled | bit);
        open--;
        return true;
    }

    /** @param isExcused whether this machine may have lost the reply */
    private void settleUnanswered(Page page, int index, int targetId, int sequence, boolean isExcused) {
        if (isExcused && !judge.isDown(page, index, nowNanos)) {
            SampleValidity.excused(page, index);
            counters.increment(Counter.INVALIDATED);
            invalidated(page, index, targetId, sequence);
        } else {
            lostSilently(page, index, targetId, sequence);
        }
    }

    private void invalidated(Page page, int index, int targetId, int sequence) {
        windows.add(page, index, LossWindows.UNKNOWN, nowSeconds);
        listener.invalidated(targetId, sequence);
    }

    /** Nothing that proves anything came: maybe something that does not. */
    private void lostSilently(Page page, int index, int targetId, int sequence) {
        int said = unproven.find(targetId, sequence);
        if (said < 0) {
            lost(page, index, targetId, sequence, null, 0, 0, 0);
            return;
        }
        counters.increment(Counter.UNREACHABLE);
        long routerHigh = unproven.routerHigh(said);
        long routerLow = unproven.routerLow(said);
        lost(page, index, targetId, sequence, unproven.reason(said), routerHigh, routerLow, 0);
    }

    private void lost(
            Page page,
            int index,
            int targetId,
            int sequence,
            @Nullable IcmpError error,
            long routerHigh,
            long routerLow,
            int sendErrno) {
        IsolationGuard.Said said = sendErrno != 0
                ? IsolationGuard.Said.NOT_SENT
                : error != null ? IsolationGuard.Said.UNREACHABLE : IsolationGuard.Said.NOTHING;
        if (guard.lost(page, index, targetId, said, nowNanos)) {
            counters.increment(Counter.CUT_OFF);
            invalidated(page, index, targetId, sequence);
            return;
        }
        counters.increment(Counter.LOST);
        windows.add(page, index, LossWindows.LOST, nowSeconds);
        TargetTable.set(page, index, TargetTable.JUDGEABLE);
        int losses = Math.min(Short.MAX_VALUE, page.lossesInARow[index] + 1);
        page.lossesInARow[index] = (short) losses;
        if (sendErrno != 0) {
            listener.sendFailed(targetId, sequence, sendErrno);
        } else if (error != null) {
            listener.icmpError(targetId, sequence, error, routerHigh, routerLow);
        }
        listener.lost(targetId, sequence, nowNanos + offset.nanos());
        judge.lost(page, index, targetId, losses, sendErrno == 0 ? ErrListCause.LOST : ErrListCause.NOT_SENT);
    }
}
