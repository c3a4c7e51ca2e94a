package io.pingagent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class ZonesTest {

    @Test
    void theSameTextHasTheSameNumberAndComesBack() {
        int first = Zones.number("zone-a");
        int other = Zones.number("zone-b");
        assertNotEquals(first, other);
        assertEquals(first, Zones.number("zone-a"));
        assertEquals(first, Zones.find("zone-a"));
        assertEquals("zone-a", Zones.name(first));
        assertEquals(0, Zones.find("zone-c"));
    }

    @Test
    void addressesWithDifferentZonesDifferAndAreInOrderOfTheNames() {
        int late = Zones.number("zone-z");
        int early = Zones.number("zone-y");
        IpAddress plain = IpAddress.v6(0xfe80L << 48, 1, 0);
        IpAddress y = IpAddress.v6(0xfe80L << 48, 1, early);
        IpAddress z = IpAddress.v6(0xfe80L << 48, 1, late);
        assertNotEquals(y, z);
        assertTrue(y.compareTo(z) < 0 && z.compareTo(y) > 0);
        assertTrue(plain.compareTo(y) < 0 && y.compareTo(plain) > 0);
        assertEquals(0, y.compareTo(IpAddress.v6(0xfe80L << 48, 1, early)));
        assertEquals("fe80::1%zone-y", y.toString());
    }

    /** In a class of its own, because the table is for the whole process. */
    @Test
    void hostileZonesDoNotFillTheMemory() throws Exception {
        URL classes = Zones.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, null)) {
            Method number = loader.loadClass(Zones.class.getName()).getMethod("number", String.class);
            for (int i = 0; i < Zones.MAX_ZONES; i++) {
                number.invoke(null, "hostile" + i);
            }
            for (int i = 0; i < 100_000; i++) {
                String more = "more" + i;
                assertThrows(ReflectiveOperationException.class, () -> number.invoke(null, more));
            }
            Throwable refusal = assertThrows(ReflectiveOperationException.class, () -> number.invoke(null, "one-more"))
                    .getCause();
            assertEquals(
                    "the zone 'one-more' is one too many: at most 4096 different ones are known; remove some and restart",
                    refusal.getMessage());
            assertEquals(1, number.invoke(null, "hostile0"));
        }
    }
}
