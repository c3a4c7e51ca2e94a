package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ErrListChangesTest {

    @Test
    void fullRingRefusesAndWrapsRound() {
        ErrListChanges changes = new ErrListChanges(4);
        assertEquals(-1, changes.poll());
        int offered = 0;
        int polled = 0;
        for (int round = 0; round < 10; round++) {
            while (changes.offer(offered)) {
                offered++;
            }
            assertEquals(4, offered - polled);
            assertFalse(changes.offer(999));
            for (int i = 0; i < 3; i++) {
                assertEquals(polled++, changes.poll());
            }
        }
        assertEquals(polled, changes.poll());
        assertEquals(-1, changes.poll());
        assertTrue(changes.offer(0));
        assertEquals(0, changes.poll(), "id 0 is an id like any other");
    }

    @Test
    @Timeout(30)
    void twoThreadsLoseNothingAndKeepTheOrder() throws InterruptedException {
        ErrListChanges changes = new ErrListChanges(256);
        int count = 300_000;
        Thread producer = new Thread(() -> {
            for (int i = 0; i < count; ) {
                if (changes.offer(i)) {
                    i++;
                } else {
                    LockSupport.parkNanos(1_000);
                }
            }
        });
        producer.start();
        for (int i = 0; i < count; ) {
            int targetId = changes.poll();
            if (targetId >= 0) {
                assertEquals(i++, targetId);
            } else {
                LockSupport.parkNanos(1_000);
            }
        }
        producer.join();
        assertEquals(-1, changes.poll());
    }
}
