package io.pingagent.agent.catalogue;

import static io.pingagent.agent.catalogue.CatalogueLab.addresses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anySet;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.pingagent.model.AddressSet;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.ServerFacts;
import io.pingagent.redis.catalogue.CatalogueSigns.Witness;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CatalogueLoaderTest {

    private static final String TEN_SECONDS = "@every 10s";

    private final CatalogueLab lab = new CatalogueLab();
    private final CatalogueLoader loader = lab.loader(true);

    private static AddressSet targets(CatalogueSnapshot catalogue, String job) {
        return Objects.requireNonNull(catalogue.jobs().get(job)).targets();
    }

    private void twoJobs() {
        lab.group("g1", "192.0.2.1", "192.0.2.2").group("g2", "192.0.2.3");
        lab.job("a", TEN_SECONDS, "g1").job("b", TEN_SECONDS, "g2");
        loader.load(null);
        clearInvocations(lab.source);
    }

    @Test
    void aGroupThatCannotBeReadKeepsItsMembersAndSaysSo() {
        twoJobs();
        lab.spoil("g1");
        CatalogueSnapshot catalogue = loader.load(null);
        assertEquals(addresses("192.0.2.1", "192.0.2.2"), targets(catalogue, "a"));
        assertEquals(1, catalogue.problems().size(), catalogue.problems().toString());
        assertTrue(catalogue.problems().get(0).what().startsWith("it is not a set; the list of members read at"));
    }

    @Test
    void aGroupThatCouldNeverBeReadHasNoMembersAndItsJobRuns() {
        lab.spoil("g1").job("a", TEN_SECONDS, "g1");
        CatalogueSnapshot catalogue = loader.load(null);
        assertEquals(AddressSet.EMPTY, targets(catalogue, "a"));
        assertTrue(catalogue.problems().get(0).what().endsWith("none of it is probed"));
    }

    @Test
    void aChangeOfOneGroupReadsNoOther() {
        twoJobs();
        lab.group("g1", "192.0.2.7").group("g2", "192.0.2.8");
        CatalogueSnapshot catalogue = loader.load(Set.of("group_g1"));
        verify(lab.source).readGroups(eq(Set.of("g1")), any());
        assertEquals(addresses("192.0.2.7"), targets(catalogue, "a"));
        assertEquals(addresses("192.0.2.3"), targets(catalogue, "b"));
    }

    @Test
    void aSpoiledGroupIsReadAgainWhenTheListsOfGroupsChange() {
        twoJobs();
        lab.spoil("g2");
        loader.load(Set.of("group_g2"));
        clearInvocations(lab.source);
        loader.load(Set.of("group-list"));
        verify(lab.source).readGroups(eq(Set.of("g2")), any());
    }

    @Test
    void aGroupThatNoJobNamesIsNeverRead() {
        lab.group("g1", "192.0.2.1");
        loader.load(null);
        verify(lab.source, never()).readGroups(anySet(), any());
    }

    @Test
    void anUnreachableRedisLosesNothing() {
        twoJobs();
        lab.unreachable();
        assertThrows(RedisUnreachableException.class, () -> loader.load(null));
        lab.reachable();
        assertEquals(Set.of("a", "b"), loader.load(Set.of()).jobs().keySet());
        verify(lab.source, never()).readGroups(anySet(), any());
    }

    /** The set is gone when its last member is: without the removal it would look like a loss. */
    @Test
    void aRemovalSeenBeforeAnUnreachableRedisStillCounts() {
        twoJobs();
        lab.server(evicting(1));
        loader.membersRemoved("group_g1");
        lab.unreachable();
        assertThrows(RedisUnreachableException.class, () -> loader.load(null));
        lab.reachable();
        lab.dropKey("g1");
        CatalogueSnapshot catalogue = loader.load(null);
        assertEquals(AddressSet.EMPTY, targets(catalogue, "a"));
        assertFalse(catalogue.isDoubtful());
    }

    @Test
    void aGroupThatAServerMayHaveEvictedIsKept() {
        twoJobs();
        lab.server(evicting(1)).dropKey("g1");
        CatalogueSnapshot catalogue = loader.load(null);
        assertEquals(addresses("192.0.2.1", "192.0.2.2"), targets(catalogue, "a"));
        assertTrue(catalogue.isDoubtful());
    }

    @Test
    void whatAWipedRedisLacksIsKeptAndNoNewWitnessHidesTheLoss() {
        twoJobs();
        lab.wipe();
        CatalogueSnapshot catalogue = loader.load(null);
        assertEquals(Set.of("a", "b"), catalogue.jobs().keySet());
        assertTrue(catalogue.isDoubtful());
        verify(lab.source, never()).leaveWitness(anyString());
    }

    @Test
    void theWitnessIsLeftWithTheFirstJobAndNotAgain() {
        lab.witness(Witness.MISSING);
        when(lab.source.leaveWitness(anyString())).thenReturn(true);
        assertFalse(loader.load(null).isKnown());
        verify(lab.source, never()).leaveWitness(anyString());
        lab.group("g1", "192.0.2.1").job("a", TEN_SECONDS, "g1");
        assertEquals(Map.of(), problemsByPlace(loader.load(null)));
        verify(lab.source).leaveWitness(anyString());
        lab.witness(Witness.PRESENT);
        clearInvocations(lab.source);
        loader.load(null);
        verify(lab.source, never()).leaveWitness(anyString());
    }

    @Test
    void aSingleReadingLeavesNoWitness() {
        lab.witness(Witness.MISSING).group("g1", "192.0.2.1").job("a", TEN_SECONDS, "g1");
        lab.loader(false).load(null);
        verify(lab.source, never()).leaveWitness(anyString());
    }

    @Test
    void aRedisThatTakesNoWitnessIsAProblem() {
        lab.witness(Witness.MISSING).group("g1", "192.0.2.1").job("a", TEN_SECONDS, "g1");
        assertTrue(problemsByPlace(loader.load(null)).containsKey("agent-catalogue_gz"));
    }

    @Test
    void aReadOnlyReplicaIsNamedAndGetsNoWitness() {
        lab.server(new ServerFacts("run1", "history1", "standalone", true, true, false, 0));
        lab.witness(Witness.MISSING).group("g1", "192.0.2.1").job("a", TEN_SECONDS, "g1");
        assertEquals(Set.of("redis.url"), problemsByPlace(loader.load(null)).keySet());
        verify(lab.source, never()).leaveWitness(anyString());
    }

    @Test
    void ninetySpoiledGroupsAreFoldedIntoTwentyOneLines() {
        for (int i = 0; i < 90; i++) {
            lab.spoil("g" + i).job("j" + i, TEN_SECONDS, "g" + i);
        }
        CatalogueSnapshot catalogue = loader.load(null);
        assertEquals(21, catalogue.problems().size());
        assertEquals(90, catalogue.jobs().size());
    }

    private static ServerFacts evicting(long keys) {
        return new ServerFacts("run1", "history1", "standalone", false, false, false, keys);
    }

    private static Map<String, String> problemsByPlace(CatalogueSnapshot catalogue) {
        return catalogue.problems().stream()
                .collect(Collectors.toMap(Problem::where, Problem::what, (one, other) -> one));
    }
}
