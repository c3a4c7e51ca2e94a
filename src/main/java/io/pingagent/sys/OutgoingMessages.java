package io.pingagent.sys;

import io.pingagent.base.OwnedBy;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Packets of one fixed length with their destinations, ready for the kernel.
 *
 * <p>All packets that are to be stamped alike share one control message:
 *
 * <pre>{@code
 * struct cmsghdr {             // padded to 24 bytes
 *     size_t cmsg_len;         //  0  20
 *     int    cmsg_level;       //  8  SOL_SOCKET
 *     int    cmsg_type;        // 12  SO_TIMESTAMPING
 *     u32    flags;            // 16  SOF_TIMESTAMPING_TX_SOFTWARE, for some SOF_TIMESTAMPING_TX_SCHED as well
 * };
 * }</pre>
 */
@OwnedBy("caller")
public final class OutgoingMessages {

    private static final int CONTROL_LENGTH = 0;
    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_TYPE = 12;
    private static final int CONTROL_FLAGS = 16;
    private static final int CONTROL_BYTES = 24;

    private final int capacity;
    private final int packetBytes;
    private final NativeMemory memory;
    private final ByteBuffer packets;
    private final SocketAddresses destinations;
    private final MessageHeaders headers;
    private final NativeMemory transmitControl = control(SocketConstants.TIMESTAMP_TRANSMITTED);
    private final NativeMemory queueControl =
            control(SocketConstants.TIMESTAMP_TRANSMITTED | SocketConstants.TIMESTAMP_QUEUED);
    private final Stamps[] stamps;

    /** What the kernel is to report of a packet. */
    public enum Stamps {
        NONE,
        /** When it is handed to the driver. */
        TRANSMITTED,
        /** When it enters the queue of its device, and when it is handed to the driver. */
        QUEUED_AND_TRANSMITTED
    }

    public OutgoingMessages(boolean v6, int capacity, int packetBytes) {
        this.capacity = capacity;
        this.packetBytes = packetBytes;
        memory = new NativeMemory(capacity * stride(packetBytes));
        packets = memory.packets();
        destinations = new SocketAddresses(v6, capacity);
        headers = new MessageHeaders(capacity);
        stamps = new Stamps[capacity];
        Arrays.fill(stamps, Stamps.NONE);
        for (int i = 0; i < capacity; i++) {
            headers.packet(i, packetAddress(i), packetBytes);
            headers.name(i, destinations.address(i), destinations.length());
            headers.control(i, transmitControl.address(0), 0);
        }
    }

    private static NativeMemory control(int flags) {
        NativeMemory control = new NativeMemory(CONTROL_BYTES);
        control.bytes()
                .putLong(CONTROL_LENGTH, CONTROL_FLAGS + Integer.BYTES)
                .putInt(CONTROL_LEVEL, SocketConstants.SOL_SOCKET)
                .putInt(CONTROL_TYPE, SocketConstants.SO_TIMESTAMPING)
                .putInt(CONTROL_FLAGS, flags);
        return control;
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

    /** What the kernel is to report of this packet; nothing until set, then until changed. */
    public void stamp(int index, Stamps wanted) {
        if (stamps[index] != wanted) {
            stamps[index] = wanted;
            NativeMemory control = wanted == Stamps.QUEUED_AND_TRANSMITTED ? queueControl : transmitControl;
            headers.control(index, control.address(0), wanted == Stamps.NONE ? 0 : CONTROL_BYTES);
        }
    }

    public boolean isStamped(int index) {
        return stamps[index] != Stamps.NONE;
    }

    int packetBytes() {
        return packetBytes;
    }

    long packetAddress(int index) {
        return memory.address(packetOffset(index));
    }

    long headerAddress(int index) {
        return headers.address(index);
    }

    private static int stride(int packetBytes) {
        return (packetBytes + 7) & ~7;
    }
}
