package io.pingagent.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagedTableTest {

    private final AtomicInteger made = new AtomicInteger();
    private final PagedTable<int[]> table = new PagedTable<>(4, () -> {
        made.incrementAndGet();
        return new int[16];
    });

    @Test
    void rowsOfAPageShareIt() {
        int[] first = table.make(0);
        assertSame(first, table.make(15));
        assertSame(first, table.get(15));
        assertSame(first, table.find(7));
        assertNotSame(first, table.make(16));
        assertEquals(2, made.get());
    }

    @Test
    void aHighRowMakesOnePageOnly() {
        assertEquals(0, table.limit());
        int[] page = table.make(1_000);
        page[1_000 & 15] = 7;
        assertEquals(1, made.get());
        assertEquals(1_008, table.limit());
        assertNull(table.find(0));
        assertNull(table.find(1_008));
        assertNull(table.find(Integer.MAX_VALUE));
        table.make(20);
        assertEquals(1_008, table.limit());
        assertEquals(7, table.get(1_000)[1_000 & 15], "what was there stays");
    }

    @Test
    void toGetWhatIsNotThereFails() {
        table.make(16);
        assertThrows(NullPointerException.class, () -> table.get(15));
        assertThrows(IndexOutOfBoundsException.class, () -> table.get(32));
    }

    @Test
    void clearForgetsAll() {
        table.make(40);
        table.clear();
        assertEquals(0, table.limit());
        assertNull(table.find(40));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 31})
    void pageBitsHaveBounds(int bits) {
        assertThrows(IllegalArgumentException.class, () -> new PagedTable<>(bits, Object::new));
    }

    @Test
    @Timeout(30)
    void threadsThatMakePagesAtOnceAgreeOnThem() throws InterruptedException {
        int pages = 300;
        List<Set<int[]>> seen = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        CyclicBarrier start = new CyclicBarrier(3);
        for (int i = 0; i < 3; i++) {
            Set<int[]> mine = Collections.newSetFromMap(new IdentityHashMap<>());
            seen.add(mine);
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                for (int page = 0; page < pages; page++) {
                    mine.add(table.make(page * 16));
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(pages, made.get());
        assertEquals(pages, seen.get(0).size());
        assertEquals(seen.get(0), seen.get(1));
        assertEquals(seen.get(0), seen.get(2));
    }
}
