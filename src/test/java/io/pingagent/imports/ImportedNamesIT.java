package io.pingagent.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.testkit.SharedRedis;
import io.pingagent.zabbix.api.FoundHost;
import io.pingagent.zabbix.api.FoundHost.Monitor;
import io.pingagent.zabbix.api.HostAddresses.Located;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ImportedNamesIT {

    @RegisterExtension
    static final SharedRedis REDIS = new SharedRedis();

    private final List<String> warnings = new ArrayList<>();

    private static Located host(String name, String visibleName, String address) {
        return new Located(
                new FoundHost("1", name, visibleName, false, Monitor.SERVER, List.of(), Set.of()),
                address.isEmpty() ? null : Addresses.parse(address),
                "",
                "");
    }

    private void write(URI url, List<Located> located) {
        try (RedisAdmin redis = RedisAdmin.connect(RedisSettings.of("gza", url))) {
            new ImportedNames(redis).write(ImportedNames.of(located), warnings);
        }
    }

    @Test
    void onlyAnAddressOfOneHostGetsItsName() {
        Map<IpAddress, String> names = ImportedNames.of(List.of(
                host("r1", "Router 1", "192.0.2.1"),
                host("r2", "", "192.0.2.2"),
                host("r3", "Router 3", ""),
                host("a", "A", "192.0.2.4"),
                host("b", "B", "192.0.2.4"),
                host("192.0.2.5", "192.0.2.5", "192.0.2.5"),
                host("x", "bad\u0007", "192.0.2.6")));
        assertEquals(Map.of(Addresses.parse("192.0.2.1"), "Router 1", Addresses.parse("192.0.2.2"), "r2"), names);
    }

    @Test
    void aNameThatSomebodyGaveStays() {
        REDIS.connection().hset("target_192.0.2.1", "name", "mine");
        REDIS.connection().hset("target_192.0.2.2", "site", "ams");
        write(
                REDIS.url(),
                List.of(
                        host("r1", "Router 1", "192.0.2.1"),
                        host("r2", "Router 2", "192.0.2.2"),
                        host("r3", "Router 3", "192.0.2.3")));
        assertEquals(Map.of("name", "mine"), REDIS.connection().hgetAll("target_192.0.2.1"));
        assertEquals(
                Map.of("site", "ams", "name", "Router 2"), REDIS.connection().hgetAll("target_192.0.2.2"));
        assertEquals(Map.of("name", "Router 3"), REDIS.connection().hgetAll("target_192.0.2.3"));
        assertEquals(List.of(), warnings);
    }

    /** The import of the group is done by then and must not fail. */
    @Test
    void withoutTheRightThereIsAWarningAndNoFailure() {
        REDIS.connection().aclSetUser("poor", "reset", "on", ">secret", "~group*", "+@all");
        try {
            write(
                    URI.create("redis://poor:secret@127.0.0.1:" + REDIS.port()),
                    List.of(host("r1", "Router 1", "192.0.2.1")));
        } finally {
            REDIS.connection().aclDelUser("poor");
        }
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("ACL SETUSER"), warnings.get(0));
    }
}
