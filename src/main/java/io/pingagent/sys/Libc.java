package io.pingagent.sys;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.ByteOrder;

/**
 * The C functions, by JNA direct mapping: addresses are plain longs, so that a call makes no garbage. After a failure
 * {@link #lastErrno()} of the same thread has the reason.
 *
 * <p>Every address given here must come from a {@link NativeMemory}. The caller keeps that reachable until the call has
 * returned, because the garbage collector cannot see a raw address.
 */
final class Libc {

    static {
        if (!Platform.isLinux() || !Platform.is64Bit() || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("raw sockets need 64-bit little-endian Linux, this is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
        NativeCode.locate();
        Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    /** {@code int socket(int domain, int type, int protocol)}: descriptor or -1. */
    static native int socket(int domain, int type, int protocol);

    /** {@code int close(int fd)}. */
    static native int close(int fd);

    /** {@code int bind(int fd, const struct sockaddr *address, socklen_t length)}. */
    static native int bind(int fd, long address, int length);

    /** {@code int setsockopt(int fd, int level, int name, const void *value, socklen_t length)}. */
    static native int setsockopt(int fd, int level, int name, long value, int length);

    /** {@code int getsockopt(int fd, int level, int name, void *value, socklen_t *length)}. */
    static native int getsockopt(int fd, int level, int name, long value, long length);

    /** {@code int ioctl(int fd, unsigned long operation, void *argument)}. */
    static native int ioctl(int fd, long operation, long argument);

    /**
     * {@code ssize_t sendto(int fd, const void *packet, size_t bytes, int flags, const struct sockaddr *to, socklen_t
     * length)}.
     */
    static native long sendto(int fd, long packet, long bytes, int flags, long to, int length);

    /** {@code ssize_t sendmsg(int fd, const struct msghdr *message, int flags)}. */
    static native long sendmsg(int fd, long message, int flags);

    /** {@code int sendmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags)}: messages sent or -1. */
    static native int sendmmsg(int fd, long messages, int count, int flags);

    /**
     * {@code int recvmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags, struct timespec *timeout)}:
     * messages received or -1.
     */
    static native int recvmmsg(int fd, long messages, int count, int flags, long timeout);

    /** {@code int clock_gettime(clockid_t clock, struct timespec *time)}. */
    static native int clock_gettime(int clock, long time);

    /** The errno that the last failed call of this thread left. */
    static int lastErrno() {
        return Native.getLastError();
    }
}
