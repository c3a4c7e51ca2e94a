package io.pingagent.icmp;

import io.pingagent.base.OwnedBy;
import io.pingagent.sys.Errno;
import io.pingagent.sys.IncomingMessages;
import io.pingagent.sys.NativeCallException;
import io.pingagent.sys.OutgoingMessages;
import io.pingagent.sys.OutgoingMessages.Stamps;
import io.pingagent.sys.RawSocket;
import io.pingagent.sys.SocketConstants;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The kernel's raw sockets: one receives, others send. Threads and closing as {@link IcmpSocket} says. */
final class RawIcmpSocket implements IcmpSocket {

    /** Longest IPv4 header. */
    private static final int MAX_IP_HEADER_BYTES = 60;
    /** What an ICMPv6 error fills, and more than an ICMPv4 one does. */
    private static final int MAX_ERROR_BYTES = 1_280;
    /** InfiniBand and tunnels have longer ones than Ethernet's 14. */
    private static final int MAX_LINK_HEADER_BYTES = 128;

    private static final int STAMP_BATCH = 64;

    private final boolean v6;
    private final RawSocket socket;
    private final EchoCodec codec;
    private final EchoIdentifiers identifiers;
    private final int receiveBufferBytes;
    private volatile boolean canStampTransmits;
    private final SendSockets answering;
    private final SendSockets silent;
    private final boolean sendsWholePackets;
    /** Where the ICMP part of a packet begins. */
    private final int icmpOffset;

    private final DeviceBinding binding;
    private final OutgoingMessages single;
    private final OutgoingMessages batch;
    private final int[] queuedCookies;
    private final int[] queuedSequences;
    private final long[] queuedStamps;

    @OwnedBy("ping-send")
    private int queued;

    @OwnedBy("ping-send")
    private int stampEvery;

    @OwnedBy("ping-send")
    private int untilStamp;

    @OwnedBy("ping-send")
    private boolean isQueueStampDue;

    private final IncomingMessages incoming;
    private final IncomingMessages transmitted;
    private final PacketDecoder decoder;

    @OwnedBy("ping-recv")
    private int lastDrops;

    /** Place in {@link #incoming} of the packet that is being handed over. */
    @OwnedBy("ping-recv")
    private int current;

    private final AtomicLong kernelDrops = new AtomicLong();

    /**
     * @param identifier first ICMP identifier, 1 to 65,535
     * @param opened belongs to this object from now on
     */
    RawIcmpSocket(boolean v6, IcmpOptions options, EchoKey key, int identifier, Opened opened) {
        this.v6 = v6;
        socket = opened.receiver;
        answering = opened.senders.answering;
        silent = opened.senders.silent;
        sendsWholePackets = opened.senders.sendsWholePackets;
        icmpOffset = sendsWholePackets ? V4Header.BYTES : 0;
        binding = opened.binding;
        receiveBufferBytes = opened.granted.receiveBufferBytes();
        canStampTransmits = opened.granted.stampsTransmits();
        codec = new EchoCodec(v6, options.payloadBytes(), key);
        identifiers = new EchoIdentifiers(identifier);
        single = messages(1, options);
        batch = messages(options.buffers().sendBatch(), options);
        queuedCookies = new int[batch.capacity()];
        queuedSequences = new int[batch.capacity()];
        queuedStamps = new long[batch.capacity()];
        int room = MAX_IP_HEADER_BYTES + Math.max(codec.packetBytes(), MAX_ERROR_BYTES);
        incoming = new IncomingMessages(v6, options.buffers().receiveBatch(), room);
        transmitted = new IncomingMessages(
                v6, STAMP_BATCH, MAX_LINK_HEADER_BYTES + MAX_IP_HEADER_BYTES + codec.packetBytes());
        decoder = new PacketDecoder(v6, codec, identifiers);
    }

    /**
     * What the kernel gave, ready for use.
     *
     * @param binding of all these sockets
     */
    record Opened(RawSocket receiver, Senders senders, DeviceBinding binding, SocketSetup.Granted granted) {}

    /**
     * What sends, in two groups of sockets.
     *
     * @param answering for addresses that are known to answer
     * @param silent for the others
     * @param sendsWholePackets whether packets begin with an IPv4 header of ours
     */
    record Senders(SendSockets answering, SendSockets silent, boolean sendsWholePackets) {}

    private OutgoingMessages messages(int capacity, IcmpOptions options) {
        OutgoingMessages messages = new OutgoingMessages(v6, capacity, icmpOffset + codec.packetBytes());
        for (int i = 0; i < capacity; i++) {
            int offset = messages.packetOffset(i);
            if (sendsWholePackets) {
                V4Header.prepare(messages.packets(), offset, options.marking());
            }
            codec.prepare(messages.packets(), offset + icmpOffset);
        }
        return messages;
    }

    @Override
    public boolean isV6() {
        return v6;
    }

    @Override
    public int sendEcho(
            long high, long low, int scopeId, int cookie, int sequence, long wallNanos, long stamp, boolean isSilent) {
        write(single, 0, high, low, scopeId, cookie, sequence, wallNanos, stamp);
        SendSockets sockets = isSilent ? silent : answering;
        int errno = sockets.send(single, 0);
        return errno == Errno.EINVAL && single.isStamped(0) ? sendUnstamped(sockets, single, 0) : errno;
    }

    private void write(
            OutgoingMessages messages,
            int index,
            long high,
            long low,
            int scopeId,
            int cookie,
            int sequence,
            long wallNanos,
            long stamp) {
        messages.destination(index, high, low, scopeId);
        int offset = messages.packetOffset(index);
        if (sendsWholePackets) {
            V4Header.destination(messages.packets(), offset, low);
        }
        codec.encode(
                messages.packets(), offset + icmpOffset, identifiers.current(), cookie, sequence, wallNanos, stamp);
        messages.stamp(index, stampsDue());
    }

    @Override
    public boolean queueEcho(long high, long low, int scopeId, int cookie, int sequence, long wallNanos, long stamp) {
        int index = queued;
        if (index == queuedCookies.length) {
            return false;
        }
        write(batch, index, high, low, scopeId, cookie, sequence, wallNanos, stamp);
        queuedCookies[index] = cookie;
        queuedSequences[index] = sequence;
        queuedStamps[index] = stamp;
        queued = index + 1;
        return true;
    }

    @Override
    public int flush(SendFailures failures) {
        int count = queued;
        queued = 0;
        int sent = 0;
        for (int next = 0; next < count; ) {
            int result = answering.send(batch, next, count);
            if (result == -Errno.EINVAL && batch.isStamped(next)) {
                int errno = sendUnstamped(answering, batch, next);
                result = errno == 0 ? 1 : -errno;
            }
            if (result > 0) {
                sent += result;
                next += result;
            } else {
                failures.sendFailed(queuedCookies[next], queuedSequences[next], queuedStamps[next], -result);
                next++;
            }
        }
        return sent;
    }

    @Override
    public boolean accepts(int identifier) {
        return identifiers.accepts(identifier);
    }

    @Override
    public int interfaceIndex(String name) {
        return binding.interfaceIndex(name);
    }

    @Override
    public void refreshBinding() {
        binding.refresh();
    }

    @Override
    public @Nullable String bindingProblem() {
        return binding.problem();
    }

    @Override
    public void transmitStamps(int every) {
        stampEvery = canStampTransmits ? every : 0;
        untilStamp = every;
    }

    @Override
    public boolean canStampTransmits() {
        return canStampTransmits;
    }

    @Override
    public void stampQueueing() {
        isQueueStampDue = canStampTransmits;
    }

    private Stamps stampsDue() {
        if (isQueueStampDue) {
            isQueueStampDue = false;
            return Stamps.QUEUED_AND_TRANSMITTED;
        }
        if (stampEvery == 0) {
            return Stamps.NONE;
        }
        untilStamp--;
        if (untilStamp > 0) {
            return Stamps.NONE;
        }
        untilStamp = stampEvery;
        return Stamps.TRANSMITTED;
    }

    /**
     * A packet that the kernel found invalid; if it was for the wish to have it stamped, there will be no more of them.
     */
    private int sendUnstamped(SendSockets sockets, OutgoingMessages messages, int index) {
        messages.stamp(index, Stamps.NONE);
        int errno = sockets.send(messages, index);
        if (errno != Errno.EINVAL) {
            canStampTransmits = false;
            stampEvery = 0;
        }
        return errno;
    }

    @Override
    public int receiveTransmitStamps(IcmpHandler handler) {
        return receiveTransmitStamps(answering, handler) + receiveTransmitStamps(silent, handler);
    }

    private int receiveTransmitStamps(SendSockets sockets, IcmpHandler handler) {
        int count = 0;
        for (RawSocket sender : sockets.open()) {
            count += receiveTransmitStamps(sender, handler);
        }
        return count;
    }

    private int receiveTransmitStamps(RawSocket sender, IcmpHandler handler) {
        int count = sender.receiveTransmitted(transmitted);
        if (count <= 0) {
            return nothingReceived(count);
        }
        try {
            for (int i = 0; i < count; i++) {
                transmitted.readControl(i);
                if (!transmitted.truncated(i)) {
                    decoder.decodeTransmitted(
                            transmitted.packets(),
                            transmitted.packetOffset(i),
                            transmitted.length(i),
                            transmitted.stampNanos(),
                            transmitted.isQueueStamp(),
                            handler);
                }
            }
        } finally {
            transmitted.rearm(count);
        }
        return count;
    }

    @Override
    public void changeIdentifier(int newIdentifier) {
        EchoIdentifiers.checked(newIdentifier);
        int current = identifiers.current();
        if (newIdentifier == current) {
            return;
        }
        // The filter first: a reply to the new identifier must find both doors open.
        try {
            socket.attach(EchoFilters.repliesTo(v6, newIdentifier, current));
        } catch (NativeCallException e) {
            throw IcmpSocketException.ofCall(e.call(), e.errno());
        }
        identifiers.change(newIdentifier);
    }

    @Override
    public int receive(IcmpHandler handler) {
        int count = socket.receive(incoming);
        if (count <= 0) {
            return nothingReceived(count);
        }
        try {
            for (int i = 0; i < count; i++) {
                decode(i, handler);
            }
        } finally {
            incoming.rearm(count);
        }
        return count;
    }

    @Override
    public void reportTrafficClass() {
        if (!v6) {
            // The IPv4 header is part of the packet.
            return;
        }
        try {
            socket.setOption("IPV6_RECVTCLASS", SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_RECVTCLASS, 1);
        } catch (NativeCallException e) {
            throw IcmpSocketException.ofCall(e.call(), e.errno());
        }
    }

    @Override
    public int trafficClass() {
        return v6
                ? incoming.trafficClass(current)
                : incoming.packets().get(incoming.packetOffset(current) + V4Header.TOS) & 0xff;
    }

    private void decode(int index, IcmpHandler handler) {
        current = index;
        incoming.readControl(index);
        countDrops(incoming.drops());
        if (incoming.truncated(index)) {
            handler.rejected(Rejection.LENGTH);
            return;
        }
        int offset = incoming.packetOffset(index);
        int length = incoming.length(index);
        if (v6) {
            decoder.decodeV6(
                    incoming.packets(),
                    offset,
                    length,
                    incoming.stampNanos(),
                    incoming.sourceHigh(index),
                    incoming.sourceLow(index),
                    incoming.hopLimit(),
                    handler);
        } else {
            decoder.decodeV4(incoming.packets(), offset, length, incoming.stampNanos(), handler);
        }
    }

    private int nothingReceived(int negativeErrno) {
        switch (-negativeErrno) {
            case 0,
                    Errno.ENETDOWN,
                    Errno.ENETUNREACH,
                    Errno.EHOSTUNREACH,
                    Errno.EHOSTDOWN,
                    Errno.ECONNREFUSED,
                    Errno.EPROTO,
                    Errno.EMSGSIZE,
                    Errno.ETIMEDOUT,
                    Errno.ENOPROTOOPT,
                    Errno.EACCES,
                    Errno.EPERM,
                    Errno.ENOMEM,
                    Errno.ENOBUFS -> {
                // An error left on the socket by an earlier packet, cleared by reading it, or memory short for a
                // moment.
                return 0;
            }
            default -> {
                if (!socket.isOpen()) {
                    return 0;
                }
                throw IcmpSocketException.ofCall("recvmmsg", -negativeErrno);
            }
        }
    }

    /** The count is taken by whichever CPU queues the packet, so it may step back a little. */
    private void countDrops(int drops) {
        int added = drops - lastDrops;
        if (drops != 0 && added > 0) {
            lastDrops = drops;
            kernelDrops.lazySet(kernelDrops.get() + added);
        }
    }

    @Override
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    @Override
    public long kernelDrops() {
        return kernelDrops.get();
    }

    @Override
    public void refreshKernelDrops() {
        countDrops(socket.drops());
    }

    @Override
    public void close() {
        answering.close();
        silent.close();
        socket.close();
        binding.close();
    }

    @Override
    public String toString() {
        return v6 ? "raw ICMPv6 socket" : "raw ICMP socket";
    }
}
