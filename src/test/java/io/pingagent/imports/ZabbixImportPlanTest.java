package io.pingagent.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ZabbixHost;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ZabbixImportPlanTest {

    private final Map<IpAddress, List<ZabbixHost>> wanted = new LinkedHashMap<>();
    private final Map<String, String> earlier = new TreeMap<>();
    private final Set<String> members = new HashSet<>();

    private void now(String address, String hosts) {
        wanted.put(Addresses.parse(address), ZabbixHost.parse(hosts));
    }

    /** As an import left it. */
    private void before(String address, String hosts) {
        earlier.put(address, hosts);
        members.add(address);
    }

    private ZabbixImportPlan plan() {
        return new ZabbixImportPlan(wanted, earlier, members);
    }

    private List<String> changes() {
        return plan().changes().stream()
                .map(ZabbixImportResult.Change::toString)
                .toList();
    }

    @Test
    void theFirstImportAddsEverything() {
        now("192.0.2.1", "a,b");
        now("2001:db8::1", "c;icmpping");
        ZabbixImportPlan plan = plan();
        assertEquals(Map.of("192.0.2.1", "a,b", "2001:db8::1", "c;icmpping"), plan.put());
        assertEquals(List.of("192.0.2.1", "2001:db8::1"), plan.addedMembers());
        assertEquals(3, plan.changes().size());
        assertFalse(plan.vanishesTooMuch());
    }

    @Test
    void theSameAnswerChangesNothing() {
        before("192.0.2.1", "a,b");
        now("192.0.2.1", "a,b");
        assertTrue(plan().isEmpty());
        assertEquals(List.of(), plan().changes());
    }

    @Test
    void aMemberAddedByHandStays() {
        members.add("192.0.2.200");
        members.add("192.0.2.0/24");
        before("192.0.2.1", "a");
        before("192.0.2.2", "b");
        now("192.0.2.1", "a");
        assertEquals(List.of("192.0.2.2"), plan().removedMembers());
        assertEquals(Set.of("192.0.2.2"), plan().removedFields());
        assertEquals(List.of("removed host 'b' at 192.0.2.2"), changes());
    }

    @Test
    void aMemberRemovedByHandComesBack() {
        before("192.0.2.1", "a");
        members.clear();
        now("192.0.2.1", "a");
        assertEquals(List.of("192.0.2.1"), plan().addedMembers());
        assertEquals(Map.of(), plan().put());
    }

    @Test
    void anImportThatBrokeOffIsFinished() {
        // The members were removed, and the fields of the hash not yet.
        earlier.put("192.0.2.9", "gone");
        before("192.0.2.1", "a");
        now("192.0.2.1", "a");
        ZabbixImportPlan plan = plan();
        assertEquals(List.of(), plan.removedMembers());
        assertEquals(Set.of("192.0.2.9"), plan.removedFields());
        assertFalse(plan.isEmpty());
    }

    @Test
    void aHostWithAnotherAddressHasMoved() {
        before("192.0.2.1", "a");
        now("192.0.2.2", "a");
        assertEquals(List.of("host 'a' moved: 192.0.2.1 -> 192.0.2.2"), changes());
        assertEquals(List.of("192.0.2.1"), plan().removedMembers());
        assertFalse(plan().vanishesTooMuch());
    }

    @Test
    void aHostWithAnotherNameAtTheSameAddressIsRenamed() {
        before("192.0.2.1", "old");
        before("192.0.2.2", "b");
        now("192.0.2.1", "new");
        now("192.0.2.2", "b");
        assertEquals(List.of("host 'old' is now 'new'"), changes());
        assertEquals(Map.of("192.0.2.1", "new"), plan().put());
        assertFalse(plan().vanishesTooMuch());
    }

    @Test
    void twoThatWentAndTwoThatCameAtOneAddressAreNoRename() {
        before("192.0.2.1", "a,b");
        now("192.0.2.1", "c,d");
        assertEquals(
                List.of(
                        "removed host 'a' at 192.0.2.1",
                        "removed host 'b' at 192.0.2.1",
                        "added host 'c' at 192.0.2.1",
                        "added host 'd' at 192.0.2.1"),
                changes());
    }

    @Test
    void aHostThatSharesAnAddressGoesAlone() {
        before("192.0.2.1", "a,b");
        now("192.0.2.1", "b");
        assertEquals(List.of("removed host 'a' at 192.0.2.1"), changes());
        assertEquals(List.of(), plan().removedMembers());
        assertEquals(Map.of("192.0.2.1", "b"), plan().put());
    }

    @Test
    void otherKeysAreAChange() {
        before("192.0.2.1", "a");
        now("192.0.2.1", "a,a;icmpping");
        assertEquals(
                List.of("host 'a' now takes ping.status, ping.loss, ... and icmpping, icmppingloss, ..."), changes());
    }

    @Test
    void moreThanHalfGoneIsTooMuch() {
        for (int i = 1; i <= 4; i++) {
            before("192.0.2." + i, "h" + i);
        }
        now("192.0.2.1", "h1");
        now("192.0.2.2", "h2");
        assertFalse(plan().vanishesTooMuch(), "half");
        wanted.remove(Addresses.parse("192.0.2.2"));
        assertTrue(plan().vanishesTooMuch(), "three of four");
        assertEquals(3, plan().vanishedHosts());
        assertEquals(4, plan().earlierHosts());
    }

    @Test
    void aHashThatSomebodySpoiltIsPutRight() {
        earlier.put("192.0.2.1", "");
        earlier.put("no address", "a");
        earlier.put("192.0.2.3", "b;nonsense;");
        now("192.0.2.1", "a");
        ZabbixImportPlan plan = plan();
        assertEquals(Map.of("192.0.2.1", "a"), plan.put());
        assertEquals(Set.of("192.0.2.3", "no address"), plan.removedFields());
    }
}
