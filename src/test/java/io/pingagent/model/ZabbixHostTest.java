package io.pingagent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixHost.Keys;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZabbixHostTest {

    @Test
    void readsWhatItWrites() {
        List<ZabbixHost> hosts =
                List.of(new ZabbixHost("core 1.example_net-a", Keys.PING), new ZabbixHost("core-2", Keys.ICMPPING));

        assertEquals("core 1.example_net-a,core-2;icmpping", ZabbixHost.format(hosts));
        assertEquals(hosts, ZabbixHost.parse(ZabbixHost.format(hosts)));
    }

    @Test
    void countsAHostOnce() {
        assertEquals(List.of(new ZabbixHost("a", Keys.PING)), ZabbixHost.parse("a,a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ",", "a,", "a;other", ";icmpping", " a", "a ", "a\nb", "rätsel", "a/b", "a;icmpping;icmpping"
            })
    void refusesWhatZabbixWouldNotTake(String text) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> ZabbixHost.parse(text));

        assertTrue(refused.getMessage().contains("technical name"), refused.getMessage());
    }

    @Test
    void namesHaveAtMost128Characters() {
        assertEquals(1, ZabbixHost.parse("x".repeat(128)).size());
        assertThrows(IllegalArgumentException.class, () -> ZabbixHost.parse("x".repeat(129)));
    }
}
