package io.pingagent.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.zabbix.api.FoundHost;
import io.pingagent.zabbix.api.FoundHost.Monitor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefusedLinksTest {

    @Test
    void aHostIsTriedAgainAfterADay() {
        List<FoundHost> hosts = List.of(
                new FoundHost("1", "a", "", false, Monitor.SERVER, List.of(), Set.of()),
                new FoundHost("2", "b", "", false, Monitor.SERVER, List.of(), Set.of()));
        RefusedLinks refused = new RefusedLinks();
        long startNanos = -TimeUnit.HOURS.toNanos(7);
        refused.add(Set.of("1"), startNanos);
        assertEquals(hosts.subList(1, 2), refused.withoutRefused(hosts, startNanos + TimeUnit.HOURS.toNanos(23)));
        assertEquals(hosts, refused.withoutRefused(hosts, startNanos + TimeUnit.HOURS.toNanos(24)));
    }
}
