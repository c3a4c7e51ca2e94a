package io.pingagent.sys;

import java.nio.ByteBuffer;

/**
 * An array of IPv4 or IPv6 socket addresses.
 *
 * <pre>{@code
 * struct sockaddr_in {               // 16 bytes
 *     sa_family_t    sin_family;     //  0  u16, host order
 *     in_port_t      sin_port;       //  2  u16, 0
 *     struct in_addr sin_addr;       //  4  4 bytes, network order
 *     unsigned char  sin_zero[8];    //  8
 * };
 * struct sockaddr_in6 {              // 28 bytes
 *     sa_family_t     sin6_family;   //  0  u16, host order
 *     in_port_t       sin6_port;     //  2  u16, 0
 *     uint32_t        sin6_flowinfo; //  4
 *     struct in6_addr sin6_addr;     //  8  16 bytes, network order
 *     uint32_t        sin6_scope_id; // 24  host order
 * };
 * }</pre>
 */
final class SocketAddresses {

    private static final int FAMILY = 0;
    private static final int V4_ADDRESS = 4;
    private static final int V4_BYTES = 16;
    private static final int V6_ADDRESS = 8;
    private static final int V6_SCOPE_ID = 24;
    private static final int V6_BYTES = 28;
    private static final int STRIDE = 32;

    private final boolean v6;
    private final NativeMemory memory;
    private final ByteBuffer hostOrder;
    private final ByteBuffer networkOrder;

    SocketAddresses(boolean v6, int count) {
        this.v6 = v6;
        memory = new NativeMemory(count * STRIDE);
        hostOrder = memory.bytes();
        networkOrder = memory.packets();
        for (int i = 0; i < count; i++) {
            hostOrder.putShort(i * STRIDE + FAMILY, (short) (v6 ? SocketConstants.AF_INET6 : SocketConstants.AF_INET));
        }
    }

    /** Bytes of one address, as {@code socklen_t}. */
    int length() {
        return v6 ? V6_BYTES : V4_BYTES;
    }

    long address(int index) {
        return memory.address(index * STRIDE);
    }

    void put(int index, long high, long low, int scopeId) {
        int at = index * STRIDE;
        if (v6) {
            networkOrder.putLong(at + V6_ADDRESS, high);
            networkOrder.putLong(at + V6_ADDRESS + Long.BYTES, low);
            hostOrder.putInt(at + V6_SCOPE_ID, scopeId);
        } else {
            networkOrder.putInt(at + V4_ADDRESS, (int) low);
        }
    }

    /** Upper 64 bits of an IPv6 address, 0 for IPv4. */
    long high(int index) {
        return v6 ? networkOrder.getLong(index * STRIDE + V6_ADDRESS) : 0;
    }

    /** Lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 one. */
    long low(int index) {
        return v6
                ? networkOrder.getLong(index * STRIDE + V6_ADDRESS + Long.BYTES)
                : networkOrder.getInt(index * STRIDE + V4_ADDRESS) & 0xffff_ffffL;
    }
}
