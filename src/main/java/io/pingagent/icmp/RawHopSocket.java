package io.pingagent.icmp;

import io.pingagent.base.OwnedBy;
import io.pingagent.sys.IncomingMessages;
import io.pingagent.sys.NativeCallException;
import io.pingagent.sys.OutgoingMessages;
import io.pingagent.sys.RawSocket;
import io.pingagent.sys.SocketConstants;

/** The kernel's raw sockets: one receives, the other sends. */
@OwnedBy("caller")
final class RawHopSocket implements HopSocket {

    private static final int RECEIVE_BATCH = 64;
    private static final int MAX_IP_HEADER_BYTES = 60;
    /** What an ICMPv6 error fills, and more than an ICMPv4 one does. */
    private static final int MAX_ERROR_BYTES = 1_280;
    /** A socket that takes errors reports each of them once, at the next call, instead of sending. */
    private static final int MOST_TRIES = 4;

    private final boolean v6;
    private final RawSocket receiver;
    private final RawSocket sender;
    private final DeviceBinding binding;
    private final boolean sendsWholePackets;
    private final int icmpOffset;
    private final int identifier;
    private final EchoCodec codec;
    private final PacketDecoder decoder;
    private final OutgoingMessages outgoing;
    private final IncomingMessages incoming;
    private int hopLimitSet;
    private long stampNanos;

    /**
     * @param identifier 1 to 65,535
     * @throws IcmpPermissionException if a right is missing, naming it
     * @throws IcmpSocketException if the kernel refuses anything else
     */
    RawHopSocket(boolean v6, IcmpOptions options, EchoKey key, int identifier) {
        this.v6 = v6;
        this.identifier = EchoIdentifiers.checked(identifier);
        binding = new DeviceBinding(v6, options.source());
        SocketSetup setup = new SocketSetup(v6, options, binding);
        sendsWholePackets = setup.sendsWholePackets();
        icmpOffset = sendsWholePackets ? V4Header.BYTES : 0;
        codec = new EchoCodec(v6, options.payloadBytes(), key);
        decoder = new PacketDecoder(v6, codec, new EchoIdentifiers(identifier));
        outgoing = new OutgoingMessages(v6, 1, icmpOffset + codec.packetBytes());
        if (sendsWholePackets) {
            V4Header.prepare(outgoing.packets(), outgoing.packetOffset(0), options.marking());
        }
        codec.prepare(outgoing.packets(), outgoing.packetOffset(0) + icmpOffset);
        incoming = new IncomingMessages(
                v6, RECEIVE_BATCH, MAX_IP_HEADER_BYTES + Math.max(codec.packetBytes(), MAX_ERROR_BYTES));
        receiver = setup.open();
        boolean done = false;
        try {
            if (v6) {
                binding.openLookup();
            }
            setup.configure(receiver, identifier);
            receiver.attach(EchoFilters.answersTo(v6, identifier));
            sender = setup.openSender();
            done = true;
        } catch (NativeCallException e) {
            throw IcmpSocketException.ofCall(e.call(), e.errno());
        } finally {
            if (!done) {
                receiver.close();
                binding.close();
            }
        }
    }

    @Override
    public boolean isV6() {
        return v6;
    }

    @Override
    public int send(
            long high, long low, int scopeId, int hopLimit, int cookie, int sequence, long wallNanos, long stamp) {
        outgoing.destination(0, high, low, scopeId);
        int offset = outgoing.packetOffset(0);
        if (sendsWholePackets) {
            V4Header.destination(outgoing.packets(), offset, low);
            V4Header.hopLimit(outgoing.packets(), offset, hopLimit);
        } else if (hopLimitSet != hopLimit) {
            try {
                setHopLimit(hopLimit);
            } catch (NativeCallException e) {
                return e.errno();
            }
        }
        codec.encode(outgoing.packets(), offset + icmpOffset, identifier, cookie, sequence, wallNanos, stamp);
        int errno = sender.send(outgoing, 0);
        for (int tries = 1; errno != 0 && !sendsWholePackets && tries < MOST_TRIES; tries++) {
            errno = sender.send(outgoing, 0);
        }
        return errno;
    }

    private void setHopLimit(int hopLimit) throws NativeCallException {
        if (v6) {
            sender.setOption(
                    "IPV6_UNICAST_HOPS", SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_UNICAST_HOPS, hopLimit);
        } else {
            sender.setOption("IP_TTL", SocketConstants.IPPROTO_IP, SocketConstants.IP_TTL, hopLimit);
        }
        hopLimitSet = hopLimit;
    }

    @Override
    public int receive(IcmpHandler handler) {
        int count = receiver.receive(incoming);
        if (count <= 0) {
            // An error left on the socket by an earlier packet is cleared by reading it.
            return 0;
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

    private void decode(int index, IcmpHandler handler) {
        incoming.readControl(index);
        stampNanos = incoming.stampNanos();
        int offset = incoming.packetOffset(index);
        int length = incoming.length(index);
        if (incoming.truncated(index)) {
            handler.rejected(Rejection.LENGTH);
        } else if (v6) {
            decoder.decodeV6(
                    incoming.packets(),
                    offset,
                    length,
                    stampNanos,
                    incoming.sourceHigh(index),
                    incoming.sourceLow(index),
                    incoming.hopLimit(),
                    handler);
        } else {
            decoder.decodeV4(incoming.packets(), offset, length, stampNanos, handler);
        }
    }

    @Override
    public long stampNanos() {
        return stampNanos;
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
    public void close() {
        sender.close();
        receiver.close();
        binding.close();
    }
}
