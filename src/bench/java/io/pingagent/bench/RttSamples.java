package io.pingagent.bench;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * RTTs as the engine reports them, of one in so many addresses, to be compared with those of an observer. Written on
 * {@code ping-recv}, read when that has ended.
 */
final class RttSamples {

    private static final int CAPACITY = 4 << 20;

    private final int mask;
    private final int[] addressOfTarget;
    private final int[] addresses = new int[CAPACITY];
    private final int[] sequences = new int[CAPACITY];
    private final long[] rttNanos = new long[CAPACITY];
    private int count;
    private volatile boolean on;

    /** @param mask addresses are taken whose bits in it are all 0 */
    RttSamples(int mask, int targets) {
        this.mask = mask;
        this.addressOfTarget = new int[targets];
    }

    void target(int targetId, int index) {
        addressOfTarget[targetId] = AddressRange.bits(index);
    }

    void start() {
        on = true;
    }

    void add(int targetId, int sequence, long nanos) {
        int address = addressOfTarget[targetId];
        if (on && (address & mask) == 0 && count < CAPACITY) {
            addresses[count] = address;
            sequences[count] = sequence & 0xffff;
            rttNanos[count] = nanos;
            count++;
        }
    }

    /** One sample after the other: address, sequence of the ICMP header, nanoseconds. */
    void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (int i = 0; i < count; i++) {
                out.writeInt(addresses[i]);
                out.writeInt(sequences[i]);
                out.writeLong(rttNanos[i]);
            }
        }
    }
}
