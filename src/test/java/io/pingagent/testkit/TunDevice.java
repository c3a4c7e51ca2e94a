package io.pingagent.testkit;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A TUN device without packet information: each read is an IP packet that the kernel sends, each write one that it
 * receives. The device goes when it is closed. One thread after {@link #open}.
 */
final class TunDevice implements AutoCloseable {

    /** {@code _IOW('T', 202, int)}. */
    private static final long TUNSETIFF = 0x400454caL;

    private static final short IFF_TUN = 0x0001;
    private static final short IFF_NO_PI = 0x1000;

    // struct ifreq { char ifr_name[16]; short ifr_flags; ... } of 40 bytes
    private static final int IFREQ_SIZE = 40;
    private static final int IFR_FLAGS = 16;

    // struct pollfd { int fd; short events; short revents; } then struct timespec { long tv_sec; long tv_nsec; }
    private static final int POLL_EVENTS = 4;
    private static final int TIMESPEC = 8;
    private static final int POLL_SIZE = 24;
    private static final short POLLIN = 1;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int descriptor;
    private final int mtu;

    // Fields and not locals: raw addresses of this memory are handed to the kernel.
    private final Memory packet;
    private final Memory poll = new Memory(POLL_SIZE);
    private final ByteBuffer packetBytes;

    private TunDevice(int descriptor, int mtu) {
        this.descriptor = descriptor;
        this.mtu = mtu;
        this.packet = new Memory(mtu);
        this.packetBytes = packet.getByteBuffer(0, mtu);
        poll.setInt(0, descriptor);
        poll.setShort(POLL_EVENTS, POLLIN);
    }

    /**
     * Makes the device in the namespace of the calling thread.
     *
     * @param name at most 15 letters
     * @param mtu the longest packet, 68 to 65,535 bytes
     */
    static TunDevice open(String name, int mtu) throws IOException {
        try {
            int descriptor = TestLibc.open("/dev/net/tun", TestLibc.O_RDWR | TestLibc.O_NONBLOCK | TestLibc.O_CLOEXEC);
            try (Memory request = new Memory(IFREQ_SIZE)) {
                request.clear();
                byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
                request.write(0, letters, 0, Math.min(letters.length, IFR_FLAGS - 1));
                request.setShort(IFR_FLAGS, (short) (IFF_TUN | IFF_NO_PI));
                TestLibc.ioctl(descriptor, TUNSETIFF, request);
                return new TunDevice(descriptor, mtu);
            } catch (LastErrorException e) {
                TestLibc.close(descriptor);
                throw e;
            }
        } catch (LastErrorException e) {
            throw new IOException("cannot make the TUN device " + name, e);
        }
    }

    /** Waits until a packet can be read, at most {@code nanos}. */
    void await(long nanos) {
        poll.setLong(TIMESPEC, nanos / NANOS_PER_SECOND);
        poll.setLong(TIMESPEC + Long.BYTES, nanos % NANOS_PER_SECOND);
        long address = Pointer.nativeValue(poll);
        // An error shows at the next read.
        TestLibc.ppoll(address, 1, address + TIMESPEC, 0);
    }

    /** Waits {@code nanos}, packets or not. */
    void pause(long nanos) {
        poll.setLong(TIMESPEC, nanos / NANOS_PER_SECOND);
        poll.setLong(TIMESPEC + Long.BYTES, nanos % NANOS_PER_SECOND);
        TestLibc.ppoll(0, 0, Pointer.nativeValue(poll) + TIMESPEC, 0);
    }

    /**
     * Reads one packet without waiting.
     *
     * @return its length; 0 if there is none
     * @throws IOException if the device is gone
     */
    int read(byte[] into) throws IOException {
        long length = TestLibc.read(descriptor, Pointer.nativeValue(packet), mtu);
        if (length < 0) {
            int errno = Native.getLastError();
            if (errno == TestLibc.EAGAIN || errno == TestLibc.EINTR) {
                return 0;
            }
            throw new IOException("reading from the TUN device failed with errno " + errno);
        }
        packetBytes.get(0, into, 0, (int) length);
        return (int) length;
    }

    /** Hands one packet to the kernel; false if it does not take it. */
    boolean write(byte[] from, int length) {
        packetBytes.put(0, from, 0, length);
        return TestLibc.write(descriptor, Pointer.nativeValue(packet), length) == length;
    }

    @Override
    public void close() {
        TestLibc.close(descriptor);
        packet.close();
        poll.close();
    }
}
