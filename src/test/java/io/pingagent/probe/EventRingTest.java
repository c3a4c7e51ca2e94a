package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.probe.table.TargetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventRingTest {

    private final List<String> seen = new ArrayList<>();

    private void record(int kind, int argument, int targetId, int sequence, long nanos) {
        seen.add(kind + " " + argument + " " + targetId + " " + sequence + " " + nanos);
    }

    @Test
    void keepsEveryFieldWhole() {
        EventRing ring = new EventRing(4);
        assertTrue(ring.offer(EventRing.SENT, -1, TargetTable.MAX_TARGETS - 1, -2, Long.MIN_VALUE));
        assertTrue(ring.offer(EventRing.REMOVED, Integer.MAX_VALUE, 0, Integer.MIN_VALUE, Long.MAX_VALUE));
        assertEquals(2, ring.drain(this::record, 10));
        assertEquals(
                List.of("1 -1 1073741823 -2 -9223372036854775808", "4 2147483647 0 -2147483648 9223372036854775807"),
                seen);
    }

    @Test
    void fullRingRefusesAndWrapsRound() {
        EventRing ring = new EventRing(4);
        int offered = 0;
        for (int round = 0; round < 10; round++) {
            while (ring.hasRoom()) {
                assertTrue(ring.offer(EventRing.SENT, 0, offered, 0, 0));
                offered++;
            }
            assertFalse(ring.offer(EventRing.SENT, 0, 999, 0, 0));
            assertEquals(3, ring.drain(this::record, 3));
        }
        assertEquals(1, ring.drain(this::record, 100));
        assertEquals(0, ring.drain(this::record, 100));
        assertEquals(31, offered);
        for (int i = 0; i < offered; i++) {
            assertEquals("1 0 " + i + " 0 0", seen.get(i));
        }
    }

    @Test
    void eventWhoseConsumerThrowsIsNotRepeated() {
        EventRing ring = new EventRing(4);
        ring.offer(EventRing.SENT, 0, 1, 0, 0);
        ring.offer(EventRing.SENT, 0, 2, 0, 0);
        assertThrows(
                IllegalStateException.class,
                () -> ring.drain(
                        (kind, argument, targetId, sequence, nanos) -> {
                            throw new IllegalStateException("a bug");
                        },
                        10));
        assertEquals(1, ring.drain(this::record, 10));
        assertEquals(List.of("1 0 2 0 0"), seen);
    }

    @Test
    void capacityMustBeAPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new EventRing(3));
    }

    @Test
    @Timeout(30)
    void twoThreadsLoseNothingAndKeepTheOrder() throws InterruptedException {
        EventRing ring = new EventRing(256);
        int count = 300_000;
        Thread producer = new Thread(() -> {
            for (int i = 0; i < count; ) {
                if (ring.offer(EventRing.SENT, ~i, i, i * 7, i * 11L)) {
                    i++;
                } else {
                    LockSupport.parkNanos(1_000);
                }
            }
        });
        producer.start();
        int[] next = {0};
        while (next[0] < count) {
            int drained = ring.drain(
                    (kind, argument, targetId, sequence, nanos) -> {
                        int i = next[0]++;
                        if (argument != ~i || targetId != i || sequence != i * 7 || nanos != i * 11L) {
                            throw new AssertionError("event " + i + " came as " + targetId);
                        }
                    },
                    170);
            if (drained == 0) {
                LockSupport.parkNanos(1_000);
            }
        }
        producer.join();
    }
}
