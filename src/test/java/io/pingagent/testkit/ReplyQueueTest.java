package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplyQueueTest {

    @Test
    void givesWhatIsDueFirst() {
        Random random = new Random(1);
        ReplyQueue queue = new ReplyQueue();
        PriorityQueue<Long> expected = new PriorityQueue<>();
        for (int i = 0; i < 20_000; i++) {
            if (queue.size() == 0 || random.nextInt(5) < 3) {
                long due = random.nextInt(1_000_000);
                byte[] packet = new byte[1 + random.nextInt(600)];
                packet[0] = (byte) due;
                queue.add(due, packet, packet.length);
                expected.add(due);
            } else {
                long due = expected.remove();
                assertEquals(due, queue.firstDueNanos());
                assertEquals((byte) due, queue.firstPacket()[0]);
                assertTrue(queue.firstLength() >= 1);
                queue.removeFirst();
            }
            assertEquals(expected.size(), queue.size());
        }
    }
}
