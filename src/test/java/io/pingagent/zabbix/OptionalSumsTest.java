package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.pingagent.model.ZabbixValue;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OptionalSumsTest {

    private static final int TARGET = 5_000;
    private static final long MS = 1_000_000;
    /** The sketch's error. */
    private static final double ERROR = 0.01;

    private final IntervalRow row = new IntervalRow();

    private static ValueCollector collector(Set<AddressItem> items) {
        ValueCollector collector =
                new ValueCollector(new BridgeSettings.Thresholds(3, 2, Duration.ZERO), items, id -> true);
        collector.watch(TARGET);
        return collector;
    }

    private static ValueCollector all() {
        return collector(EnumSet.allOf(AddressItem.class));
    }

    /** One that nobody wants must cost no memory. */
    @Test
    void withoutItemsThatNeedThemThereAreNoTables() {
        Set<AddressItem> usual = EnumSet.noneOf(AddressItem.class);
        for (AddressItem item : AddressItem.values()) {
            if (item.isOptional() && item != AddressItem.PATH) {
                assertTrue(OptionalSums.of(Set.of(item), 10) != null, item.text());
            } else {
                usual.add(item);
            }
        }
        assertNull(OptionalSums.of(usual, 10));
    }

    @Test
    void anIntervalHasItsQuantilesItsDeviationAndTheNewestHopLimit() {
        ValueCollector collector = all();
        for (int i = 1; i <= 100; i++) {
            collector.replied(TARGET, i * MS, i, 64 - i % 3);
        }
        collector.replied(TARGET, 100 * MS, 101, 57);
        collector.lost(TARGET, 102);
        collector.take(TARGET, row);
        assertEquals(1, row.quantileNanos(AddressItem.RTT_P50) / (51.0 * MS), ERROR);
        assertEquals(1, row.quantileNanos(AddressItem.RTT_P95) / (96.0 * MS), ERROR);
        assertEquals(1, row.quantileNanos(AddressItem.RTT_P99) / (100.0 * MS), ERROR);
        assertEquals(57, row.hopLimit);
        double mean = (5_050.0 + 100) / 101;
        double squares = 0;
        for (int i = 1; i <= 100; i++) {
            squares += (i - mean) * (i - mean);
        }
        squares += (100 - mean) * (100 - mean);
        assertEquals(Math.sqrt(squares / 101) * MS, (double) row.stddevNanos, 1);
    }

    @Test
    void theNextIntervalStartsFromNothing() {
        ValueCollector collector = all();
        collector.replied(TARGET, 900 * MS, 1, 40);
        collector.take(TARGET, row);
        collector.replied(TARGET, MS, 2, -1);
        collector.take(TARGET, row);
        assertEquals(MS, row.quantileNanos(AddressItem.RTT_P99));
        assertEquals(0, row.stddevNanos);
        assertEquals(-1, row.hopLimit, "a limit that nobody read is not that of an earlier reply");
        collector.lost(TARGET, 3);
        collector.take(TARGET, row);
        assertEquals(-1, row.quantileNanos(AddressItem.RTT_P99));
        assertEquals(-1, row.stddevNanos);
    }

    @Test
    void nextTargetInAPlaceInheritsNothing() {
        ValueCollector collector = all();
        collector.replied(TARGET, 900 * MS, 1, 40);
        collector.take(TARGET, row);
        collector.replied(TARGET, 900 * MS, 2, 40);
        collector.unwatch(TARGET);
        collector.watch(TARGET + 1);
        collector.replied(TARGET + 1, MS, 3, -1);
        collector.take(TARGET + 1, row);
        assertEquals(MS, row.quantileNanos(AddressItem.RTT_P99));
        assertEquals(0, row.stddevNanos);
        assertEquals(-1, row.hopLimit);
    }

    @Test
    void onlyWhatIsAskedForBecomesAValue() {
        Set<AddressItem> items = EnumSet.of(AddressItem.RTT_P95, AddressItem.TTL);
        ValueCollector collector = collector(items);
        collector.replied(TARGET, MS, 5_000_000_000L, 255);
        collector.take(TARGET, row);
        List<ZabbixValue> values = new ArrayList<>();
        new ValueFormat(FakeTargets.settings(items, false)).row(new AddressHosts("192.0.2.1", List.of()), row, values);
        assertEquals(
                List.of(
                        ZabbixValue.at("gza", "ping.rtt.p95[\"192.0.2.1\"]", "0.001", 5_000_000_000L),
                        ZabbixValue.at("gza", "ping.ttl[\"192.0.2.1\"]", "255", 5_000_000_000L)),
                values);
    }

    /** The worst for sums: a first sample far away, and a spread of a few nanoseconds around a large mean. */
    @Test
    void deviationIsExactWhateverTheFirstSampleIs() {
        Random random = new Random(3);
        for (long first : new long[] {10_000_000_000L, 2_000_000_000L, 100}) {
            for (int count : new int[] {1, 2, 6, 300, 600_000}) {
                ValueCollector collector = collector(EnumSet.of(AddressItem.RTT_STDDEV));
                long[] samples = new long[count];
                samples[0] = first;
                for (int i = 1; i < count; i++) {
                    samples[i] = 2_000_000_000L + random.nextInt(2_000);
                }
                double mean = 0;
                for (int i = 0; i < count; i++) {
                    collector.replied(TARGET, samples[i], i, 64);
                    mean += (samples[i] - mean) / (i + 1);
                }
                double squares = 0;
                for (long sample : samples) {
                    squares += (sample - mean) * (sample - mean);
                }
                double exact = Math.sqrt(squares / count);
                collector.take(TARGET, row);
                assertEquals(exact, (double) row.stddevNanos, Math.max(1, exact / 1_000), first + " first of " + count);
            }
        }
    }

    @Test
    void rowsAreConsistentWhileTheWriterRuns() throws InterruptedException {
        ValueCollector collector = all();
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            long wallNanos = 0;
            while (!stop.get()) {
                collector.replied(TARGET, 7 * MS, wallNanos++, 61);
            }
        });
        writer.start();
        for (int i = 0; i < 100_000; i++) {
            collector.take(TARGET, row);
            if (row.received > 0) {
                assertEquals(7 * MS, row.quantileNanos(AddressItem.RTT_P50));
                assertEquals(0, row.stddevNanos);
                assertEquals(61, row.hopLimit);
            }
        }
        stop.set(true);
        writer.join();
    }

    @Test
    void measuringMakesNoGarbage() {
        ValueCollector collector = all();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(collector, 50_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(collector, 100_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 2_000, "allocated " + allocated);
    }

    private static void run(ValueCollector collector, int count) {
        for (int i = 0; i < count; i++) {
            collector.replied(TARGET, 1_000L + i * 7_919L % 900_000_000L, i, 64);
        }
    }
}
