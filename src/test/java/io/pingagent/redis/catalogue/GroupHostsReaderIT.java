package io.pingagent.redis.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ZabbixHost;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.catalogue.GroupHostsReader.GroupHosts;
import io.pingagent.testkit.SharedRedis;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GroupHostsReaderIT {

    @RegisterExtension
    static final SharedRedis REDIS = new SharedRedis();

    private static GroupHostsReader reader(URI url) {
        return new GroupHostsReader(new RedisConnector(RedisSettings.of("gza", url)));
    }

    private static GroupHosts read(String... groups) {
        return reader(REDIS.url()).read(List.of(groups));
    }

    @Test
    void readsTheHostsOfEachGroup() {
        REDIS.connection().hset("group-hosts_core", Map.of("192.0.2.1", "r1,r2;icmpping", "2001:db8::1", "r3"));

        GroupHosts read = read("core", "edge");

        assertEquals(
                Map.of(
                        "core",
                        Map.of(
                                Addresses.parse("192.0.2.1"), ZabbixHost.parse("r1,r2;icmpping"),
                                Addresses.parse("2001:db8::1"), ZabbixHost.parse("r3"))),
                read.byGroup());
        assertEquals(List.of(), read.problems());
    }

    @Test
    void readsAHashOfManyPages() {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            fields.put(IpAddress.v4(0x0A00_0000 + i).toString(), "host-" + i);
        }
        REDIS.connection().hset("group-hosts_core", fields);

        Map<IpAddress, List<ZabbixHost>> hosts = read("core").byGroup().get("core");

        assertEquals(20_000, hosts.size());
        assertEquals(ZabbixHost.parse("host-19999"), hosts.get(Addresses.parse("10.0.78.31")));
    }

    @Test
    void aBadFieldIsNamedAndStopsNoOther() {
        REDIS.connection().hset("group-hosts_core", Map.of("192.0.2.1", "r1", "no address", "r2", "192.0.2.3", "a/b"));

        GroupHosts read = read("core");

        assertEquals(
                Set.of(Addresses.parse("192.0.2.1")), read.byGroup().get("core").keySet());
        assertEquals(2, read.problems().size());
        assertTrue(
                read.problems().toString().contains("field '192.0.2.3'"),
                read.problems().toString());
        assertEquals("group-hosts_core", read.problems().get(0).where());
    }

    @Test
    void manyBadFieldsMakeFewLines() {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            fields.put("bad-" + i, "host");
        }
        REDIS.connection().hset("group-hosts_core", fields);

        GroupHosts read = read("core");

        assertEquals(6, read.problems().size());
        assertEquals("95 more bad fields, 100 in all", read.problems().get(5).what());
    }

    @Test
    void aKeyOfAnotherTypeIsUnreadableAndStopsNoOther() {
        REDIS.connection().sadd("group-hosts_core", "192.0.2.1");
        REDIS.connection().hset("group-hosts_edge", "192.0.2.2", "r2");

        GroupHosts read = read("core", "edge");

        assertEquals(List.of("core"), List.copyOf(read.unreadable()));
        assertEquals(Set.of("edge"), read.byGroup().keySet());
        assertEquals("it is not a hash", read.problems().get(0).what());
    }

    @Test
    void withoutTheRightNothingIsTakenForAbsent() {
        REDIS.connection().hset("group-hosts_core", "192.0.2.1", "r1");
        REDIS.connection().aclSetUser("poor", "reset", "on", ">secret", "~group_*", "+@all");
        try {
            URI url = URI.create("redis://poor:secret@127.0.0.1:" + REDIS.port());
            GroupHosts read = reader(url).read(List.of("core", "edge"));

            assertEquals(List.of("core", "edge"), List.copyOf(read.unreadable()));
            assertEquals(1, read.problems().size());
            assertTrue(
                    read.problems().get(0).remedy().contains("ACL SETUSER"),
                    read.problems().toString());
        } finally {
            REDIS.connection().aclDelUser("poor");
        }
    }

    @Test
    void neverTakesSilenceForNoHosts() {
        assertThrows(
                RedisUnreachableException.class,
                () -> reader(URI.create("redis://127.0.0.1:1")).read(List.of("core")));
    }
}
