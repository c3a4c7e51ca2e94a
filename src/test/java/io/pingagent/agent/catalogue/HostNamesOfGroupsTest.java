package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anySet;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.pingagent.base.NanoClock;
import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.ServerFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of names between Redis and whoever applies the catalogue; the addresses are the test's. */
class HostNamesOfGroupsTest {

    private static final HostName GW = HostName.parse("host:gw.example.net");

    /** As a resolver that the test answers for. */
    private static final class Known implements NamedAddresses {
        final Map<HostName, List<IpAddress>> addresses = new HashMap<>();
        Set<HostName> watched = Set.of();

        @Override
        public void watch(Map<String, Set<HostName>> byGroup) {
            watched = new HashSet<>();
            byGroup.values().forEach(watched::addAll);
        }

        @Override
        public boolean isWatched(HostName name) {
            return watched.contains(name);
        }

        @Override
        public List<IpAddress> addresses(HostName name) {
            return addresses.getOrDefault(name, List.of());
        }

        @Override
        public Map<HostName, List<IpAddress>> known() {
            return Map.copyOf(addresses);
        }

        void put(HostName name, String... texts) {
            addresses.put(name, Stream.of(texts).map(Addresses::parse).toList());
        }
    }

    private final CatalogueLab lab = new CatalogueLab();
    private final Known names = new Known();
    private final CatalogueLoader loader = lab.loader(true, names);

    @BeforeEach
    void fill() {
        lab.group("g", "192.0.2.1").hostNames("g", "host:gw.example.net").job("j", "@every 10s", "g");
    }

    private static String members(CatalogueSnapshot catalogue) {
        List<String> texts = new ArrayList<>();
        catalogue.groups().get("g").forEach(address -> texts.add(address.toString()));
        return String.join(" ", texts);
    }

    @Test
    void theAddressesOfANameAreProbedBesideTheOthers() {
        assertEquals("192.0.2.1", members(loader.load(null)));
        assertEquals(Set.of(GW), names.watched);
        names.put(GW, "192.0.2.7", "2001:db8::7");
        CatalogueSnapshot catalogue = loader.loadKnown();
        assertEquals("192.0.2.1 192.0.2.7 2001:db8::7", members(catalogue));
        assertEquals(3, catalogue.jobs().get("j").targets().size());
        assertEquals(
                Map.of(Addresses.parse("192.0.2.7"), GW, Addresses.parse("2001:db8::7"), GW), catalogue.hostNames());
        assertFalse(catalogue.isRead());
    }

    @Test
    void anAddressThatAGroupNamesItselfHasNoNameOfAHost() {
        names.put(GW, "192.0.2.1");
        assertEquals(Map.of(), loader.load(null).hostNames());
    }

    @Test
    void aChangedAddressNeedsNoReading() {
        loader.load(null);
        clearInvocations(lab.source);
        names.put(GW, "192.0.2.7");
        assertEquals("192.0.2.1 192.0.2.7", members(loader.loadKnown()));
        verify(lab.source, never()).readJobs(anySet());
        verify(lab.source, never()).readGroups(anySet(), any());
    }

    @Test
    void aGroupWhoseNamesDidNotChangeIsTheSameAgain() {
        names.put(GW, "192.0.2.7");
        CatalogueSnapshot before = loader.load(null);
        assertSame(before.groups().get("g"), loader.load(null).groups().get("g"));
    }

    /** What a server that may have lost data lacks is kept: of names it is known only by the names. */
    @Test
    void addressesOfNamesThatVanishAreNoLostMembers() {
        names.put(GW, "192.0.2.7", "192.0.2.8", "192.0.2.9");
        loader.load(null);
        names.put(GW, "192.0.2.17");
        lab.server(new ServerFacts("run2", "history2", "standalone", false, false, false, 0));
        CatalogueSnapshot catalogue = loader.load(null);
        assertFalse(catalogue.isDoubtful(), catalogue.problems().toString());
        assertEquals("192.0.2.1 192.0.2.17", members(catalogue));
    }

    @Test
    void namesThatAServerWithoutDataLacksAreKept() {
        names.put(GW, "192.0.2.7");
        loader.load(null);
        lab.hostNames("g");
        lab.server(new ServerFacts("run2", "history2", "standalone", false, false, false, 0));
        CatalogueSnapshot catalogue = loader.load(null);
        assertTrue(catalogue.isDoubtful());
        assertEquals("192.0.2.1 192.0.2.7", members(catalogue));
        assertEquals(Set.of(GW), names.watched);
    }

    @Test
    void aNameThatIsTakenOutIsWatchedNoMore() {
        names.put(GW, "192.0.2.7");
        loader.load(null);
        lab.hostNames("g");
        assertEquals("192.0.2.1", members(loader.load(null)));
        assertEquals(Set.of(), names.watched);
    }

    private final NanoClock clock = mock(NanoClock.class);
    private final List<CatalogueSnapshot> applied = new ArrayList<>();
    private final Reloader reloader = new Reloader(
            loader,
            List.of(catalogue -> {
                applied.add(catalogue);
                return List.of();
            }),
            new ProblemBoard(),
            () -> true,
            Duration.ofSeconds(60),
            () -> {},
            clock);

    @Test
    void aChangeOfNamesIsAppliedWithoutAReading() throws InterruptedException {
        reloader.firstLoad();
        names.put(GW, "192.0.2.7");
        reloader.namesChanged();
        Set<String> changed = reloader.requests.await(Duration.ofSeconds(60).toNanos(), 0);
        assertEquals(Set.of(), changed);
        clearInvocations(lab.source);
        reloader.reload(changed);
        assertEquals("192.0.2.1 192.0.2.7", members(applied.get(1)));
        verify(lab.source, never()).readJobs(anySet());
    }

    @Test
    void aChangedKeyOutweighsAChangeOfNames() throws InterruptedException {
        reloader.namesChanged();
        reloader.changed("group_g");
        assertEquals(Set.of("group_g"), reloader.requests.await(1, 0));
        reloader.namesChanged();
        reloader.reloadAll();
        assertNull(reloader.requests.await(1, 0));
    }

    /** With many names some change every second. */
    @Test
    void changesOfNamesDoNotPutOffTheNextReading() {
        reloader.firstLoad();
        for (int second = 1; second <= 59; second++) {
            when(clock.monotonicNanos()).thenReturn(second * 1_000_000_000L);
            reloader.reload(Set.of());
        }
        assertEquals(1, reloader.longestWaitNanos() / 1_000_000_000L);
        reloader.reload(null);
        assertEquals(60, reloader.longestWaitNanos() / 1_000_000_000L);
    }

    /** Where applying a change takes a second, the next change is always there before. */
    @Test
    void aChangeOfNamesThatIsPendingDoesNotPutOffAReadingThatIsDue() throws InterruptedException {
        reloader.firstLoad();
        when(clock.monotonicNanos()).thenReturn(60_000_000_000L);
        reloader.namesChanged();
        assertNull(reloader.requests.await(reloader.longestWaitNanos(), 0));
        reloader.namesChanged();
        assertEquals(Set.of(), reloader.requests.await(1, 0), "a reading that is not due yet");
    }

    @Test
    void aChangeOfNamesThatIsPendingDoesNotPutOffTheRetryOfAReading() throws InterruptedException {
        reloader.firstLoad();
        lab.unreachable();
        reloader.reload(null);
        when(clock.monotonicNanos()).thenReturn(10_000_000_000L);
        reloader.namesChanged();
        assertNull(reloader.requests.await(reloader.longestWaitNanos(), 0));
    }

    @Test
    void aChangeOfNamesIsAppliedWhileRedisIsAway() {
        reloader.firstLoad();
        lab.unreachable();
        reloader.reload(null);
        names.put(GW, "192.0.2.7");
        reloader.reload(Set.of());
        assertEquals("192.0.2.1 192.0.2.7", members(applied.get(applied.size() - 1)));
    }

    private final NameStore store = mock(NameStore.class);
    private final KeptNames kept = new KeptNames(store, names);

    @Test
    void whatIsKnownOfNamesIsWrittenOnceAtEachReading() {
        names.put(GW, "192.0.2.7");
        HostName other = HostName.parse("host:old.example.net");
        when(store.read()).thenReturn(Map.of(other, List.of(Addresses.parse("192.0.2.9"))));
        kept.follow(loader.load(null));
        verify(store).write(Map.of(GW, List.of(Addresses.parse("192.0.2.7"))), List.of(other));
        clearInvocations(store);
        kept.follow(loader.loadKnown());
        verify(store, never()).read();
        when(store.read()).thenReturn(Map.of(GW, List.of(Addresses.parse("192.0.2.7"))));
        kept.follow(loader.load(null));
        verify(store, never()).write(any(), any());
    }

    /** It may not resolve, and be known from an earlier run. */
    @Test
    void aWatchedNameWithoutAnswerIsNotForgotten() {
        names.put(HostName.parse("host:b.example.net"), "192.0.2.8");
        when(store.read())
                .thenReturn(Map.of(
                        GW,
                        List.of(Addresses.parse("192.0.2.7")),
                        HostName.parse("host:b.example.net"),
                        List.of(Addresses.parse("192.0.2.8"))));
        lab.hostNames("g", "host:gw.example.net", "host:b.example.net");
        kept.follow(loader.load(null));
        verify(store, never()).write(any(), any());
    }

    @Test
    void anAgentWithoutNamesReadsThemOnceAndWritesNone() {
        lab.hostNames("g");
        kept.follow(loader.load(null));
        kept.follow(loader.load(null));
        kept.follow(loader.load(null));
        verify(store).read();
        verify(store, never()).write(any(), any());
        clearInvocations(store);
        HostNames resolver = new HostNames(List.of(), Duration.ofSeconds(60), clock, store, () -> {});
        resolver.watch(Map.of());
        assertEquals(Map.of(), resolver.known());
        assertEquals(List.of(), resolver.problems());
        verify(store, never()).read();
        resolver.close();
    }

    /** A name that is added a year later must not begin with an address that old. */
    @Test
    void whatAnEarlierRunLeftIsRemovedWhereNoNameIsLeft() {
        lab.hostNames("g");
        when(store.read()).thenReturn(Map.of(GW, List.of(Addresses.parse("192.0.2.9"))));
        kept.follow(loader.load(null));
        verify(store).write(Map.of(), List.of(GW));
    }

    @Test
    void whatAnEarlierRunLeftStaysWhileTheGroupsMayBeLost() {
        when(store.read()).thenReturn(Map.of(GW, List.of(Addresses.parse("192.0.2.9"))));
        kept.follow(new CatalogueSnapshot(Map.of(), Map.of(), List.of(), false, false));
        verify(store, never()).write(any(), any());
        kept.follow(new CatalogueSnapshot(Map.of(), Map.of(), List.of(), true, false));
        verify(store).write(Map.of(), List.of(GW));
    }
}
