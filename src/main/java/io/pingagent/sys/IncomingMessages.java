package io.pingagent.sys;

import io.pingagent.base.OwnedBy;
import java.nio.ByteBuffer;

/**
 * Room for a batch of packets with their sources and control messages.
 *
 * <p>Packets from the error queue are what was sent, from the link-layer header on. Each has the time when it was
 * handed to the driver, or when it entered the queue of its device.
 *
 * <pre>{@code
 * struct cmsghdr {             // 16 bytes, then the data; the next one starts at a multiple of 8
 *     size_t cmsg_len;         //  0  header and data, without padding
 *     int    cmsg_level;       //  8
 *     int    cmsg_type;        // 12
 * };
 * struct timespec {            // SOL_SOCKET, SO_TIMESTAMPNS; SO_TIMESTAMPING has three, of which the first counts
 *     time_t tv_sec;           //  0  s64
 *     long   tv_nsec;          //  8  s64
 * };
 * uint32_t drops;              // SOL_SOCKET, SO_RXQ_OVFL; absent while 0
 * int hop_limit;               // IPPROTO_IPV6, IPV6_HOPLIMIT
 * int traffic_class;           // IPPROTO_IPV6, IPV6_TCLASS; where IPV6_RECVTCLASS asks for it
 * struct sock_extended_err {   // IPPROTO_IP, IP_RECVERR; IPPROTO_IPV6, IPV6_RECVERR: in the error queue
 *     u32 ee_errno;            //  0
 *     u8  ee_origin;           //  4  SO_EE_ORIGIN_TIMESTAMPING
 *     u8  ee_type, ee_code, ee_pad;
 *     u32 ee_info;             //  8  which stamp: SCM_TSTAMP_SND, SCM_TSTAMP_SCHED
 *     u32 ee_data;             // 12
 * };
 * }</pre>
 */
@OwnedBy("caller")
public final class IncomingMessages {

    private static final int LENGTH = 0;
    private static final int LEVEL = 8;
    private static final int TYPE = 12;
    private static final int DATA = 16;
    private static final int NANOSECONDS = DATA + 8;
    private static final int ERROR_ORIGIN = DATA + 4;
    private static final int ERROR_INFO = DATA + 8;
    private static final int ERROR_BYTES = 16;

    /**
     * Stamp 64, drops 24, hop limit 24, traffic class 24; 64 more in the error queue, where there is no traffic class.
     * The rest is for what a later kernel may add.
     */
    private static final int CONTROL_BYTES = 192;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int capacity;
    private final int stride;
    private final NativeMemory memory;
    private final ByteBuffer packets;
    private final SocketAddresses sources;
    private final NativeMemory controlMemory;
    private final ByteBuffer control;
    private final MessageHeaders headers;

    private long stampNanos;
    private int hopLimit;
    private int drops;
    private boolean isQueueStamp;

    /** @param packetBytes longer packets are cut, see {@link #truncated} */
    public IncomingMessages(boolean v6, int capacity, int packetBytes) {
        this.capacity = capacity;
        stride = (packetBytes + 63) & ~63;
        memory = new NativeMemory(capacity * stride);
        packets = memory.packets();
        sources = new SocketAddresses(v6, capacity);
        controlMemory = new NativeMemory(capacity * CONTROL_BYTES);
        control = controlMemory.bytes();
        headers = new MessageHeaders(capacity);
        for (int i = 0; i < capacity; i++) {
            headers.packet(i, memory.address(i * stride), packetBytes);
            headers.name(i, sources.address(i), sources.length());
            headers.control(i, controlMemory.address(i * CONTROL_BYTES), CONTROL_BYTES);
        }
    }

    /** All packets, in network byte order; packet {@code index} starts at {@link #packetOffset}. */
    public ByteBuffer packets() {
        return packets;
    }

    public int packetOffset(int index) {
        return index * stride;
    }

    /** Bytes received of this packet, never more than there is room for. */
    public int length(int index) {
        return headers.packetLength(index);
    }

    /** Whether the packet was longer than the room for it. */
    public boolean truncated(int index) {
        return (headers.flags(index) & SocketConstants.MSG_TRUNC) != 0;
    }

    public long sourceHigh(int index) {
        return sources.high(index);
    }

    public long sourceLow(int index) {
        return sources.low(index);
    }

    /**
     * Reads the control messages of one packet into {@link #stampNanos}, {@link #hopLimit}, {@link #drops} and
     * {@link #isQueueStamp}.
     */
    public void readControl(int index) {
        stampNanos = 0;
        hopLimit = -1;
        drops = 0;
        isQueueStamp = false;
        int start = index * CONTROL_BYTES;
        int end = start + Math.min(headers.controlLength(index), CONTROL_BYTES);
        for (int at = start; at + DATA <= end; ) {
            long length = control.getLong(at + LENGTH);
            if (length < DATA || length > end - at) {
                return;
            }
            readOne(at, (int) length - DATA);
            at += ((int) length + 7) & ~7;
        }
    }

    private void readOne(int at, int dataBytes) {
        int level = control.getInt(at + LEVEL);
        int type = control.getInt(at + TYPE);
        if (level == SocketConstants.SOL_SOCKET) {
            if ((type == SocketConstants.SO_TIMESTAMPNS || type == SocketConstants.SO_TIMESTAMPING)
                    && dataBytes >= 2 * Long.BYTES) {
                stampNanos = control.getLong(at + DATA) * NANOS_PER_SECOND + control.getLong(at + NANOSECONDS);
            } else if (type == SocketConstants.SO_RXQ_OVFL && dataBytes >= Integer.BYTES) {
                drops = control.getInt(at + DATA);
            }
        } else if (level == SocketConstants.IPPROTO_IPV6
                && type == SocketConstants.IPV6_HOPLIMIT
                && dataBytes >= Integer.BYTES) {
            hopLimit = control.getInt(at + DATA);
        } else if (dataBytes >= ERROR_BYTES && isError(level, type)) {
            isQueueStamp = control.get(at + ERROR_ORIGIN) == SocketConstants.SO_EE_ORIGIN_TIMESTAMPING
                    && control.getInt(at + ERROR_INFO) == SocketConstants.SCM_TSTAMP_SCHED;
        }
    }

    private static boolean isError(int level, int type) {
        return level == SocketConstants.IPPROTO_IP && type == SocketConstants.IP_RECVERR
                || level == SocketConstants.IPPROTO_IPV6 && type == SocketConstants.IPV6_RECVERR;
    }

    /** When the kernel received or transmitted the packet, in Unix nanoseconds, 0 if there was no stamp. */
    public long stampNanos() {
        return stampNanos;
    }

    /** Whether the stamp is of the moment at which the packet entered the queue of its device. */
    public boolean isQueueStamp() {
        return isQueueStamp;
    }

    /** IPv6 hop limit, -1 if there was none. */
    public int hopLimit() {
        return hopLimit;
    }

    /**
     * Searches the control messages of one packet for the IPv6 traffic class, 0 to 255; -1 if there is none. Apart from
     * {@link #readControl}, as hardly anybody asks for it.
     */
    public int trafficClass(int index) {
        int start = index * CONTROL_BYTES;
        int end = start + Math.min(headers.controlLength(index), CONTROL_BYTES);
        for (int at = start; at + DATA + Integer.BYTES <= end; ) {
            long length = control.getLong(at + LENGTH);
            if (length < DATA || length > end - at) {
                return -1;
            }
            if (control.getInt(at + LEVEL) == SocketConstants.IPPROTO_IPV6
                    && control.getInt(at + TYPE) == SocketConstants.IPV6_TCLASS
                    && length >= DATA + Integer.BYTES) {
                return control.getInt(at + DATA) & 0xff;
            }
            at += ((int) length + 7) & ~7;
        }
        return -1;
    }

    /** The socket's count of dropped packets, all 32 bits, 0 if there was none. */
    public int drops() {
        return drops;
    }

    /** Makes the first {@code count} headers, which the kernel has filled in, ready for the next batch. */
    public void rearm(int count) {
        for (int i = 0; i < count; i++) {
            headers.nameLength(i, sources.length());
            headers.controlLength(i, CONTROL_BYTES);
        }
    }

    int capacity() {
        return capacity;
    }

    long headerAddress() {
        return headers.address(0);
    }
}
