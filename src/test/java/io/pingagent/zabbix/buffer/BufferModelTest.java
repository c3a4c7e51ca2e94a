package io.pingagent.zabbix.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.AddressItem;
import io.pingagent.zabbix.buffer.HeldValues.Held;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Random steps and faults: whatever comes, every value that was put in is delivered, waits, or is counted as dropped, and
 * only one of these.
 */
class BufferModelTest {

    private static final Path DIRECTORY = Path.of("/spool");
    private static final long MAX_BYTES = 1 << 20;
    private static final int SEEDS = 16;
    private static final int STEPS = 120;

    private final FakeDisk disk = new FakeDisk();
    private Random random = new Random(0);
    private int next;
    private final Set<Path> flipped = new HashSet<>();

    private List<ZabbixValue> some(int count) {
        List<ZabbixValue> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(new ZabbixValue(
                    "gza", AddressItem.RTT.key("192.0.2." + next % 40), "x".repeat(random.nextInt(200)), next++, 0));
        }
        return values;
    }

    private int burst() {
        return random.nextInt(10) == 0 ? 3_000 : 1 + random.nextInt(200);
    }

    private void startRun(int seed) {
        random = new Random(seed);
        disk.deleteAll();
        disk.capacity = Long.MAX_VALUE;
        disk.readOnly = false;
        flipped.clear();
        next = 0;
    }

    private void changeDisk() {
        switch (random.nextInt(5)) {
            case 0 -> disk.capacity = random.nextInt(700_000);
            case 1 -> disk.readOnly = true;
            default -> {
                disk.capacity = Long.MAX_VALUE;
                disk.readOnly = false;
            }
        }
    }

    private boolean isWell() {
        return !disk.readOnly && disk.capacity == Long.MAX_VALUE;
    }

    /** One byte of a file that was not damaged before: what two damages beside each other cost cannot always be seen. */
    private void flip() {
        for (Path file : disk.segments()) {
            if (disk.size(file) > 0 && random.nextInt(3) == 0 && flipped.add(file)) {
                disk.flip(file, random.nextInt(disk.size(file)));
                return;
            }
        }
    }

    private ValueBuffer openQueue() throws IOException {
        return new ValueBuffer(DIRECTORY, MAX_BYTES, Duration.ofDays(20_000), () -> 0, disk);
    }

    @Test
    void everyValueOfTheQueueIsDeliveredWaitsOrIsCountedOnce() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            startRun(seed);
            ValueBuffer buffer = openQueue();
            Set<Long> delivered = new TreeSet<>();
            long uncounted = 0;
            StringBuilder story = new StringBuilder("seed " + seed + ":");
            for (int step = 0; step < STEPS; step++) {
                int choice = random.nextInt(20);
                story.append(' ').append(choice);
                switch (choice) {
                    case 0, 1, 2, 3, 4, 5 -> buffer.append(some(burst()));
                    case 6, 7, 8, 9 -> {
                        ValueBuffer.Batch batch = buffer.peek(1 + random.nextInt(1_000));
                        if (random.nextInt(4) > 0) {
                            for (ZabbixValue value : batch.values()) {
                                assertTrue(delivered.add(value.clockSeconds()), story + " twice: " + value);
                            }
                            buffer.acknowledge(batch.endSequence());
                        }
                    }
                    case 10 -> buffer.readAhead(random.nextInt(2_000));
                    case 11, 12 -> changeDisk();
                    case 13 -> flip();
                    case 14 -> {
                        if (isWell()) {
                            disk.deleteAll();
                            buffer.append(List.of());
                        }
                    }
                    case 15 -> {
                        disk.put(DIRECTORY.resolve("foreign" + step), new byte[5]);
                        disk.put(DIRECTORY.resolve("7fffffffffffff00.values"), new byte[100]);
                    }
                    case 16, 17 -> {
                        if (isWell()) {
                            // What the disk refused comes there before the end.
                            buffer.append(List.of());
                            if (random.nextBoolean()) {
                                buffer.close();
                            }
                            disk.killProcess();
                            story.append("[" + buffer.values() + "," + buffer.dropped());
                            buffer = openQueue();
                            story.append("->" + buffer.values() + "," + buffer.dropped() + "]");
                        }
                    }
                    default -> buffer.append(List.of());
                }
                assertEquals(next, delivered.size() + buffer.values() + buffer.dropped() + uncounted, story.toString());
            }
            disk.capacity = Long.MAX_VALUE;
            disk.readOnly = false;
            buffer.append(List.of());
            for (ValueBuffer.Batch batch = buffer.peek(500); !batch.values().isEmpty(); batch = buffer.peek(500)) {
                long before = -1;
                for (ZabbixValue value : batch.values()) {
                    assertTrue(value.clockSeconds() > before, story + " order");
                    before = value.clockSeconds();
                    assertTrue(delivered.add(value.clockSeconds()), story + " twice: " + value);
                }
                buffer.acknowledge(batch.endSequence());
            }
            assertEquals(0, buffer.values(), story.toString());
            assertEquals(next, delivered.size() + buffer.dropped() + uncounted, story.toString());
            buffer.close();
        }
    }

    private HeldValues openHeld() throws IOException {
        return new HeldValues(DIRECTORY, MAX_BYTES, Duration.ofDays(20_000), () -> 0, disk);
    }

    /** Goes through all, settles some of them. */
    private void pass(HeldValues held, Set<Long> delivered, int percent, String story) {
        held.rewind();
        long before = -1;
        do {
            held.look(500);
            List<Held> done = new ArrayList<>();
            for (Held one = held.next(); one != null; one = held.next()) {
                long number = one.value().clockSeconds();
                assertTrue(number > before, story + " order");
                before = number;
                if (random.nextInt(100) < percent) {
                    assertTrue(delivered.add(number), story + " twice: " + number);
                    done.add(one);
                }
            }
            held.settle(done);
        } while (!held.isAtEnd());
    }

    @Test
    void everyHeldValueIsDeliveredWaitsOrIsCountedOnce() throws IOException {
        for (int seed = 0; seed < SEEDS / 4; seed++) {
            startRun(seed);
            HeldValues held = openHeld();
            Set<Long> delivered = new TreeSet<>();
            StringBuilder story = new StringBuilder("seed " + seed + ":");
            for (int step = 0; step < STEPS; step++) {
                int choice = random.nextInt(15);
                story.append(' ').append(choice);
                switch (choice) {
                    case 0, 1, 2, 3, 4 -> held.append(some(burst()));
                    case 5, 6, 7 -> pass(held, delivered, random.nextInt(101), story.toString());
                    case 8, 9 -> changeDisk();
                    case 10 -> {
                        if (isWell()) {
                            flip();
                        }
                    }
                    case 11 -> {
                        if (isWell()) {
                            disk.deleteAll();
                            held.append(some(1));
                        }
                    }
                    case 12, 13 -> {
                        if (isWell()) {
                            held.append(some(1));
                            // What could not be marked until now is.
                            pass(held, delivered, 0, story.toString());
                            if (random.nextBoolean()) {
                                held.close();
                            }
                            disk.killProcess();
                            story.append("[" + held.values() + "," + held.dropped());
                            held = openHeld();
                            story.append("->" + held.values() + "," + held.dropped() + "]");
                        }
                    }
                    default -> disk.put(DIRECTORY.resolve("foreign" + step), new byte[5]);
                }
                assertEquals(next, delivered.size() + held.values() + held.dropped(), story.toString());
            }
            disk.capacity = Long.MAX_VALUE;
            disk.readOnly = false;
            held.append(some(1));
            pass(held, delivered, 100, story.toString());
            assertEquals(0, held.values(), story.toString());
            assertEquals(next, delivered.size() + held.dropped(), story.toString());
            held.close();
        }
    }
}
