package io.pingagent.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpscRingTest {

    private static boolean offer(SpscRing ring, long first, long second) {
        if (!ring.claim()) {
            return false;
        }
        ring.put(0, first);
        ring.put(1, second);
        ring.publish();
        return true;
    }

    @Test
    void aRecordIsThereOnlyWhenItWasPublished() {
        SpscRing ring = new SpscRing(4, 2);
        assertTrue(ring.claim());
        ring.put(0, Long.MIN_VALUE);
        ring.put(1, Long.MAX_VALUE);
        assertEquals(0, ring.waiting());
        ring.publish();
        assertEquals(1, ring.waiting());
        assertEquals(Long.MIN_VALUE, ring.get(0));
        assertEquals(Long.MAX_VALUE, ring.get(1));
        assertEquals(1, ring.waiting(), "reading does not release");
        ring.release();
        assertEquals(0, ring.waiting());
    }

    @Test
    void aFullRingRefusesCountsAndWrapsRound() {
        SpscRing ring = new SpscRing(4, 2);
        long offered = 0;
        long taken = 0;
        for (int round = 0; round < 10; round++) {
            while (ring.hasRoom()) {
                assertTrue(offer(ring, offered, -offered));
                offered++;
            }
            assertEquals(round, ring.refused(), "to ask for room is no refusal");
            assertFalse(offer(ring, 999, 999));
            assertEquals(round + 1, ring.refused());
            assertEquals(4, ring.waiting());
            for (int i = 0; i < 3; i++) {
                assertEquals(taken, ring.get(0));
                assertEquals(-taken, ring.get(1));
                ring.release();
                taken++;
            }
        }
        assertEquals(1, ring.waiting());
        assertEquals(31, offered);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, -4, Integer.MIN_VALUE})
    void capacityMustBeAPowerOfTwo(int capacity) {
        assertThrows(IllegalArgumentException.class, () -> new SpscRing(capacity, 1));
    }

    @Test
    void aRingOfOneRecordWorks() {
        SpscRing ring = new SpscRing(1, 2);
        assertTrue(offer(ring, 1, 2));
        assertFalse(offer(ring, 3, 4));
        ring.release();
        assertTrue(offer(ring, 5, 6));
        assertEquals(5, ring.get(0));
    }

    @Test
    @Timeout(30)
    void twoThreadsLoseNothingAndKeepTheOrder() throws InterruptedException {
        SpscRing ring = new SpscRing(256, 3);
        int count = 300_000;
        Thread producer = new Thread(() -> {
            for (int i = 0; i < count; ) {
                if (ring.claim()) {
                    ring.put(0, i);
                    ring.put(1, ~i);
                    ring.put(2, i * 11L);
                    ring.publish();
                    i++;
                } else {
                    LockSupport.parkNanos(1_000);
                }
            }
        });
        producer.start();
        int next = 0;
        while (next < count) {
            int waiting = ring.waiting();
            for (int left = waiting; left > 0; left--) {
                assertEquals(next, ring.get(0));
                assertEquals(~next, ring.get(1));
                assertEquals(next * 11L, ring.get(2));
                ring.release();
                next++;
            }
            if (waiting == 0) {
                LockSupport.parkNanos(1_000);
            }
        }
        producer.join();
        assertEquals(0, ring.waiting());
    }
}
