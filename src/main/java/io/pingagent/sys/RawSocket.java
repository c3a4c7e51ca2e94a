package io.pingagent.sys;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A raw socket's descriptor, non-blocking.
 *
 * <p>One thread may send while another receives, each with messages of its own. Options are set by the thread that
 * opens, later by the sending one. After {@link #close()} every call fails with EBADF. Nobody may still be inside a
 * call then, because the kernel gives the number to the next file opened.
 */
public final class RawSocket implements AutoCloseable {

    private static final int CLOSED = -1;
    private static final int MEMORY_INFO_BYTES = 36;
    private static final int MEMORY_INFO_SEND_BYTES = 8;
    private static final int MEMORY_INFO_DROPS = 32;
    private static final int SEND_FLAGS = SocketConstants.MSG_DONTWAIT | SocketConstants.MSG_NOSIGNAL;

    private final AtomicInteger descriptor;
    private final NativeMemory optionValue = new NativeMemory(64);
    private final NativeMemory optionLength = new NativeMemory(8);
    private @Nullable SocketAddresses local;
    /** For the receiving thread; of a socket that only sends, for the sending one. */
    private final NativeMemory memoryInfo = new NativeMemory(64);

    private final NativeMemory memoryInfoLength = new NativeMemory(8);

    /** Written by the thread that opens. */
    private volatile int sendBufferBytes;

    private RawSocket(int descriptor) {
        this.descriptor = new AtomicInteger(descriptor);
    }

    /**
     * @param family {@link SocketConstants#AF_INET} or {@link SocketConstants#AF_INET6}
     * @param protocol {@link SocketConstants#IPPROTO_ICMP}, {@link SocketConstants#IPPROTO_ICMPV6} or {@link
     *     SocketConstants#IPPROTO_RAW}
     * @throws UnsupportedOperationException on anything but 64-bit little-endian Linux
     */
    public static RawSocket open(int family, int protocol) throws NativeCallException {
        int type = SocketConstants.SOCK_RAW | SocketConstants.SOCK_NONBLOCK | SocketConstants.SOCK_CLOEXEC;
        int descriptor = Libc.socket(family, type, protocol);
        if (descriptor < 0) {
            throw new NativeCallException("socket", Libc.lastErrno());
        }
        return new RawSocket(descriptor);
    }

    /** @param name as in the header, for the message */
    public void setOption(String name, int level, int option, int value) throws NativeCallException {
        optionValue.bytes().putInt(0, value);
        check("setsockopt " + name, setOption(level, option, Integer.BYTES));
    }

    /**
     * @param name as in the header, for the message
     * @param value at most 64 bytes
     */
    public void setOption(String name, int level, int option, byte[] value) throws NativeCallException {
        optionValue.bytes().put(0, value);
        check("setsockopt " + name, setOption(level, option, value.length));
    }

    private int setOption(int level, int option, int length) {
        try {
            return Libc.setsockopt(descriptor.get(), level, option, optionValue.address(0), length);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** @param name as in the header, for the message */
    public int option(String name, int level, int option) throws NativeCallException {
        optionLength.bytes().putInt(0, Integer.BYTES);
        try {
            check(
                    "getsockopt " + name,
                    Libc.getsockopt(descriptor.get(), level, option, optionValue.address(0), optionLength.address(0)));
            return optionValue.bytes().getInt(0);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Asks for a send buffer of this size; the kernel may grant less. By the thread that opens. */
    public void requestSendBuffer(int bytes) throws NativeCallException {
        // The kernel doubles what it is asked for and reads back the double.
        int half = bytes / 2;
        try {
            setOption("SO_SNDBUFFORCE", SocketConstants.SOL_SOCKET, SocketConstants.SO_SNDBUFFORCE, half);
        } catch (NativeCallException needsNetAdmin) {
            setOption("SO_SNDBUF", SocketConstants.SOL_SOCKET, SocketConstants.SO_SNDBUF, half);
        }
        sendBufferBytes = option("SO_SNDBUF", SocketConstants.SOL_SOCKET, SocketConstants.SO_SNDBUF);
    }

    /** The send buffer as read back by {@link #requestSendBuffer}, else 0. For the sending thread. */
    public int sendBufferBytes() {
        return sendBufferBytes;
    }

    /** Replaces the socket filter, from one packet to the next. */
    public void attach(SocketFilter filter) throws NativeCallException {
        try {
            check(
                    "setsockopt SO_ATTACH_FILTER",
                    Libc.setsockopt(
                            descriptor.get(),
                            SocketConstants.SOL_SOCKET,
                            SocketConstants.SO_ATTACH_FILTER,
                            filter.address(),
                            filter.programBytes()));
        } finally {
            Reference.reachabilityFence(filter);
        }
    }

    /**
     * Binds to a local address, also again; always of the same family; see {@link OutgoingMessages#destination} for the
     * parameters.
     */
    public void bind(boolean v6, long high, long low, int scopeId) throws NativeCallException {
        if (local == null) {
            // Kept: the binding is renewed every few seconds.
            local = new SocketAddresses(v6, 1);
        }
        local.put(0, high, low, scopeId);
        try {
            check("bind", Libc.bind(descriptor.get(), local.address(0), local.length()));
        } finally {
            Reference.reachabilityFence(local);
        }
    }

    /** Sends one packet without waiting: 0 or the positive errno. */
    public int send(OutgoingMessages messages, int index) {
        try {
            long result = Libc.sendmsg(descriptor.get(), messages.headerAddress(index), SEND_FLAGS);
            return result < 0 ? Libc.lastErrno() : 0;
        } finally {
            Reference.reachabilityFence(messages);
        }
    }

    /**
     * Sends packets {@code from} to {@code to - 1} without waiting: how many were taken, or the negative errno of the
     * first.
     */
    public int send(OutgoingMessages messages, int from, int to) {
        try {
            int result = Libc.sendmmsg(descriptor.get(), messages.headerAddress(from), to - from, SEND_FLAGS);
            return result < 0 ? -Libc.lastErrno() : result;
        } finally {
            Reference.reachabilityFence(messages);
        }
    }

    /** Reads a batch without waiting: how many packets, 0 when there was none, or the negative errno. */
    public int receive(IncomingMessages messages) {
        return receive(messages, SocketConstants.MSG_DONTWAIT);
    }

    /** The same for the stamps of packets that were sent; see {@link OutgoingMessages#stamp}. */
    public int receiveTransmitted(IncomingMessages messages) {
        return receive(messages, SocketConstants.MSG_DONTWAIT | SocketConstants.MSG_ERRQUEUE);
    }

    private int receive(IncomingMessages messages, int flags) {
        try {
            int result = Libc.recvmmsg(descriptor.get(), messages.headerAddress(), messages.capacity(), flags, 0);
            if (result >= 0) {
                return result;
            }
            int errno = Libc.lastErrno();
            return errno == Errno.EAGAIN || errno == Errno.EINTR ? 0 : -errno;
        } finally {
            Reference.reachabilityFence(messages);
        }
    }

    /**
     * Packets dropped so far, all 32 bits; 0 where the kernel does not say (before Linux 4.12). For the receiving
     * thread.
     *
     * <pre>{@code
     * u32 meminfo[9];              // SOL_SOCKET, SO_MEMINFO; from linux/sock_diag.h
     *                              //  8  SK_MEMINFO_WMEM_ALLOC
     *                              // 32  SK_MEMINFO_DROPS
     * }</pre>
     */
    public int drops() {
        return memoryInfo(MEMORY_INFO_DROPS);
    }

    /**
     * Bytes of sent packets that the kernel still holds, by its own accounting; 0 where it does not say (before Linux
     * 4.12). Only of a socket that nobody receives from; for the sending thread.
     */
    public int sendBytesHeld() {
        return memoryInfo(MEMORY_INFO_SEND_BYTES);
    }

    private int memoryInfo(int offset) {
        memoryInfoLength.bytes().putInt(0, MEMORY_INFO_BYTES);
        try {
            int result = Libc.getsockopt(
                    descriptor.get(),
                    SocketConstants.SOL_SOCKET,
                    SocketConstants.SO_MEMINFO,
                    memoryInfo.address(0),
                    memoryInfoLength.address(0));
            boolean isKnown = result == 0 && memoryInfoLength.bytes().getInt(0) == MEMORY_INFO_BYTES;
            return isKnown ? memoryInfo.bytes().getInt(offset) : 0;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    public boolean isOpen() {
        return descriptor.get() != CLOSED;
    }

    @Override
    public void close() {
        int open = descriptor.getAndSet(CLOSED);
        if (open != CLOSED) {
            // Linux frees the descriptor whatever close returns.
            Libc.close(open);
        }
    }

    private static void check(String call, int result) throws NativeCallException {
        if (result < 0) {
            throw new NativeCallException(call, Libc.lastErrno());
        }
    }
}
