package io.pingagent.redis.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.catalogue.LabelReader.Labels;
import io.pingagent.testkit.SharedRedis;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LabelReaderIT {

    @RegisterExtension
    static final SharedRedis REDIS = new SharedRedis();

    private static LabelReader reader(URI url) {
        return new LabelReader(new RedisConnector(RedisSettings.of("gza", url)));
    }

    private static Labels read(AddressSet group) {
        return reader(REDIS.url()).read(Map.of("core", group));
    }

    private static AddressSet set(String... members) {
        AddressSet.Builder builder = new AddressSet.Builder();
        for (String member : members) {
            Addresses.expand(member, builder::add);
        }
        return builder.build();
    }

    private static AddressSet range(int count) {
        AddressSet.Builder builder = new AddressSet.Builder();
        for (int i = 0; i < count; i++) {
            builder.add(IpAddress.v4(0x0A00_0000 + i));
        }
        return builder.build();
    }

    private static long calls(String command) {
        String line = REDIS.connection()
                .info("commandstats")
                .lines()
                .filter(each -> each.startsWith("cmdstat_" + command + ":"))
                .findFirst()
                .orElse(command + ":calls=0,");
        return Long.parseLong(line.replaceAll("[^:]*:calls=(\\d+),.*", "$1"));
    }

    @Test
    void readsNamesParentsAndLabelsOfBothFamilies() {
        REDIS.connection().hset("target_192.0.2.7", Map.of("name", "core-1", "site", "ams", "parent", "192.0.2.1"));
        REDIS.connection().hset("target_2001:db8::1", "name", "Größe 6");

        Labels read = read(set("192.0.2.1", "192.0.2.7", "2001:db8::1"));

        assertEquals(
                Map.of(
                        Addresses.parse("192.0.2.7"),
                        new TargetLabels("core-1", Addresses.parse("192.0.2.1"), Map.of("site", "ams")),
                        Addresses.parse("2001:db8::1"),
                        new TargetLabels("Größe 6", null, Map.of())),
                read.found());
        assertEquals(Map.of(), read.problems());
        assertNull(read.denied());
    }

    /** Nobody uses labels in most installations. */
    @Test
    void aGroupWithoutLabelsCostsOneCommandForAThousandAddresses() {
        AddressSet group = range(50_000);
        long others = totalCalls() - calls("exists");
        long exists = calls("exists");
        long hashes = calls("hgetall");

        assertEquals(Map.of(), read(group).found());

        assertEquals(50, calls("exists") - exists);
        assertEquals(hashes, calls("hgetall"));
        // Logging in, CLIENT SETNAME and the INFO of this test.
        assertTrue(totalCalls() - calls("exists") - others < 15, "other commands: " + (totalCalls() - others));
    }

    private static long totalCalls() {
        return REDIS.connection()
                .info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^:]*:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void aFewLabelsAmongManyAddressesAreFoundWithFewCommands() {
        for (int i : new int[] {0, 999, 1_000, 25_499, 49_999}) {
            REDIS.connection().hset("target_" + IpAddress.v4(0x0A00_0000 + i), "name", "n" + i);
        }
        long hashes = calls("hgetall");

        Labels read = read(range(50_000));

        assertEquals(5, read.found().size());
        assertEquals(
                "n49999", read.found().get(IpAddress.v4(0x0A00_0000 + 49_999)).name());
        assertTrue(calls("hgetall") - hashes <= 5 * 25, "hashes asked for: " + (calls("hgetall") - hashes));
    }

    @Test
    void whatCannotBeUsedIsNamedAndStopsNoOther() {
        REDIS.connection().set("target_192.0.2.1", "core-1");
        REDIS.connection().hset("target_192.0.2.2", Map.of("name", "edge-1", "parent", "nowhere"));
        REDIS.connection().hset("target_192.0.2.3", "name", "edge-2");
        REDIS.connection().hset("target_192.0.2.4", "a b", "x");

        Labels read = read(set("192.0.2.0/28"));

        assertEquals(Set.of(Addresses.parse("192.0.2.3")), read.found().keySet());
        assertEquals(
                Set.of(Addresses.parse("192.0.2.1"), Addresses.parse("192.0.2.2"), Addresses.parse("192.0.2.4")),
                read.unreadable());
        List<Problem> problems = read.problems().get("core");
        assertEquals(
                List.of("target_192.0.2.1", "target_192.0.2.2", "target_192.0.2.4"),
                problems.stream().map(Problem::where).toList());
        assertEquals(
                "it is not a hash; its last good labels stay", problems.get(0).what());
        assertTrue(problems.get(0).remedy().startsWith("DEL target_192.0.2.1"));
        assertTrue(problems.get(1).what().startsWith("the value of 'parent' is no address"));
    }

    @Test
    void manyBadHashesMakeFewLines() {
        for (int i = 0; i < 100; i++) {
            REDIS.connection().hset("target_" + IpAddress.v4(0x0A00_0000 + i), "parent", "nowhere");
        }
        List<Problem> problems = read(range(100)).problems().get("core");
        assertEquals(6, problems.size());
        assertEquals(
                "95 more addresses with labels that cannot be used, 100 in all",
                problems.get(5).what());
    }

    @Test
    void withoutTheRightThereIsOneLineWithTheRemedy() {
        REDIS.connection().aclSetUser("poor", "reset", "on", ">secret", "~group_*", "+@all");
        try {
            URI url = URI.create("redis://poor:secret@127.0.0.1:" + REDIS.port());
            Labels read = reader(url).read(Map.of("core", set("192.0.2.0/24"), "edge", set("198.51.100.0/24")));

            assertEquals(Map.of(), read.problems());
            assertNotNull(read.denied());
            assertTrue(read.denied().remedy().contains("ACL SETUSER"), String.valueOf(read.denied()));
        } finally {
            REDIS.connection().aclDelUser("poor");
        }
    }

    @Test
    void aServerThatIsAwayIsNotTakenForNoLabels() {
        assertThrows(
                RedisUnreachableException.class,
                () -> reader(URI.create("redis://127.0.0.1:1")).read(Map.of("core", set("192.0.2.1"))));
        assertFalse(REDIS.connection().exists("target_192.0.2.1"));
    }
}
