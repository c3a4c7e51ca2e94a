package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.Problem;
import io.pingagent.redis.ServerFacts;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.CatalogueSigns;
import io.pingagent.redis.catalogue.CatalogueSigns.Witness;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownGroupsTest {

    private static final ServerFacts MASTER = new ServerFacts("run1", "history1", "standalone", false, false, false, 0);
    private static final CatalogueSigns SOUND = new CatalogueSigns(MASTER, Witness.PRESENT, Set.of());
    private static final AddressSet MEMBERS = Addresses.expand("192.0.2.0/30");
    private static final Problem NO_SET = new Problem("group_g1", "it is not a set", "DEL group_g1");
    private static final Problem GONE = new Problem("group_g1", "unknown group", "SADD group_g1 ADDRESS...");

    private final KnownGroups groups = new KnownGroups(InstantSource.fixed(Instant.EPOCH));

    private void take(CatalogueReader.Groups reading) {
        groups.take(Set.of("g1"), reading, SOUND, key -> false);
    }

    private static CatalogueReader.Groups members(AddressSet members) {
        return new CatalogueReader.Groups(
                Map.of("g1", members), Map.of(), Set.of("g1"), Map.of(), Set.of(), List.of(), SOUND);
    }

    private static CatalogueReader.Groups spoiled() {
        return new CatalogueReader.Groups(
                Map.of(), Map.of(), Set.of(), Map.of("g1", NO_SET), Set.of(), List.of(NO_SET), SOUND);
    }

    private static CatalogueReader.Groups gone(CatalogueSigns signs) {
        return new CatalogueReader.Groups(Map.of(), Map.of(), Set.of(), Map.of(), Set.of(), List.of(GONE), signs);
    }

    private String problems() {
        return groups.problems().toString();
    }

    @Test
    void membersGoOnBetweenTheDeletionOfWhatSpoiledTheGroupAndItsNewMembers() {
        take(members(MEMBERS));
        take(spoiled());
        assertEquals(MEMBERS, groups.addresses().get("g1"));
        take(gone(SOUND));
        assertEquals(MEMBERS, groups.addresses().get("g1"));
        assertEquals(
                "[group_g1: unknown group; the list of members read at 1970-01-01T00:00:00Z stays in force;"
                        + " SADD group_g1 ADDRESS...]",
                problems());
        take(members(Addresses.expand("192.0.2.1")));
        assertEquals(Addresses.expand("192.0.2.1"), groups.addresses().get("g1"));
        assertEquals("[]", problems());
    }

    @Test
    void spoiledGroupEndsWhenItIsRemovedByCommand() {
        take(members(MEMBERS));
        take(spoiled());
        take(gone(new CatalogueSigns(MASTER, Witness.PRESENT, Set.of("group_g1"))));
        assertEquals(AddressSet.EMPTY, groups.addresses().get("g1"));
    }

    @Test
    void deletedGroupThatWasSoundIsBelieved() {
        take(members(MEMBERS));
        take(gone(SOUND));
        assertEquals(AddressSet.EMPTY, groups.addresses().get("g1"));
    }
}
