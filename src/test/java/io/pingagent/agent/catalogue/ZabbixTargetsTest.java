package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.jobs.CronSpec;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Job;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.model.ZabbixHost;
import io.pingagent.redis.catalogue.GroupHostsReader.GroupHosts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

public class ZabbixTargetsTest {

    private final Ids ids = new Ids();
    private final Map<String, AddressSet> groups = new HashMap<>();
    private final Map<String, JobSetup> jobs = new TreeMap<>();
    private final Map<String, Map<IpAddress, List<ZabbixHost>>> hostsInRedis = new HashMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private LabelBook labels = LabelBook.EMPTY;
    private final KnownHosts hosts = new KnownHosts(names -> new GroupHosts(hostsInRedis, unreadable, List.of()));

    /** Ids in the order of asking, as a new engine gives them. */
    private static final class Ids implements ZabbixTargets.Directory {
        final List<IpAddress> addresses = new ArrayList<>();

        @Override
        public int limit() {
            return addresses.size();
        }

        @Override
        public int idOf(IpAddress address) {
            return addresses.indexOf(address);
        }

        @Override
        public IpAddress address(int targetId) {
            return addresses.get(targetId);
        }

        @Override
        public boolean onErrList(int targetId) {
            return targetId == 1;
        }
    }

    public static ZabbixTargets.Directory nothing() {
        return new Ids();
    }

    private void group(String name, String... members) {
        AddressSet.Builder builder = new AddressSet.Builder();
        for (String member : members) {
            IpAddress address = Addresses.parse(member);
            builder.add(address);
            if (!ids.addresses.contains(address)) {
                ids.addresses.add(address);
            }
        }
        groups.put(name, builder.build());
    }

    private void job(String name, String... groupNames) {
        List<AddressSet> sets = new ArrayList<>();
        for (String group : groupNames) {
            sets.add(groups.get(group));
        }
        jobs.put(
                name,
                new JobSetup(
                        new Job(name, "job_" + name, "@every 10s", List.of(groupNames)),
                        CronSpec.parse("@every 10s"),
                        sets,
                        1_000_000_000L));
    }

    private CatalogueSnapshot catalogue() {
        return new CatalogueSnapshot(new TreeMap<>(jobs), new HashMap<>(groups), List.of(), true, false);
    }

    private int id(String address) {
        return ids.idOf(Addresses.parse(address));
    }

    @Test
    void isNotReadyBeforeTheFirstCatalogue() {
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        assertFalse(targets.ready());
        targets.update(catalogue());
        assertTrue(targets.ready());
        assertEquals(0, targets.limit());
    }

    @Test
    void aChangedAddressOfANameIsBridgedWithoutAskingRedisForHosts() {
        int[] readings = {0};
        KnownHosts counted = new KnownHosts(names -> {
            readings[0]++;
            return new GroupHosts(Map.of(), List.of(), List.of());
        });
        group("a", "192.0.2.1");
        job("x", "a");
        ZabbixTargets targets = new ZabbixTargets(ids, counted, () -> labels, List.of());
        targets.update(catalogue());
        group("a", "192.0.2.1", "192.0.2.7");
        job("x", "a");
        targets.update(new CatalogueSnapshot(
                new TreeMap<>(jobs),
                new HashMap<>(groups),
                List.of(),
                true,
                false,
                Map.of(),
                CatalogueSnapshot.Reading.NONE));
        assertTrue(targets.bridged(id("192.0.2.7")));
        assertEquals(1, readings[0]);
    }

    /** Zabbix would take the empty list for the end of every address. */
    @Test
    void tellsNothingOfARedisThatMayHaveLostEverything() {
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        targets.update(new CatalogueSnapshot(Map.of(), Map.of(), List.of(), false, false));
        assertFalse(targets.ready());
        group("a", "192.0.2.1");
        job("x", "a");
        targets.update(catalogue());
        assertTrue(targets.ready());
    }

    @Test
    void knowsAnAddressByItsFirstGroupAndJob() {
        group("b", "192.0.2.1", "192.0.2.2");
        group("a", "192.0.2.2", "192.0.2.3");
        job("y", "a");
        job("x", "b");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        targets.update(catalogue());
        assertEquals("b", targets.group(id("192.0.2.1")));
        assertEquals("a", targets.group(id("192.0.2.2")));
        assertEquals("x", targets.job(id("192.0.2.1")));
        assertEquals("x", targets.job(id("192.0.2.2")));
        assertEquals("y", targets.job(id("192.0.2.3")));
        assertTrue(targets.onErrList(1));
    }

    @Test
    void bridgesOnlyTheGroupsThatAreNamed() {
        group("core", "192.0.2.1");
        group("dsl", "192.0.2.1", "192.0.2.2");
        job("all", "core", "dsl");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of("dsl", "gone"));
        targets.update(catalogue());
        assertEquals("dsl", targets.group(id("192.0.2.1")));
        assertTrue(targets.bridged(id("192.0.2.2")));
        List<Problem> problems = targets.problems(catalogue());
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).what().contains("'gone'"), problems.toString());

        ZabbixTargets onlyCore = new ZabbixTargets(ids, hosts, () -> labels, List.of("core"));
        onlyCore.update(catalogue());
        assertFalse(onlyCore.bridged(id("192.0.2.2")));
    }

    @Test
    void changesItsVersionOnlyWithTheCatalogue() {
        group("core", "192.0.2.1", "192.0.2.2");
        job("all", "core");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        targets.update(catalogue());
        long first = targets.version();
        targets.update(catalogue());
        assertEquals(first, targets.version());
        group("core", "192.0.2.1");
        job("all", "core");
        targets.update(catalogue());
        assertTrue(targets.version() > first);
        assertFalse(targets.bridged(id("192.0.2.2")));
        assertEquals("", targets.group(id("192.0.2.2")));
    }

    @Test
    void followsAnAddressThatMovesToAnotherGroupOfItsJob() {
        group("a", "192.0.2.1");
        group("b", "192.0.2.2");
        job("all", "a", "b");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        targets.update(catalogue());
        group("a");
        group("b", "192.0.2.1", "192.0.2.2");
        targets.update(catalogue());
        assertEquals("b", targets.group(id("192.0.2.1")));
    }

    private void host(String group, String address, String text) {
        Map<IpAddress, List<ZabbixHost>> read = new HashMap<>(hostsInRedis.getOrDefault(group, Map.of()));
        read.put(Addresses.parse(address), ZabbixHost.parse(text));
        hostsInRedis.put(group, read);
    }

    @Test
    void anAddressHasTheHostsOfAllItsGroups() {
        group("core", "192.0.2.1", "192.0.2.2");
        group("edge", "192.0.2.1");
        job("j", "core", "edge");
        host("core", "192.0.2.1", "router-1");
        host("edge", "192.0.2.1", "router-1,router-2;icmpping");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());

        targets.update(catalogue());

        assertEquals(ZabbixHost.parse("router-1,router-2;icmpping"), targets.hosts(id("192.0.2.1")));
        assertEquals(List.of(), targets.hosts(id("192.0.2.2")));
    }

    @Test
    void hostsOfGroupsThatAreNotBridgedTakeNothing() {
        group("core", "192.0.2.1");
        group("edge", "192.0.2.1");
        job("j", "core", "edge");
        host("edge", "192.0.2.1", "router-2");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of("core"));

        targets.update(catalogue());

        assertEquals(List.of(), targets.hosts(id("192.0.2.1")));
    }

    @Test
    void followsHostsThatChangeWhileGroupsDoNot() {
        group("core", "192.0.2.1");
        job("j", "core");
        host("core", "192.0.2.1", "old");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        targets.update(catalogue());
        long before = targets.version();

        host("core", "192.0.2.1", "new");
        targets.update(catalogue());

        assertEquals(ZabbixHost.parse("new"), targets.hosts(id("192.0.2.1")));
        assertEquals(before + 1, targets.version());
    }

    @Test
    void hostsThatPeopleRemovedTakeNothingMore() {
        group("core", "192.0.2.1");
        job("j", "core");
        host("core", "192.0.2.1", "router-1");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        targets.update(catalogue());

        hostsInRedis.clear();
        targets.update(catalogue());

        assertEquals(List.of(), targets.hosts(id("192.0.2.1")));
    }

    @Test
    void keepsHostsWhileRedisMayHaveLostData() {
        group("core", "192.0.2.1");
        job("j", "core");
        host("core", "192.0.2.1", "router-1");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        targets.update(catalogue());

        hostsInRedis.clear();
        targets.update(new CatalogueSnapshot(new TreeMap<>(jobs), new HashMap<>(groups), List.of(), true, true));

        assertEquals(ZabbixHost.parse("router-1"), targets.hosts(id("192.0.2.1")));
    }

    @Test
    void keepsHostsThatCannotBeRead() {
        group("core", "192.0.2.1");
        job("j", "core");
        host("core", "192.0.2.1", "router-1");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        targets.update(catalogue());

        hostsInRedis.clear();
        unreadable.add("core");
        targets.update(catalogue());

        assertEquals(ZabbixHost.parse("router-1"), targets.hosts(id("192.0.2.1")));
    }

    @Test
    void labelsAndParentsFollowTheAddressesAndCountAsAChange() {
        group("a", "192.0.2.1", "192.0.2.2", "192.0.2.3");
        job("x", "a");
        ZabbixTargets targets = new ZabbixTargets(ids, hosts, () -> labels, List.of());
        targets.update(catalogue());
        assertEquals(TargetLabels.NONE, targets.labels(id("192.0.2.2")));
        assertEquals(-1, targets.parent(id("192.0.2.2")));

        IpAddress one = Addresses.parse("192.0.2.1");
        IpAddress two = Addresses.parse("192.0.2.2");
        IpAddress three = Addresses.parse("192.0.2.3");
        IpAddress stranger = Addresses.parse("198.51.100.1");
        TargetLabels own = new TargetLabels("core-2", one, Map.of("site", "ams"));
        labels = new LabelBook(Map.of(two, own, stranger, own), Map.of(two, one, three, stranger));
        long before = targets.version();
        targets.update(catalogue());

        assertEquals(before + 1, targets.version());
        assertEquals(own, targets.labels(id("192.0.2.2")));
        assertEquals(id("192.0.2.1"), targets.parent(id("192.0.2.2")));
        assertEquals(-1, targets.parent(id("192.0.2.3")), "nobody probes its parent");
        targets.update(catalogue());
        assertEquals(before + 1, targets.version());
    }
}
