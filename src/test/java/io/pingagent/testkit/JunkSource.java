package io.pingagent.testkit;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A stranger who sends ICMP that nobody asked for, from a TUN device in a {@link NetworkNamespace}: echo replies, errors and
 * other types with random contents, half of them with a right checksum, IPv4. Any thread.
 */
public final class JunkSource implements AutoCloseable {

    private static final String DEVICE = "junk";
    private static final int MTU = 1500;
    private static final int IP_HEADER = 20;
    private static final int LONGEST_ICMP = 120;

    /** Echo reply, unreachable, time exceeded, parameter problem, redirect, timestamp reply, and two that mean nothing. */
    private static final int[] TYPES = {0, 0, 3, 3, 11, 12, 5, 14, 42, 255};

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final TunDevice device;
    private final AtomicLong sent = new AtomicLong();
    private final int destination;
    private final int perSlice;
    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] packet = new byte[IP_HEADER + LONGEST_ICMP];
    private final Thread thread;
    private volatile boolean closed;

    private JunkSource(TunDevice device, int destination, int perSecond) {
        this.device = device;
        this.destination = destination;
        this.perSlice = (int) (perSecond * SLICE_NANOS / TimeUnit.SECONDS.toNanos(1));
        this.thread = new Thread(this::run, "junk-source");
        thread.setDaemon(true);
    }

    /**
     * Starts one.
     *
     * @param destination IPv4 address in network order, to which the namespace has a route
     * @param perSecond packets; what a busy machine is late with is left out
     */
    public static JunkSource start(NetworkNamespace namespace, int destination, int perSecond) throws IOException {
        TunDevice device = namespace.call(() -> TunDevice.open(DEVICE, MTU));
        JunkSource source = new JunkSource(device, destination, perSecond);
        namespace.check(
                "sh", "-ec", "ip link set " + DEVICE + " up; echo 0 >/proc/sys/net/ipv4/conf/" + DEVICE + "/rp_filter");
        source.thread.start();
        return source;
    }

    /** So far. */
    public long sent() {
        return sent.get();
    }

    private void run() {
        try {
            long nextNanos = System.nanoTime();
            while (!closed) {
                for (int i = 0; i < perSlice; i++) {
                    device.write(packet, forge());
                }
                sent.addAndGet(perSlice);
                nextNanos += SLICE_NANOS;
                long leftNanos = nextNanos - System.nanoTime();
                if (leftNanos > 0) {
                    LockSupport.parkNanos(leftNanos);
                } else {
                    nextNanos = System.nanoTime();
                }
            }
        } catch (LastErrorException e) {
            // The device is gone with its namespace.
        } finally {
            device.close();
        }
    }

    /** @return its length */
    private int forge() {
        int icmpLength = 8 + random.nextInt(LONGEST_ICMP - 8 + 1);
        int length = IP_HEADER + icmpLength;
        for (int i = IP_HEADER; i < length; i++) {
            packet[i] = (byte) random.nextInt();
        }
        packet[IP_HEADER] = (byte) TYPES[random.nextInt(TYPES.length)];
        if (random.nextBoolean()) {
            putShort(IP_HEADER + 2, 0);
            putShort(IP_HEADER + 2, Checksum.finish(Checksum.add(0, packet, IP_HEADER, icmpLength)));
        }
        packet[0] = 0x45;
        packet[1] = 0;
        putShort(2, length);
        putShort(4, 0);
        putShort(6, 0);
        packet[8] = 64;
        packet[9] = 1;
        putShort(10, 0);
        // 10.10.0.0/16
        packet[12] = 10;
        packet[13] = 10;
        putShort(14, random.nextInt(1, 65_535));
        putShort(16, destination >>> 16);
        putShort(18, destination);
        putShort(10, Checksum.finish(Checksum.add(0, packet, 0, IP_HEADER)));
        return length;
    }

    private void putShort(int at, int value) {
        packet[at] = (byte) (value >>> 8);
        packet[at + 1] = (byte) value;
    }

    @Override
    public void close() {
        closed = true;
        Threads.joinUninterruptibly(thread);
    }
}
