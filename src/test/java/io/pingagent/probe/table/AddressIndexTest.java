package io.pingagent.probe.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AddressIndexTest {

    private final TargetTable table = new TargetTable();
    private final AddressIndex index = new AddressIndex(table);

    private int add(IpAddress address) {
        int targetId = table.extend();
        table.setAddress(targetId, address);
        index.add(targetId);
        return targetId;
    }

    @Test
    void tellsFamiliesAndScopesApart() {
        int v4 = add(IpAddress.v4(1));
        int v6 = add(IpAddress.v6(0, 1, 0));
        int scoped = add(IpAddress.v6(0xfe80L << 48, 1, 2));
        int otherScope = add(IpAddress.v6(0xfe80L << 48, 1, 3));
        assertEquals(v4, index.find(IpAddress.v4(1)));
        assertEquals(v6, index.find(IpAddress.v6(0, 1, 0)));
        assertEquals(scoped, index.find(IpAddress.v6(0xfe80L << 48, 1, 2)));
        assertEquals(otherScope, index.find(IpAddress.v6(0xfe80L << 48, 1, 3)));
        assertEquals(-1, index.find(IpAddress.v6(0xfe80L << 48, 1, 4)));
        assertEquals(v4, index.find(false, 0, 1));
        assertEquals(v6, index.find(true, 0, 1));
        assertEquals(-1, index.find(true, 5, 1));
        assertEquals(-1, index.find(false, 0, 2));
    }

    @Test
    void highestV4AddressIsFound() {
        int id = add(IpAddress.v4(-1));
        assertEquals(id, index.find(false, 0, 0xffff_ffffL));
    }

    @Test
    void agreesWithAHashMap() {
        SplittableRandom random = new SplittableRandom(11);
        Map<IpAddress, Integer> model = new HashMap<>();
        List<Integer> free = new ArrayList<>();
        for (int step = 0; step < 300_000; step++) {
            int number = random.nextInt(6_000);
            IpAddress address = number % 2 == 0 ? IpAddress.v4(number) : IpAddress.v6(number * 31L, number, number % 3);
            Integer id = model.get(address);
            assertEquals(id == null ? -1 : id, index.find(address));
            if (id == null && random.nextInt(3) > 0) {
                int targetId = free.isEmpty() ? table.extend() : free.remove(free.size() - 1);
                table.setAddress(targetId, address);
                index.add(targetId);
                model.put(address, targetId);
            } else if (id != null && random.nextBoolean()) {
                index.remove(id, address);
                model.remove(address);
                free.add(id);
            }
            assertEquals(model.size(), index.size());
        }
        model.forEach((address, id) -> {
            assertEquals(id, index.find(address));
            assertEquals(id, index.find(address.isV6(), address.high(), address.low()));
        });
    }

    @Test
    @Timeout(30)
    void readersAlwaysFindWhatStays() throws InterruptedException {
        int stable = 2_000;
        for (int i = 0; i < stable; i++) {
            add(IpAddress.v4(i));
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            SplittableRandom random = new SplittableRandom(12);
            while (!done.get()) {
                int i = random.nextInt(stable);
                int found = index.find(IpAddress.v4(i));
                if (found != i) {
                    wrong.set("found " + found + " for " + i);
                }
                int id = index.find(IpAddress.v4(1_000_000 + random.nextInt(5_000)));
                if (id >= 0 && id < stable) {
                    wrong.set("found " + id + " for a passing address");
                }
            }
        });
        reader.start();
        for (int round = 0; round < 20; round++) {
            List<Integer> passing = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                passing.add(add(IpAddress.v4(1_000_000 + i)));
            }
            for (int i = 0; i < 5_000; i++) {
                index.remove(passing.get(i), IpAddress.v4(1_000_000 + i));
            }
        }
        done.set(true);
        reader.join();
        assertNull(wrong.get());
        assertEquals(stable, index.size());
    }
}
