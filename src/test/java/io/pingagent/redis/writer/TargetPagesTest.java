package io.pingagent.redis.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TargetPagesTest {

    private static List<Integer> drain(TargetPages pages) {
        List<Integer> drained = new ArrayList<>();
        for (int target = pages.takeAll(); target != TargetPages.NONE; ) {
            int next = pages.takeNext(target);
            pages.takeFlags(target);
            drained.add(target);
            target = next;
        }
        return drained;
    }

    @Test
    void aTargetIsQueuedOnceAndInTheOrderItCame() {
        TargetPages pages = new TargetPages();
        assertEquals(0, pages.mark(70_000, TargetPages.VALUE) & TargetPages.VALUE);
        pages.mark(3, TargetPages.PROBE_LOST);
        assertEquals(TargetPages.VALUE, pages.mark(70_000, TargetPages.VALUE) & TargetPages.VALUE);
        assertEquals(2, pages.queued());
        assertEquals(List.of(70_000, 3), drain(pages));
        assertEquals(0, pages.queued());
        assertEquals(List.of(), drain(pages));
    }

    @Test
    void whatIsForgottenIsNotWritten() {
        TargetPages pages = new TargetPages();
        pages.mark(5, (byte) (TargetPages.VALUE | TargetPages.ERR_LIST));
        pages.forget(5);
        assertEquals(5, pages.takeAll());
        assertEquals(0, pages.takeFlags(5));
    }

    /** Three threads mark, one drains: the last mark of each target is always seen. */
    @Test
    void nothingIsLostBetweenThreads() throws InterruptedException {
        int targets = 5_000;
        int rounds = 200;
        TargetPages pages = new TargetPages();
        AtomicIntegerArray wanted = new AtomicIntegerArray(targets);
        int[] seen = new int[targets];
        AtomicLong running = new AtomicLong(3);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            Thread thread = new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    for (int target = 0; target < targets; target++) {
                        wanted.incrementAndGet(target);
                        pages.mark(target, TargetPages.VALUE);
                    }
                }
                running.decrementAndGet();
            });
            threads.add(thread);
            thread.start();
        }
        boolean last;
        do {
            last = running.get() == 0;
            for (int target = pages.takeAll(); target != TargetPages.NONE; ) {
                int next = pages.takeNext(target);
                assertTrue((pages.takeFlags(target) & TargetPages.VALUE) != 0);
                seen[target] = wanted.get(target);
                target = next;
            }
        } while (!last);
        for (Thread thread : threads) {
            thread.join();
        }
        for (int target = 0; target < targets; target++) {
            assertEquals(3 * rounds, seen[target], "target " + target);
        }
        assertEquals(0, pages.queued());
    }
}
