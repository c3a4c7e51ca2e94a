package io.pingagent.icmp.sys;

import java.nio.ByteBuffer;

/** Packets of one fixed length with their destinations, ready for the kernel. Owned by the sending thread. */
public final class OutgoingMessages {

    private final int capacity;
    private final int packetBytes;
    private final NativeMemory memory;
    private final ByteBuffer packets;
    private final SocketAddresses destinations;
    private final MessageHeaders headers;

    public OutgoingMessages(boolean v6, int capacity, int packetBytes) {
        this.capacity = capacity;
        this.packetBytes = packetBytes;
        memory = new NativeMemory(capacity * stride(packetBytes));
        packets = memory.packets();
        destinations = new SocketAddresses(v6, capacity);
        headers = new MessageHeaders(capacity);
        for (int i = 0; i < capacity; i++) {
            headers.packet(i, packetAddress(i), packetBytes);
            headers.name(i, destinations.address(i), destinations.length());
        }
    }

    public int capacity() {
        return capacity;
    }

    /** All packets, in network byte order; packet {@code index} starts at {@link #packetOffset}. */
    public ByteBuffer packets() {
        return packets;
    }

    public int packetOffset(int index) {
        return index * stride(packetBytes);
    }

    public void destination(int index, long high, long low, int scopeId) {
        destinations.put(index, high, low, scopeId);
    }

    int packetBytes() {
        return packetBytes;
    }

    long packetAddress(int index) {
        return memory.address(packetOffset(index));
    }

    long destinationAddress(int index) {
        return destinations.address(index);
    }

    int destinationLength() {
        return destinations.length();
    }

    long headerAddress(int index) {
        return headers.address(index);
    }

    private static int stride(int packetBytes) {
        return (packetBytes + 7) & ~7;
    }
}
