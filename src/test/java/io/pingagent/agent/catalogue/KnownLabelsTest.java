package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.catalogue.LabelReader.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownLabelsTest {

    private final Map<String, AddressSet> groups = new HashMap<>();
    private final Map<IpAddress, TargetLabels> inRedis = new HashMap<>();
    private final Set<IpAddress> unreadable = new HashSet<>();
    private final Map<String, List<Problem>> problems = new HashMap<>();
    private final List<Set<String>> asked = new ArrayList<>();
    private final List<IpAddress> addressesAsked = new ArrayList<>();
    private boolean isAway;
    private @Nullable Problem denied;
    private final KnownLabels known = new KnownLabels(this::read, this::isTarget);

    private Labels read(Map<String, AddressSet> wanted) {
        if (isAway) {
            throw new RedisUnreachableException("no answer", null);
        }
        asked.add(new TreeSet<>(wanted.keySet()));
        AddressSet.union(wanted.values()).forEach(addressesAsked::add);
        if (denied != null) {
            return new Labels(Map.of(), Set.of(), Map.of(), denied);
        }
        Map<IpAddress, TargetLabels> found = new HashMap<>(inRedis);
        found.keySet().removeIf(address -> wanted.values().stream().noneMatch(group -> group.contains(address)));
        Map<String, List<Problem>> own = new HashMap<>(problems);
        own.keySet().retainAll(wanted.keySet());
        return new Labels(found, Set.copyOf(unreadable), own, null);
    }

    private boolean isTarget(IpAddress address) {
        return groups.values().stream().anyMatch(group -> group.contains(address));
    }

    private static IpAddress ip(String address) {
        return Addresses.parse(address);
    }

    private void group(String name, String... members) {
        AddressSet.Builder builder = new AddressSet.Builder();
        for (String member : members) {
            builder.add(ip(member));
        }
        groups.put(name, builder.build());
    }

    private void named(String address, String name) {
        inRedis.put(ip(address), new TargetLabels(name, null, Map.of()));
    }

    private void behind(String address, String parent) {
        inRedis.put(ip(address), new TargetLabels("", ip(parent), Map.of()));
    }

    private List<Problem> follow(boolean isDoubtful, String... groupsRead) {
        return known.follow(new CatalogueSnapshot(
                Map.of(),
                Map.copyOf(groups),
                List.of(),
                true,
                isDoubtful,
                Map.of(),
                CatalogueSnapshot.Reading.of(Set.of(groupsRead))));
    }

    private void followNames(Map<IpAddress, HostName> hostNames) {
        known.follow(new CatalogueSnapshot(
                Map.of(), Map.copyOf(groups), List.of(), true, false, hostNames, CatalogueSnapshot.Reading.NONE));
    }

    private List<Problem> followAll() {
        return follow(false, groups.keySet().toArray(String[]::new));
    }

    private String name(String address) {
        return known.book().of(ip(address)).name();
    }

    @Test
    void labelsAreReadOfTheGroupsThatWereRead() {
        group("a", "192.0.2.1");
        group("b", "192.0.2.2");
        named("192.0.2.1", "one");
        named("192.0.2.2", "two");
        followAll();
        named("192.0.2.1", "uno");
        named("192.0.2.2", "due");

        follow(false, "a");
        assertEquals("uno", name("192.0.2.1"));
        assertEquals("two", name("192.0.2.2"), "not read again");

        follow(false);
        assertEquals(List.of(Set.of("a", "b"), Set.of("a")), asked, "a change of jobs alone asks for no labels");

        followAll();
        assertEquals("due", name("192.0.2.2"), "at the next full reading");
    }

    @Test
    void labelsThatWereRemovedGo() {
        group("a", "192.0.2.1");
        group("b", "192.0.2.1", "192.0.2.2");
        named("192.0.2.1", "one");
        named("192.0.2.2", "two");
        followAll();
        inRedis.clear();
        follow(false, "a");
        assertEquals("", name("192.0.2.1"));
        assertEquals("two", name("192.0.2.2"));
        followAll();
        assertEquals(LabelBook.EMPTY, known.book());
    }

    @Test
    void whatCannotBeReadOrMayBeLostStays() {
        group("a", "192.0.2.1", "192.0.2.2");
        named("192.0.2.1", "one");
        named("192.0.2.2", "two");
        followAll();
        inRedis.clear();
        unreadable.add(ip("192.0.2.1"));
        followAll();
        assertEquals("one", name("192.0.2.1"));
        assertEquals("", name("192.0.2.2"));

        unreadable.clear();
        follow(true, "a");
        assertEquals("one", name("192.0.2.1"), "Redis may have lost it");

        denied = new Problem("target_*", "not permitted", "ACL SETUSER");
        assertEquals(List.of(denied), followAll());
        assertEquals("one", name("192.0.2.1"), "nobody may look");
    }

    @Test
    void aProblemStaysUntilItsGroupIsReadAgain() {
        group("a", "192.0.2.1");
        group("b", "192.0.2.2");
        Problem bad = new Problem("target_192.0.2.1", "bad", "correct it");
        problems.put("a", List.of(bad));
        assertEquals(List.of(bad), followAll());
        problems.clear();
        assertEquals(List.of(bad), follow(false, "b"));
        assertEquals(List.of(), follow(false, "a"));
        problems.put("a", List.of(bad));
        followAll();
        groups.remove("a");
        assertEquals(List.of(), followAll(), "no job names the group any more");
    }

    @Test
    void withoutAChangeTheBookIsTheSame() {
        group("a", "192.0.2.1");
        named("192.0.2.1", "one");
        followAll();
        LabelBook before = known.book();
        named("192.0.2.1", "one");
        followAll();
        assertSame(before, known.book());
    }

    @Test
    void parentsGoOverSeveralLevels() {
        group("a", "192.0.2.1", "192.0.2.2", "192.0.2.3");
        behind("192.0.2.3", "192.0.2.2");
        behind("192.0.2.2", "192.0.2.1");
        assertEquals(List.of(), followAll());
        assertEquals(
                Map.of(ip("192.0.2.3"), ip("192.0.2.2"), ip("192.0.2.2"), ip("192.0.2.1")),
                known.book().parents());
    }

    @Test
    void aCircleIsNamedAndHasNoParents() {
        group("a", "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6");
        behind("192.0.2.3", "192.0.2.4");
        behind("192.0.2.4", "192.0.2.2");
        behind("192.0.2.2", "192.0.2.3");
        behind("192.0.2.1", "192.0.2.3");
        behind("192.0.2.5", "192.0.2.6");
        behind("192.0.2.6", "192.0.2.5");

        List<Problem> found = followAll();

        assertEquals(2, found.size());
        assertEquals("target_192.0.2.2", found.get(0).where());
        assertEquals(
                "parents in a circle: 192.0.2.2 behind 192.0.2.3 behind 192.0.2.4 behind 192.0.2.2; none of these has a"
                        + " parent until that is corrected",
                found.get(0).what());
        assertEquals(Map.of(ip("192.0.2.1"), ip("192.0.2.3")), known.book().parents(), "beside the circle, not in it");
    }

    @Test
    void manyCirclesMakeFewLines() {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < 200; i += 2) {
            behind("192.0.2." + i, "192.0.2." + (i + 1));
            behind("192.0.2." + (i + 1), "192.0.2." + i);
            members.addAll(List.of("192.0.2." + i, "192.0.2." + (i + 1)));
        }
        group("a", members.toArray(String[]::new));
        List<Problem> found = followAll();
        assertEquals(6, found.size());
        assertEquals("95 more circles of parents, 100 in all", found.get(5).what());
        assertEquals(Map.of(), known.book().parents());
    }

    @Test
    void aParentThatNobodyProbesIsReported() {
        group("a", "192.0.2.7", "192.0.2.8", "192.0.2.9");
        behind("192.0.2.8", "192.0.2.1");
        behind("192.0.2.7", "192.0.2.1");
        behind("192.0.2.9", "192.0.2.7");
        List<Problem> found = followAll();
        assertEquals(1, found.size());
        assertEquals("target_192.0.2.7", found.get(0).where());
        assertTrue(
                found.get(0).what().startsWith("no job probes its parent 192.0.2.1, which is that of 1 more"),
                found.toString());
        group("b", "192.0.2.1");
        assertEquals(List.of(), followAll());
    }

    @Test
    void anAddressOfAHostNameIsCalledByItUnlessItHasANameOfItsOwn() {
        group("a", "192.0.2.1", "192.0.2.2", "192.0.2.3");
        named("192.0.2.2", "core-2");
        followAll();
        HostName gateway = HostName.parse("host:gw.example.net.");
        followNames(Map.of(ip("192.0.2.1"), gateway, ip("192.0.2.2"), gateway));
        assertEquals("gw.example.net", name("192.0.2.1"));
        assertEquals("core-2", name("192.0.2.2"));
        followNames(Map.of(ip("192.0.2.3"), gateway));
        assertEquals("", name("192.0.2.1"), "the name has another address now");
        assertEquals("gw.example.net", name("192.0.2.3"));
        assertEquals("core-2", name("192.0.2.2"));
    }

    /** Else it would have no parent for up to a minute, and be down where its parent is. */
    @Test
    void aNewAddressOfAHostNameHasItsLabelsAtOnce() {
        HostName gateway = HostName.parse("host:gw.example.net");
        group("a", "192.0.2.1", "192.0.2.2");
        group("b", "192.0.2.1");
        followAll();
        addressesAsked.clear();
        behind("192.0.2.3", "192.0.2.1");
        named("192.0.2.1", "changed");
        group("a", "192.0.2.1", "192.0.2.2", "192.0.2.3");
        followNames(Map.of(ip("192.0.2.3"), gateway));
        assertEquals(Map.of(ip("192.0.2.3"), ip("192.0.2.1")), known.book().parents());
        assertEquals("gw.example.net", name("192.0.2.3"));
        assertEquals("", name("192.0.2.1"), "not read again");
        followNames(Map.of(ip("192.0.2.3"), gateway));
        assertEquals(List.of(ip("192.0.2.3")), addressesAsked, "read once, and no other");
    }

    @Test
    void addressesOfHostNamesAreAppliedWhileRedisIsAwayAndHaveTheirLabelsAfterwards() {
        Map<IpAddress, HostName> hostNames = Map.of(ip("192.0.2.3"), HostName.parse("host:gw.example.net"));
        group("a", "192.0.2.3");
        group("b", "192.0.2.1");
        followNames(Map.of());
        named("192.0.2.3", "core-3");
        isAway = true;
        followNames(hostNames);
        assertEquals("gw.example.net", name("192.0.2.3"));
        isAway = false;
        followNames(hostNames);
        assertEquals(List.of(), asked, "nobody knows yet that Redis is back, and asking may take seconds");
        known.follow(new CatalogueSnapshot(
                Map.of(),
                Map.copyOf(groups),
                List.of(),
                true,
                false,
                hostNames,
                CatalogueSnapshot.Reading.of(Set.of("b"))));
        assertEquals("core-3", name("192.0.2.3"));
    }

    @Test
    void anAddressOfTwoGroupsHasOneLineThatGoesWithItsFault() {
        group("a", "192.0.2.1");
        group("b", "192.0.2.1", "192.0.2.2");
        Problem bad = new Problem("target_192.0.2.1", "bad", "correct it");
        Problem other = new Problem("target_192.0.2.2", "bad", "correct it");
        problems.put("a", List.of(bad));
        problems.put("b", List.of(other));
        assertEquals(List.of(bad, other), followAll());
        problems.put("b", List.of(bad, other));
        assertEquals(List.of(bad, other), follow(false, "b"));
        problems.put("b", List.of(other));
        assertEquals(List.of(other), follow(false, "b"), "corrected");
    }
}
