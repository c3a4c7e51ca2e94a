package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pingagent.agent.catalogue.CatalogueTrust.Doubt;
import io.pingagent.agent.catalogue.CatalogueTrust.Removals;
import io.pingagent.redis.ServerFacts;
import io.pingagent.redis.catalogue.CatalogueSigns;
import io.pingagent.redis.catalogue.CatalogueSigns.Witness;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogueTrustTest {

    private static final ServerFacts MASTER = new ServerFacts("run1", "history1", "standalone", false, false, false, 0);
    private static final CatalogueSigns SOUND = new CatalogueSigns(MASTER, Witness.PRESENT, Set.of());
    private static final CatalogueSigns WIPED = SOUND.with(Witness.MISSING);
    private static final CatalogueSigns RESTARTED =
            of(new ServerFacts("run2", "history2", "standalone", false, false, false, 0), Witness.MISSING);
    private static final CatalogueSigns REPLICA =
            of(new ServerFacts("run1", "history2", "standalone", true, true, false, 0), Witness.MISSING);
    private static final CatalogueSigns SYNCHRONISING =
            of(new ServerFacts("run1", "history2", "standalone", true, true, true, 0), Witness.MISSING);
    private static final CatalogueSigns PROMOTED =
            of(new ServerFacts("run1", "history3", "standalone", false, false, false, 0), Witness.MISSING);
    private static final CatalogueSigns EVICTING =
            of(new ServerFacts("run1", "history1", "standalone", false, false, false, 7), Witness.PRESENT);

    private static final Set<String> NONE = Set.of();
    private static final Set<String> ABC = Set.of("a", "b", "c");

    private static CatalogueSigns of(ServerFacts server, Witness witness) {
        return new CatalogueSigns(server, witness, Set.of());
    }

    /** As after a reading without a doubt. */
    private static CatalogueTrust.Listing list(Set<String> known, Set<String> now, Set<String> standing) {
        return list(known, now, standing, NONE, false);
    }

    private static CatalogueTrust.Listing list(
            Set<String> known, Set<String> now, Set<String> standing, Set<String> confirmed, boolean removalSeen) {
        return new CatalogueTrust.Listing(known, known, now, confirmed, standing, Removals.of(removalSeen, true), null);
    }

    private static void keeps(Doubt doubt, Set<String> names, CatalogueSigns now, CatalogueTrust.Listing list) {
        assertEquals(new CatalogueTrust.Kept(doubt, names), CatalogueTrust.ofList(SOUND, now, list));
    }

    private static void believes(CatalogueSigns now, CatalogueTrust.Listing list) {
        keeps(null, NONE, now, list);
    }

    @Test
    void believesWhatPeopleDoOnASoundServer() {
        believes(SOUND, list(ABC, ABC, ABC));
        believes(SOUND, list(ABC, Set.of("a", "b", "c", "d"), ABC));
        // One of three, two of three, a list written anew.
        believes(SOUND, list(ABC, Set.of("a", "b"), ABC));
        believes(SOUND, list(ABC, Set.of("a"), NONE));
        believes(SOUND, list(ABC, Set.of("d"), ABC));
        // Definitions went with the list.
        believes(SOUND, list(ABC, NONE, NONE));
        // SREM of the last member: Redis tells of it, and the definition still stands.
        believes(SOUND, list(Set.of("a"), NONE, Set.of("a"), NONE, true));
        believes(SOUND, list(ABC, NONE, ABC, NONE, true));
    }

    @Test
    void keepsJobsWhoseListWasDeletedButNotTheirDefinitions() {
        keeps(Doubt.LIST_DELETED, ABC, SOUND, list(ABC, NONE, ABC));
        keeps(Doubt.LIST_DELETED, Set.of("a"), SOUND, list(ABC, NONE, Set.of("a")));
    }

    @Test
    void takesTheLastNameForTakenOutWhereRedisTellsNothing() {
        CatalogueTrust.Listing untold = new CatalogueTrust.Listing(
                Set.of("a"), Set.of("a"), NONE, NONE, Set.of("a"), Removals.NOT_REPORTED, null);
        believes(SOUND, untold);
        // Memory was short: it may as well have been evicted.
        keeps(Doubt.EVICTED, Set.of("a"), EVICTING, untold);
    }

    @Test
    void keepsAllThatAnUnsoundServerHasLost() {
        for (Set<String> standing : Set.of(NONE, ABC)) {
            keeps(Doubt.WIPED, ABC, WIPED, list(ABC, NONE, standing));
            keeps(Doubt.OTHER_RUN, ABC, RESTARTED, list(ABC, NONE, standing));
            keeps(Doubt.REPLICA, ABC, REPLICA, list(ABC, NONE, standing));
            keeps(Doubt.SYNCHRONISING, ABC, SYNCHRONISING, list(ABC, NONE, standing));
            keeps(Doubt.OTHER_HISTORY, ABC, PROMOTED, list(ABC, NONE, standing));
            keeps(Doubt.EVICTED, ABC, EVICTING, list(ABC, NONE, standing));
            // The witness, too.
            keeps(Doubt.EVICTED, ABC, EVICTING.with(Witness.MISSING), list(ABC, NONE, standing));
        }
        // Also if people took a member out just before.
        keeps(Doubt.WIPED, ABC, WIPED, list(ABC, NONE, NONE, NONE, true));
    }

    @Test
    void keepsTheLittleThatIsMissingAfterARestart() {
        // Perhaps its data was a minute old.
        keeps(Doubt.OTHER_RUN, Set.of("c"), RESTARTED, list(ABC, Set.of("a", "b"), NONE));
        keeps(Doubt.WIPED, Set.of("b", "c"), WIPED, list(ABC, Set.of("a", "d"), NONE));
        believes(RESTARTED, list(ABC, Set.of("a", "b"), NONE, NONE, true));
    }

    @Test
    void editsReachAReplicaThroughItsMaster() {
        believes(REPLICA, list(ABC, Set.of("a", "b"), NONE));
        keeps(Doubt.REPLICA, Set.of("b", "c"), REPLICA, list(ABC, Set.of("a"), NONE));
    }

    @Test
    void whatPeopleConfirmIsGoneWhateverTheServer() {
        for (CatalogueSigns signs : Set.of(SOUND, WIPED, RESTARTED, REPLICA, EVICTING)) {
            believes(signs, list(ABC, NONE, NONE, ABC, false));
        }
        keeps(Doubt.WIPED, Set.of("b", "c"), WIPED, list(ABC, NONE, NONE, Set.of("a"), false));
    }

    @Test
    void whatWasKeptIsKeptUntilItIsBack() {
        // One of the three is back.
        keeps(
                Doubt.WIPED,
                Set.of("b"),
                WIPED,
                new CatalogueTrust.Listing(ABC, NONE, Set.of("a", "c"), NONE, NONE, Removals.NONE_SEEN, Doubt.WIPED));
        keeps(
                Doubt.LIST_DELETED,
                Set.of("b"),
                SOUND,
                new CatalogueTrust.Listing(
                        ABC, Set.of("a"), Set.of("a", "c"), NONE, ABC, Removals.NONE_SEEN, Doubt.LIST_DELETED));
        // People take out one that is back, while another is still kept.
        keeps(
                Doubt.LIST_DELETED,
                Set.of("b"),
                SOUND,
                new CatalogueTrust.Listing(
                        ABC, Set.of("a", "c"), Set.of("a"), NONE, ABC, Removals.SEEN, Doubt.LIST_DELETED));
        keeps(
                Doubt.WIPED,
                Set.of("b"),
                WIPED,
                new CatalogueTrust.Listing(ABC, Set.of("a", "c"), Set.of("a"), NONE, NONE, Removals.SEEN, Doubt.WIPED));
        // The definition of one that is kept is deleted.
        believes(
                SOUND,
                new CatalogueTrust.Listing(
                        ABC, Set.of("a", "c"), Set.of("a", "c"), NONE, NONE, Removals.NONE_SEEN, Doubt.LIST_DELETED));
        believes(SOUND, new CatalogueTrust.Listing(ABC, NONE, ABC, NONE, ABC, Removals.NONE_SEEN, Doubt.WIPED));
    }

    /** An ACL of an earlier version does not name its key. */
    @Test
    void withoutAWitnessOnlyWhatWasTakenOutOrConfirmedIsBelieved() {
        CatalogueSigns blind = SOUND.with(Witness.UNKNOWN);
        assertEquals(
                new CatalogueTrust.Kept(Doubt.WIPED, ABC), CatalogueTrust.ofList(blind, blind, list(ABC, NONE, NONE)));
        assertEquals(
                CatalogueTrust.Kept.NOTHING, CatalogueTrust.ofList(blind, blind, list(ABC, NONE, NONE, NONE, true)));
        assertEquals(
                CatalogueTrust.Kept.NOTHING, CatalogueTrust.ofList(blind, blind, list(ABC, NONE, NONE, ABC, false)));
        assertEquals(
                Doubt.WIPED,
                CatalogueTrust.ofGroup(
                        blind, blind, new CatalogueTrust.Membership(10, 10, false, true, false, false, false)));
        assertNull(CatalogueTrust.ofGroup(
                blind, blind, new CatalogueTrust.Membership(10, 10, false, false, false, true, false)));
    }

    private static Doubt ofGroup(CatalogueSigns now, int known, int size, boolean isListed, boolean removalSeen) {
        return CatalogueTrust.ofGroup(
                SOUND,
                now,
                new CatalogueTrust.Membership(known, known - size, size > 0, !isListed, false, removalSeen, false));
    }

    @Test
    void believesWhatPeopleDoToAGroup() {
        assertNull(ofGroup(SOUND, 10, 9, true, false));
        assertNull(ofGroup(SOUND, 10, 1, true, false));
        // DEL of one group, members taken out until none is left, and ping-agent group remove.
        assertNull(ofGroup(SOUND, 10, 0, true, false));
        assertNull(ofGroup(EVICTING, 10, 0, true, true));
        assertNull(ofGroup(EVICTING, 10, 0, false, false));
        assertNull(ofGroup(EVICTING, 10, 1, true, false));
        assertNull(CatalogueTrust.ofGroup(
                SOUND, WIPED, new CatalogueTrust.Membership(10, 10, false, true, true, false, true)));
        assertNull(ofGroup(WIPED, 0, 0, false, false));
    }

    @Test
    void keepsAGroupThatAnUnsoundServerHasLost() {
        assertEquals(Doubt.WIPED, ofGroup(WIPED, 10, 0, false, false));
        assertEquals(Doubt.OTHER_RUN, ofGroup(RESTARTED, 10, 0, false, false));
        assertEquals(Doubt.OTHER_RUN, ofGroup(RESTARTED, 10, 4, true, false));
        assertEquals(Doubt.OTHER_RUN, ofGroup(RESTARTED, 10, 9, true, false));
        assertNull(ofGroup(RESTARTED, 10, 9, true, true));
        assertNull(ofGroup(REPLICA, 10, 5, true, false));
        // What was kept is kept until all of it is back.
        assertEquals(
                Doubt.REPLICA,
                CatalogueTrust.ofGroup(
                        SOUND, REPLICA, new CatalogueTrust.Membership(10, 1, true, false, false, false, true)));
        assertEquals(Doubt.REPLICA, ofGroup(REPLICA, 10, 0, false, true));
        assertEquals(Doubt.SYNCHRONISING, ofGroup(SYNCHRONISING, 10, 0, false, false));
        assertEquals(Doubt.EVICTED, ofGroup(EVICTING, 10, 0, true, false));
    }
}
