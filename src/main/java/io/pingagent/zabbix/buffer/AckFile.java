package io.pingagent.zabbix.buffer;

import io.pingagent.base.OwnedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far the values are acknowledged, and how many were dropped. The numbers are in two slots, written in turn, so
 * that one is whole whatever happens. Both slots are written when the file is made: what is acknowledged can be noted
 * on a full disk.
 *
 * <p>A slot is the numbers (8 B each) and the CRC-32 of them (4 B). Of two whole slots the one that is larger, number
 * by number, is the newer.
 */
@OwnedBy("caller")
final class AckFile implements Closeable {

    private final DiskFile file;
    private final int slotBytes;
    private final boolean found;
    private long[] numbers;
    private int slot;

    /**
     * @param count numbers in a slot, at least 1
     * @throws IOException if the file cannot be used; a file of anything else is overwritten
     */
    AckFile(Disk disk, Path path, int count) throws IOException {
        this.file = disk.open(path, Disk.Mode.WRITE);
        this.slotBytes = count * Long.BYTES + Integer.BYTES;
        this.numbers = new long[count];
        boolean whole = false;
        try {
            for (int i = 0; i < 2; i++) {
                long[] seen = read(i);
                if (seen != null && (!whole || Arrays.compare(seen, numbers) > 0)) {
                    whole = true;
                    numbers = seen;
                    slot = 1 - i;
                }
            }
            if (file.size() < 2L * slotBytes) {
                // The whole one last: until the other is written it is all there is.
                int other = slot;
                write(numbers, other);
                write(numbers, 1 - other);
            }
        } catch (IOException e) {
            file.close();
            throw e;
        }
        this.found = whole;
    }

    private long @Nullable [] read(int index) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(slotBytes);
        while (bytes.hasRemaining() && file.read(bytes, (long) index * slotBytes + bytes.position()) > 0) {
            // The rest of it.
        }
        int end = slotBytes - Integer.BYTES;
        if (bytes.hasRemaining() || bytes.getInt(end) != ValueRecord.crc(bytes.array(), 0, end)) {
            return null;
        }
        long[] seen = new long[numbers.length];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = bytes.getLong(i * Long.BYTES);
            if (seen[i] < 0 || seen[i] > Long.MAX_VALUE / 2) {
                return null;
            }
        }
        return seen;
    }

    /** Whether there were numbers in the file when it was opened. */
    boolean found() {
        return found;
    }

    /** A number of the newest slot, 0 in a new file. */
    long get(int index) {
        return numbers[index];
    }

    /** Does nothing if these are the numbers on disk. */
    void writeChanged(long... newNumbers) throws IOException {
        if (!Arrays.equals(newNumbers, numbers)) {
            write(newNumbers);
        }
    }

    /** @param newNumbers if they are smaller than those before, both slots are written */
    void write(long... newNumbers) throws IOException {
        write(newNumbers, slot);
        if (Arrays.compare(newNumbers, numbers) < 0) {
            write(newNumbers, 1 - slot);
        }
        numbers = newNumbers.clone();
        slot = 1 - slot;
    }

    private void write(long[] some, int index) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(slotBytes);
        for (long number : some) {
            bytes.putLong(number);
        }
        bytes.putInt(ValueRecord.crc(bytes.array(), 0, slotBytes - Integer.BYTES));
        file.write(bytes.flip(), (long) index * slotBytes);
    }

    void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
