package io.pingagent.icmp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A socket without a kernel, on a clock that the test turns. Packets are real ones, written and judged by the same codec as
 * on the wire; a {@link Network} of the test decides what becomes of each. Replies with a foreign identifier vanish, as the
 * kernel's filter has it. Thread-safe.
 */
public final class FakeIcmpSocket implements IcmpSocket {

    /** One request that was sent. */
    public record Sent(
            long high, long low, int scopeId, int cookie, int sequence, int identifier, long wallNanos, long stamp) {}

    /** Decides what becomes of a request; answering nothing is a loss, answering twice a duplicate. */
    @FunctionalInterface
    public interface Network {
        void sent(Sent request, Answers answers);
    }

    private record Arrival(long dueNanos, long order, ByteBuffer packet, long sourceHigh, long sourceLow) {}

    private record Transmitted(ByteBuffer packet, long stampNanos, long dueNanos, boolean isQueueStamp) {}

    private record Address(long high, long low) {}

    private static final int HOP_LIMIT = 57;

    private final boolean v6;
    private final EchoCodec codec;
    private final EchoIdentifiers identifiers;
    private final PacketDecoder decoder;
    private final IcmpOptions options;
    private final LongSupplier wallNanos;
    private final LongSupplier monotonicNanos;

    private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>((a, b) ->
            a.dueNanos != b.dueNanos ? Long.compare(a.dueNanos - b.dueNanos, 0) : Long.compare(a.order, b.order));
    private final List<Sent> sent = new ArrayList<>();
    private final Queue<Sent> queued = new ArrayDeque<>();
    private final Map<Address, Integer> errnoByDestination = new HashMap<>();
    private Network network = (request, answers) -> answers.reply(0);
    private int failingSends;
    private int failingErrno;
    private int sendsLeft = Integer.MAX_VALUE;
    private int errnoAfterwards;
    private long order;
    private long kernelDrops;
    private long kernelDropsTold;
    private volatile Runnable beforeRefreshOfDrops = () -> {};
    private @Nullable ToLongFunction<Sent> transmitDelays;
    private final Queue<Transmitted> transmitted = new ArrayDeque<>();
    private @Nullable ToLongFunction<Sent> heldNanos;
    private boolean isQueueStampDue;
    private long queueStampsAsked;
    private boolean refusesStamps;
    private int stampEvery;
    private int untilStamp;
    private boolean closed;
    private boolean isAnsweringGroupFull;
    private boolean isSilentGroupFull;
    private int refusedForRoom;
    private final Map<String, Integer> interfaceIndexes = new HashMap<>();
    private @Nullable String bindingProblem;
    private @Nullable String bindingProblemFound;
    private int bindingRefreshes;
    private int interfaceLookups;

    /**
     * @param wallNanos Unix time, for the kernel stamps
     * @param monotonicNanos decides when an answer has arrived
     */
    public FakeIcmpSocket(
            boolean v6,
            IcmpOptions options,
            EchoKey key,
            int identifier,
            LongSupplier wallNanos,
            LongSupplier monotonicNanos) {
        this.v6 = v6;
        this.options = options;
        this.wallNanos = wallNanos;
        this.monotonicNanos = monotonicNanos;
        codec = new EchoCodec(v6, options.payloadBytes(), key);
        identifiers = new EchoIdentifiers(identifier);
        decoder = new PacketDecoder(v6, codec, identifiers);
    }

    /** Default options, a random key. */
    public FakeIcmpSocket(boolean v6, LongSupplier wallNanos, LongSupplier monotonicNanos) {
        this(v6, TestOptions.defaults(), EchoKey.random(), 0x4d2, wallNanos, monotonicNanos);
    }

    // What the test does.

    /** From now on; before, every request is answered at once. */
    public synchronized void network(Network newNetwork) {
        network = newNetwork;
    }

    /** The next sends fail. */
    public synchronized void failSends(int errno, int count) {
        failingErrno = errno;
        failingSends = count;
    }

    /** Once so many have been sent, all sends fail, until this is called anew. */
    public synchronized void failSendsAfter(int count, int errno) {
        sendsLeft = count;
        errnoAfterwards = errno;
    }

    /** Which groups of sockets have no room, until this is called again. */
    public synchronized void fullGroups(boolean isAnsweringFull, boolean isSilentFull) {
        isAnsweringGroupFull = isAnsweringFull;
        isSilentGroupFull = isSilentFull;
    }

    /** Sends that found their group full. */
    public synchronized int refusedForRoom() {
        return refusedForRoom;
    }

    /** Every send to this address fails; errno 0 heals it. */
    public synchronized void failSendsTo(long high, long low, int errno) {
        if (errno == 0) {
            errnoByDestination.remove(new Address(high, low));
        } else {
            errnoByDestination.put(new Address(high, low), errno);
        }
    }

    /** What was sent, oldest first; failed sends are not in it. */
    public synchronized List<Sent> sent() {
        return List.copyOf(sent);
    }

    public synchronized void forgetSent() {
        sent.clear();
    }

    /** Runs each time the socket is asked to look at the kernel's count, before it does. */
    public void beforeRefreshOfDrops(Runnable action) {
        beforeRefreshOfDrops = action;
    }

    /** The kernel's count; the socket tells it once it has been asked to look. */
    public synchronized void kernelDrops(long drops) {
        kernelDrops = drops;
    }

    /**
     * From now on requests leave so many nanoseconds after their stamp, and those that a transmit stamp is asked for get one;
     * before, the kernel keeps silent.
     */
    public synchronized void transmitDelays(ToLongFunction<Sent> delayNanos) {
        transmitDelays = delayNanos;
    }

    /** Something in the error queue, as if it had been sent and stamped. */
    public synchronized void deliverTransmitted(byte[] packet, long stampNanos) {
        transmitted.add(
                new Transmitted(ByteBuffer.wrap(packet.clone()), stampNanos, monotonicNanos.getAsLong(), false));
    }

    /**
     * From now on requests leave so many nanoseconds after they are sent, and stamps come when there is something to stamp:
     * entering the queue at once, leaving it later. Below 0: the request waits for a neighbour, and is never queued.
     */
    public synchronized void holdInQueue(@Nullable ToLongFunction<Sent> newHeldNanos) {
        heldNanos = newHeldNanos;
    }

    /** The kernel no longer takes wishes for stamps. */
    public synchronized void refuseStamps() {
        refusesStamps = true;
    }

    /** What {@link #transmitStamps} was called with last. */
    public synchronized int stampEvery() {
        return stampEvery;
    }

    /** How often {@link #stampQueueing} was called. */
    public synchronized long queueStampsAsked() {
        return queueStampsAsked;
    }

    /** Transmit stamps that nobody has read. */
    public synchronized int stampsWaiting() {
        return transmitted.size();
    }

    /** Answers under way, so that a test can tell silence from emptiness. */
    public synchronized int underWay() {
        return arrivals.size();
    }

    /** What is under way never arrives. */
    public synchronized void loseUnderWay() {
        arrivals.clear();
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Anything at all arrives after a delay.
     *
     * @param packet from the IPv4 header on, or from the ICMPv6 header on
     * @param sourceHigh for IPv6; the source of an IPv4 packet is in its header
     */
    public synchronized void deliver(byte[] packet, long sourceHigh, long sourceLow, long delayNanos) {
        arrivals.add(new Arrival(
                monotonicNanos.getAsLong() + delayNanos,
                order++,
                ByteBuffer.wrap(packet.clone()),
                sourceHigh,
                sourceLow));
    }

    /**
     * "Host unreachable" about an IPv4 request that whoever sends it never saw: it quotes the eight bytes that can be guessed.
     *
     * @param source where the error comes from
     * @param destination where the request went
     * @param sequence low 16 bits
     */
    public void forgeError(long source, long destination, int identifier, int sequence) {
        byte[] quoted = new byte[EchoCodec.HEADER_BYTES];
        ByteBuffer.wrap(quoted)
                .put(EchoCodec.TYPE, (byte) EchoCodec.V4_REQUEST)
                .putShort(EchoCodec.IDENTIFIER, (short) identifier)
                .putShort(EchoCodec.SEQUENCE, (short) sequence);
        byte[] error = TestPackets.error(false, 3, 1, TestPackets.inV4(20, 0x0a000001, destination, quoted));
        deliver(TestPackets.inV4(20, source, 0x0a000001, error), 0, source, 0);
    }

    /** An interface has this index from now on, -1 for one that is deleted. Others have the number that is their name, or 1. */
    public synchronized void interfaceIndex(String name, int index) {
        interfaceIndexes.put(name, index);
    }

    public synchronized int interfaceLookups() {
        return interfaceLookups;
    }

    /** What the next look at the binding finds. */
    public synchronized void bindingProblem(@Nullable String problem) {
        bindingProblem = problem;
    }

    /** How often the binding was renewed. */
    public synchronized int bindingRefreshes() {
        return bindingRefreshes;
    }

    /** Ways to answer one request. */
    public final class Answers {

        private final Sent request;

        private Answers(Sent request) {
            this.request = request;
        }

        public void reply(long delayNanos) {
            reply(delayNanos, UnaryOperator.identity());
        }

        /** From another address. */
        public void replyFrom(long high, long low, long delayNanos) {
            send(TestPackets.reply(v6, requestPacket()), high, low, delayNanos);
        }

        /** With one bit of the ICMP part turned over. */
        public void corrupted(int byteIndex, long delayNanos) {
            reply(delayNanos, icmp -> {
                icmp[byteIndex] ^= 0x10;
                return icmp;
            });
        }

        /** Cut to so many bytes from the ICMP header on, with all lengths and checksums right. */
        public void truncated(int icmpBytes, long delayNanos) {
            reply(delayNanos, icmp -> {
                byte[] cut = TestPackets.cut(icmp, icmpBytes);
                return v6 ? cut : TestPackets.withChecksum(cut);
            });
        }

        /** @param alter given the ICMP part of the right reply, whose checksum it may leave wrong */
        public void reply(long delayNanos, UnaryOperator<byte[]> alter) {
            send(alter.apply(TestPackets.reply(v6, requestPacket())), request.high(), request.low(), delayNanos);
        }

        /** An ICMP error that quotes the whole request. */
        public void error(int type, int code, long routerHigh, long routerLow, long delayNanos) {
            error(type, code, routerHigh, routerLow, codec.packetBytes(), delayNanos);
        }

        /** @param quotedIcmpBytes how much is quoted from the ICMP header on, 8 being the least that routers quote */
        public void error(int type, int code, long routerHigh, long routerLow, int quotedIcmpBytes, long delayNanos) {
            byte[] quotedIcmp = TestPackets.cut(requestPacket(), quotedIcmpBytes);
            byte[] quote = v6
                    ? TestPackets.inV6(request.high(), request.low(), quotedIcmp)
                    : TestPackets.inV4(20, 0x0a000001, request.low(), quotedIcmp);
            send(TestPackets.error(v6, type, code, quote), routerHigh, routerLow, delayNanos);
        }

        private byte[] requestPacket() {
            return TestPackets.request(
                    codec,
                    request.identifier(),
                    request.cookie(),
                    request.sequence(),
                    request.wallNanos(),
                    request.stamp());
        }

        private void send(byte[] icmp, long high, long low, long delayNanos) {
            deliver(v6 ? icmp : TestPackets.inV4(20, low, 0x0a000001, icmp), high, low, delayNanos);
        }
    }

    // What the engine does.

    @Override
    public synchronized int interfaceIndex(String name) {
        interfaceLookups++;
        return interfaceIndexes.computeIfAbsent(
                name, unknown -> unknown.matches("[0-9]+") ? Integer.parseInt(unknown) : 1);
    }

    @Override
    public synchronized void refreshBinding() {
        bindingRefreshes++;
        bindingProblemFound = bindingProblem;
    }

    @Override
    public synchronized @Nullable String bindingProblem() {
        return bindingProblemFound;
    }

    @Override
    public boolean accepts(int identifier) {
        return identifiers.accepts(identifier);
    }

    @Override
    public boolean isV6() {
        return v6;
    }

    @Override
    public synchronized int sendEcho(
            long high,
            long low,
            int scopeId,
            int cookie,
            int sequence,
            long sentWallNanos,
            long sentNanos,
            boolean isSilent) {
        if (isSilent ? isSilentGroupFull : isAnsweringGroupFull) {
            refusedForRoom++;
            return SendErrors.EAGAIN;
        }
        return send(new Sent(high, low, scopeId, cookie, sequence, identifiers.current(), sentWallNanos, sentNanos));
    }

    private int send(Sent request) {
        if (closed) {
            return SendErrors.EBADF;
        }
        if (failingSends > 0) {
            failingSends--;
            return failingErrno;
        }
        if (sendsLeft == 0) {
            return errnoAfterwards;
        }
        int errno = errnoByDestination.getOrDefault(new Address(request.high(), request.low()), 0);
        if (errno == 0) {
            sendsLeft -= sendsLeft == Integer.MAX_VALUE ? 0 : 1;
            sent.add(request);
            stamp(request);
            network.sent(request, new Answers(request));
        }
        return errno;
    }

    private void stamp(Sent request) {
        boolean isQueueStamped = isQueueStampDue;
        isQueueStampDue = false;
        if (!isQueueStamped && (stampEvery == 0 || --untilStamp > 0)) {
            return;
        }
        untilStamp = stampEvery;
        if (heldNanos != null) {
            long held = heldNanos.applyAsLong(request);
            if (held < 0) {
                return;
            }
            if (isQueueStamped) {
                addStamp(request, 0, true);
            }
            addStamp(request, held, false);
        } else if (transmitDelays != null) {
            deliverTransmitted(framed(request), request.wallNanos() + transmitDelays.applyAsLong(request));
        }
    }

    private void addStamp(Sent request, long afterNanos, boolean isQueueStamp) {
        transmitted.add(new Transmitted(
                ByteBuffer.wrap(framed(request)),
                request.wallNanos() + afterNanos,
                monotonicNanos.getAsLong() + afterNanos,
                isQueueStamp));
    }

    /** With something of another length in front, as link-layer and IP headers have. */
    private byte[] framed(Sent request) {
        byte[] icmp = TestPackets.request(
                codec,
                request.identifier(),
                request.cookie(),
                request.sequence(),
                request.wallNanos(),
                request.stamp());
        byte[] packet = new byte[34 + icmp.length];
        System.arraycopy(icmp, 0, packet, 34, icmp.length);
        return packet;
    }

    @Override
    public synchronized void stampQueueing() {
        queueStampsAsked++;
        isQueueStampDue = true;
    }

    @Override
    public synchronized void transmitStamps(int every) {
        stampEvery = every;
        untilStamp = every;
    }

    @Override
    public synchronized boolean canStampTransmits() {
        return !refusesStamps;
    }

    @Override
    public int receiveTransmitStamps(IcmpHandler handler) {
        List<Transmitted> batch = new ArrayList<>();
        synchronized (this) {
            long now = monotonicNanos.getAsLong();
            for (var each = transmitted.iterator();
                    !closed
                            && each.hasNext()
                            && batch.size() < options.buffers().receiveBatch(); ) {
                Transmitted next = each.next();
                if (next.dueNanos - now <= 0) {
                    each.remove();
                    batch.add(next);
                }
            }
        }
        for (Transmitted next : batch) {
            decoder.decodeTransmitted(
                    next.packet, 0, next.packet.capacity(), next.stampNanos, next.isQueueStamp, handler);
        }
        return batch.size();
    }

    @Override
    public synchronized boolean queueEcho(
            long high, long low, int scopeId, int cookie, int sequence, long sentWallNanos, long sentNanos) {
        return queued.size() < options.buffers().sendBatch()
                && queued.add(new Sent(
                        high, low, scopeId, cookie, sequence, identifiers.current(), sentWallNanos, sentNanos));
    }

    @Override
    public synchronized int flush(SendFailures failures) {
        int count = 0;
        for (Sent next = queued.poll(); next != null; next = queued.poll()) {
            int errno = isAnsweringGroupFull ? SendErrors.EAGAIN : send(next);
            if (errno == 0) {
                count++;
            } else {
                failures.sendFailed(next.cookie(), next.sequence(), next.stamp(), errno);
            }
        }
        return count;
    }

    @Override
    public synchronized void changeIdentifier(int newIdentifier) {
        if (newIdentifier != identifiers.current()) {
            identifiers.change(newIdentifier);
        }
    }

    @Override
    public int receive(IcmpHandler handler) {
        long wallMinusMonotonic;
        List<Arrival> batch = new ArrayList<>();
        synchronized (this) {
            long now = monotonicNanos.getAsLong();
            wallMinusMonotonic = wallNanos.getAsLong() - now;
            while (!closed && batch.size() < options.buffers().receiveBatch()) {
                Arrival next = arrivals.peek();
                if (next == null || next.dueNanos - now > 0) {
                    break;
                }
                arrivals.remove();
                if (passesFilter(next.packet)) {
                    batch.add(next);
                }
            }
        }
        for (Arrival arrival : batch) {
            decode(arrival, arrival.dueNanos + wallMinusMonotonic, handler);
        }
        return batch.size();
    }

    private void decode(Arrival arrival, long stampNanos, IcmpHandler handler) {
        ByteBuffer packet = arrival.packet;
        int length = packet.capacity();
        if (v6) {
            decoder.decodeV6(packet, 0, length, stampNanos, arrival.sourceHigh, arrival.sourceLow, HOP_LIMIT, handler);
        } else {
            decoder.decodeV4(packet, 0, length, stampNanos, handler);
        }
    }

    private boolean passesFilter(ByteBuffer packet) {
        int icmp = v6 ? 0 : (packet.get(0) & 0xf) * 4;
        if (packet.capacity() < icmp + EchoCodec.HEADER_BYTES
                || (packet.get(icmp) & 0xff) != (v6 ? EchoCodec.V6_REPLY : EchoCodec.V4_REPLY)) {
            return true;
        }
        return identifiers.accepts(packet.getShort(icmp + EchoCodec.IDENTIFIER) & 0xffff);
    }

    @Override
    public int receiveBufferBytes() {
        return options.buffers().receiveBytes();
    }

    @Override
    public synchronized long kernelDrops() {
        return kernelDropsTold;
    }

    @Override
    public void refreshKernelDrops() {
        beforeRefreshOfDrops.run();
        synchronized (this) {
            kernelDropsTold = kernelDrops;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
