package io.pingagent.sys;

import io.pingagent.base.OwnedBy;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * From the name of a network interface to the index that it has now, in the network namespace of the thread that opened
 * this. Some microseconds a call.
 *
 * <p>{@code if_nametoindex} is not used: for a name that does not exist the kernel starts {@code modprobe} and waits
 * for it (if the caller has CAP_NET_ADMIN). Binding a socket that is of no other use does no such thing, so that comes
 * first.
 *
 * <pre>{@code
 * struct ifreq {                     // 40 bytes
 *     char ifr_name[16];             //  0  ends with a zero
 *     int  ifr_ifindex;              // 16  first of a union of 24 bytes
 * };
 * }</pre>
 */
@OwnedBy("caller")
public final class InterfaceLookup implements AutoCloseable {

    /** Stands for an interface that does not exist. */
    public static final int NONE = -1;

    private static final int NAME_BYTES = 16;
    private static final int INDEX = 16;
    private static final int REQUEST_BYTES = 40;
    private static final long SIOCGIFNAME = 0x8910;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final int CLOSED = -1;

    private final NativeMemory request = new NativeMemory(REQUEST_BYTES);
    private final AtomicInteger descriptor;

    private InterfaceLookup(int descriptor) {
        this.descriptor = new AtomicInteger(descriptor);
    }

    public static InterfaceLookup open() throws NativeCallException {
        int descriptor =
                Libc.socket(SocketConstants.AF_INET, SocketConstants.SOCK_DGRAM | SocketConstants.SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new NativeCallException("socket", Libc.lastErrno());
        }
        return new InterfaceLookup(descriptor);
    }

    /**
     * The index of an interface, {@link #NONE} if there is none now or this is closed.
     *
     * @param name an interface's name, or its index in decimal, which counts if no interface has that name
     */
    public int index(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length >= NAME_BYTES) {
            return NONE;
        }
        try {
            clear();
            request.bytes().put(0, bytes);
            if (exists() && ioctl(SIOCGIFINDEX)) {
                return request.bytes().getInt(INDEX);
            }
            int number = decimal(name);
            clear();
            request.bytes().putInt(INDEX, number);
            return number > 0 && ioctl(SIOCGIFNAME) ? number : NONE;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void clear() {
        for (int i = 0; i < REQUEST_BYTES; i += Long.BYTES) {
            request.bytes().putLong(i, 0);
        }
    }

    private boolean exists() {
        return Libc.setsockopt(
                        descriptor.get(),
                        SocketConstants.SOL_SOCKET,
                        SocketConstants.SO_BINDTODEVICE,
                        request.address(0),
                        NAME_BYTES)
                == 0;
    }

    private boolean ioctl(long operation) {
        return Libc.ioctl(descriptor.get(), operation, request.address(0)) == 0;
    }

    /** 0 for what is no decimal number of up to nine digits. */
    private static int decimal(String text) {
        if (text.length() > 9) {
            return 0;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    @Override
    public void close() {
        int open = descriptor.getAndSet(CLOSED);
        if (open != CLOSED) {
            Libc.close(open);
        }
    }
}
