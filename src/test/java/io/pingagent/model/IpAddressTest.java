package io.pingagent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IpAddressTest {

    @Test
    void isEqualToTheSameBitsOnly() {
        IpAddress address = IpAddress.v6(0xfe80L << 48, 1, 7);
        assertEquals(IpAddress.v6(0xfe80L << 48, 1, 7), address);
        assertEquals(IpAddress.v6(0xfe80L << 48, 1, 7).hashCode(), address.hashCode());
        assertNotEquals(IpAddress.v6(0xfe80L << 48, 1, 8), address);
        assertNotEquals(IpAddress.v6(0xfe80L << 48, 2, 7), address);
        assertNotEquals(IpAddress.v6(0xfe81L << 48, 1, 7), address);
        assertNotEquals(IpAddress.v6(0, 0x7f00_0001L, 0), IpAddress.v4(0x7f00_0001));
        assertNotEquals("127.0.0.1", IpAddress.v4(0x7f00_0001));
    }

    /** A hash map of a site's addresses would become a list if they had few hash values. */
    @Test
    void neighboursHaveDifferentHashes() {
        Set<Integer> hashes = new HashSet<>();
        for (int host = 0; host < 65_536; host++) {
            hashes.add(IpAddress.v4(0x0a00_0000 + host).hashCode());
            hashes.add(IpAddress.v6(0x2001_0db8L << 32 | host, 0, 0).hashCode());
        }
        // Two in a hundred may meet by chance.
        assertEquals(131_072, hashes.size(), 131_072 / 50.0);
    }
}
