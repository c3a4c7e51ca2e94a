package io.pingagent.zabbix.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DestinationsTest {

    private static final ZabbixServer P1 = new ZabbixServer("p1", 10_051);
    private static final ZabbixServer P2 = new ZabbixServer("p2", 10_051);

    private final Destinations destinations = new Destinations();

    private static ZabbixValue value(String host, int clock) {
        return new ZabbixValue(host, "k", "1", clock, 0);
    }

    @Test
    void beforeTheFirstRedirectNothingIsKeptAndNothingSplit() {
        destinations.took("a", P1);
        assertFalse(destinations.any());
        assertNull(destinations.of("a"));
        List<ZabbixValue> values = List.of(value("a", 1), value("b", 2));
        assertEquals(List.of(values), destinations.parts(values));
    }

    @Test
    void aPacketHoldsHostsOfOneProxyAndUnknownHostsGoAloneInOrder() {
        destinations.redirect("a", P1);
        destinations.redirect("b", P2);
        destinations.took("c", P1);
        List<ZabbixValue> values = List.of(
                value("x", 1),
                value("a", 2),
                value("b", 3),
                value("y", 4),
                value("c", 5),
                value("x", 6),
                value("a", 7));
        assertEquals(
                List.of(
                        List.of(value("x", 1), value("x", 6)),
                        List.of(value("a", 2), value("c", 5), value("a", 7)),
                        List.of(value("b", 3)),
                        List.of(value("y", 4))),
                destinations.parts(values));
    }

    @Test
    void aProxyThatIsGoneIsForgottenAndNoOther() {
        for (int i = 0; i < 100_000; i++) {
            destinations.redirect("ping gza 10." + i, i % 3 == 0 ? P1 : P2);
        }
        destinations.forget(P1);
        for (int i = 0; i < 100_000; i++) {
            assertEquals(i % 3 == 0 ? null : P2, destinations.of("ping gza 10." + i), "host " + i);
        }
        destinations.took("ping gza 10.0", P2);
        assertEquals(P2, destinations.of("ping gza 10.0"));
        destinations.forget("ping gza 10.0");
        assertNull(destinations.of("ping gza 10.0"));
    }

    @Test
    void hostsAndProxiesWithoutEndAreForgottenNotKept() {
        for (int i = 0; i <= Destinations.MAX_HOSTS; i++) {
            destinations.redirect("h" + i, P1);
        }
        assertEquals(P1, destinations.of("h" + Destinations.MAX_HOSTS));
        assertNull(destinations.of("h0"));
        List<ZabbixServer> proxies = new ArrayList<>();
        for (int i = 1; i <= 1_001; i++) {
            proxies.add(new ZabbixServer("p", i));
            destinations.redirect("p" + i, proxies.get(i - 1));
        }
        assertEquals(proxies.get(1_000), destinations.of("p1001"));
    }
}
