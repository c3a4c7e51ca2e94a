package io.pingagent.testkit;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** The few system calls of the test kit, as JNA direct mappings. Every address is a pointer to native memory. */
final class TestLibc {

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int IPPROTO_ICMP = 1;
    static final int IPPROTO_ICMPV6 = 58;

    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;

    static final int CLONE_NEWNET = 0x4000_0000;

    static final int PR_SET_TIMERSLACK = 29;

    static final int PRIO_PROCESS = 0;

    static final int EINTR = 4;
    static final int EAGAIN = 11;

    static {
        Native.register(TestLibc.class, "c");
    }

    private TestLibc() {}

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native int open(String path, int flags) throws LastErrorException;

    static native int close(int descriptor) throws LastErrorException;

    static native int kill(int pid, int signal) throws LastErrorException;

    static native int setns(int descriptor, int kind) throws LastErrorException;

    static native int ioctl(int descriptor, long request, Pointer argument) throws LastErrorException;

    /** -1 with {@link Native#getLastError()} on failure, as the rest below: these are called per packet. */
    static native long read(int descriptor, long buffer, long length);

    static native long write(int descriptor, long buffer, long length);

    static native int ppoll(long descriptors, long count, long timeout, long signals);

    static native int prctl(int option, long value, long unused3, long unused4, long unused5);

    /** The calling thread alone, on Linux, where {@code who} is 0. */
    static native int setpriority(int which, int who, int nice);
}
