package io.pingagent.redis.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.IpAddress;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressHashSetTest {

    /** Few values, so that runs form and are torn apart. */
    @Test
    void behavesLikeASet() {
        Random random = new Random(42);
        AddressHashSet set = new AddressHashSet();
        Set<IpAddress> expected = new HashSet<>();
        for (int i = 0; i < 200_000; i++) {
            int value = random.nextInt(400);
            IpAddress address = value < 300 ? IpAddress.v4(value) : IpAddress.v6(1, value, 0);
            if (random.nextBoolean()) {
                assertEquals(expected.add(address), set.add(address));
            } else {
                assertEquals(expected.remove(address), set.remove(address));
            }
            assertEquals(expected.size(), set.size());
        }
        Set<IpAddress> all = new HashSet<>();
        set.forEach(all::add);
        assertEquals(expected, all);
    }

    @Test
    void holdsTheZeroAddress() {
        AddressHashSet set = new AddressHashSet();
        assertFalse(set.contains(IpAddress.v4(0)));
        assertTrue(set.add(IpAddress.v4(0)));
        assertTrue(set.contains(IpAddress.v4(0)));
        set.clear();
        assertEquals(0, set.size());
    }
}
