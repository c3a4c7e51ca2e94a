package io.pingagent.sys;

import java.nio.ByteBuffer;

/**
 * An array of message headers, each with one I/O vector.
 *
 * <pre>{@code
 * struct iovec {                     // 16 bytes
 *     void  *iov_base;               //  0
 *     size_t iov_len;                //  8
 * };
 * struct msghdr {                    // 56 bytes
 *     void         *msg_name;        //  0
 *     socklen_t     msg_namelen;     //  8  u32; in: room, out: used
 *     struct iovec *msg_iov;         // 16
 *     size_t        msg_iovlen;      // 24
 *     void         *msg_control;     // 32
 *     size_t        msg_controllen;  // 40  in: room, out: used
 *     int           msg_flags;       // 48  out
 * };
 * struct mmsghdr {                   // 64 bytes
 *     struct msghdr msg_hdr;         //  0
 *     unsigned int  msg_len;         // 56  out: bytes of the packet
 * };
 * }</pre>
 */
final class MessageHeaders {

    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int IOV = 16;
    private static final int IOV_LENGTH = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int PACKET_LENGTH = 56;
    private static final int HEADER_BYTES = 64;

    private static final int IOVEC_BASE = 0;
    private static final int IOVEC_LENGTH = 8;
    private static final int IOVEC_BYTES = 16;

    private final NativeMemory headers;
    private final NativeMemory vectors;
    private final ByteBuffer bytes;

    MessageHeaders(int count) {
        headers = new NativeMemory(count * HEADER_BYTES);
        vectors = new NativeMemory(count * IOVEC_BYTES);
        bytes = headers.bytes();
        for (int i = 0; i < count; i++) {
            bytes.putLong(i * HEADER_BYTES + IOV, vectors.address(i * IOVEC_BYTES));
            bytes.putLong(i * HEADER_BYTES + IOV_LENGTH, 1);
        }
    }

    long address(int index) {
        return headers.address(index * HEADER_BYTES);
    }

    void packet(int index, long address, int length) {
        vectors.bytes().putLong(index * IOVEC_BYTES + IOVEC_BASE, address);
        vectors.bytes().putLong(index * IOVEC_BYTES + IOVEC_LENGTH, length);
    }

    void name(int index, long address, int length) {
        bytes.putLong(index * HEADER_BYTES + NAME, address);
        nameLength(index, length);
    }

    void nameLength(int index, int length) {
        bytes.putInt(index * HEADER_BYTES + NAME_LENGTH, length);
    }

    void control(int index, long address, int length) {
        bytes.putLong(index * HEADER_BYTES + CONTROL, address);
        controlLength(index, length);
    }

    void controlLength(int index, int length) {
        bytes.putLong(index * HEADER_BYTES + CONTROL_LENGTH, length);
    }

    int controlLength(int index) {
        return (int) bytes.getLong(index * HEADER_BYTES + CONTROL_LENGTH);
    }

    int flags(int index) {
        return bytes.getInt(index * HEADER_BYTES + FLAGS);
    }

    int packetLength(int index) {
        return bytes.getInt(index * HEADER_BYTES + PACKET_LENGTH);
    }
}
