package io.pingagent.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixHost.Keys;
import io.pingagent.zabbix.ZabbixKeys;
import io.pingagent.zabbix.api.FoundHost;
import io.pingagent.zabbix.api.FoundHost.Monitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZabbixImportHostsTest {

    private static FoundHost host(String name, boolean isDiscovered) {
        return new FoundHost("1", name, "", isDiscovered, Monitor.SERVER, List.of(), Set.of(Keys.PING));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "::1", "2001:db8:1:2:3:4:5:6"})
    void hostsThatTheAgentsMadeAreNotImported(String address) {
        List<String> warnings = new ArrayList<>();
        String name = ZabbixKeys.addressHost("another agent", address);
        assertEquals(
                List.of("edge"),
                ZabbixImportHosts.withoutOwn(
                                List.of(host("gza", false), host("edge", false), host(name, true)), "gza", warnings)
                        .stream()
                        .map(FoundHost::name)
                        .toList());
        assertTrue(warnings.get(0).startsWith("2 hosts are left out"), warnings.toString());
    }

    @Test
    void hostsOfOtherDiscoveriesAndOfPeopleAreImported() {
        List<String> warnings = new ArrayList<>();
        List<FoundHost> hosts = List.of(host("vm-17", true), host("ping gza 192.0.2.1", false), host("ping x", true));
        assertEquals(hosts, ZabbixImportHosts.withoutOwn(hosts, "gza", warnings));
        assertEquals(List.of(), warnings);
    }
}
