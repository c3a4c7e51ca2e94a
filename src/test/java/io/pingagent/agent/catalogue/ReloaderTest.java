package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.pingagent.base.NanoClock;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUnreachableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/** On the test's thread, on a clock that stands still. */
class ReloaderTest {

    private static final long MILLI_NANOS = 1_000_000L;
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final Problem NO_GROUP = new Problem("zabbix.groups", "no such group", "correct it");

    private final CatalogueLab lab = new CatalogueLab();
    private final CatalogueFollower jobs = mock(CatalogueFollower.class);
    private final CatalogueFollower zabbix = mock(CatalogueFollower.class);
    private int firstLoads;
    private final NanoClock clock = mock(NanoClock.class);
    private final ProblemBoard board = new ProblemBoard(InstantSource.fixed(Instant.EPOCH));
    private boolean writerIsConnected = true;
    private final Reloader reloader = new Reloader(
            lab.loader(true),
            List.of(jobs, zabbix),
            board,
            () -> writerIsConnected,
            INTERVAL,
            () -> firstLoads++,
            clock);

    @BeforeEach
    void fill() {
        lab.group("g1", "192.0.2.1").group("g2", "192.0.2.2");
        lab.job("a", "@every 10s", "g1").job("b", "@every 10s", "g2");
        when(zabbix.follow(any())).thenReturn(List.of());
    }

    private void atMillis(long millis) {
        when(clock.monotonicNanos()).thenReturn(millis * MILLI_NANOS);
    }

    private String shown() {
        return board.present().stream()
                .map(present -> present.problem().toString())
                .toList()
                .toString();
    }

    @Test
    void theFirstCatalogueIsAppliedBeforeAnythingBuildsOnIt() {
        when(zabbix.follow(any())).thenAnswer(call -> {
            assertEquals(0, firstLoads);
            return List.of();
        });
        assertEquals(0, reloader.firstLoad());
        InOrder order = inOrder(jobs, zabbix);
        order.verify(jobs).follow(any());
        order.verify(zabbix).follow(any());
        assertEquals(1, firstLoads);
    }

    @Test
    void anUnreachableRedisIsAskedLessAndLessOften() {
        lab.unreachable();
        long[] waitsMillis = LongStream.generate(() -> reloader.firstLoad() / MILLI_NANOS)
                .limit(8)
                .toArray();
        assertEquals(
                List.of(100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L),
                LongStream.of(waitsMillis).boxed().toList());
        assertEquals(0, firstLoads);
        lab.reachable();
        assertEquals(0, reloader.firstLoad());
        assertEquals(1, firstLoads);
    }

    @Test
    void aRequestDuringAReloadIsNotLost() throws InterruptedException {
        when(jobs.follow(any())).thenAnswer(call -> {
            reloader.changed("group_g2");
            return List.of();
        });
        reloader.firstLoad();
        assertEquals(Set.of("group_g2"), reloader.requests.await(1, 0));
    }

    @Test
    void aRequestForEverythingOutweighsThatOfAKey() throws InterruptedException {
        reloader.changed("group_g1");
        reloader.reloadAll();
        assertNull(reloader.requests.await(INTERVAL.toNanos(), 0));
        reloader.changed("group_g1");
        assertEquals(Set.of("group_g1"), reloader.requests.await(INTERVAL.toNanos(), 0));
    }

    @Test
    void withoutARequestEverythingIsReadAgain() throws InterruptedException {
        assertNull(reloader.requests.await(0, INTERVAL.toNanos()));
    }

    /** What changed at the reading that failed is known to nobody. */
    @Test
    void afterAFailedReadingEverythingIsRead() {
        reloader.firstLoad();
        lab.unreachable();
        reloader.reload(Set.of("group_g1"));
        lab.reachable();
        clearInvocations(lab.source);
        reloader.reload(Set.of("group_g2"));
        verify(lab.source).readGroups(eq(Set.of("g1", "g2")), any());
        reloader.reload(Set.of("group_g2"));
        verify(lab.source).readGroups(eq(Set.of("g2")), any());
    }

    @Test
    void aReadingThatFailedIsRepeatedSoonAndThenLessOften() {
        reloader.firstLoad();
        assertEquals(INTERVAL.toNanos(), reloader.longestWaitNanos());
        lab.unreachable();
        List<Long> waitsMillis = IntStream.range(0, 6)
                .mapToObj(i -> {
                    reloader.reload(null);
                    return reloader.longestWaitNanos() / MILLI_NANOS;
                })
                .toList();
        assertEquals(List.of(200L, 400L, 800L, 1_600L, 3_200L, 5_000L), waitsMillis);
        lab.reachable();
        reloader.reload(null);
        assertEquals(INTERVAL.toNanos(), reloader.longestWaitNanos());
        lab.unreachable();
        reloader.reload(null);
        assertEquals(200, reloader.longestWaitNanos() / MILLI_NANOS);
    }

    @Test
    void aRefusalThatIsSoonOverIsNoProblem() {
        reloader.firstLoad();
        lab.unreachable();
        atMillis(5_000);
        reloader.reload(null);
        atMillis(5_999);
        reloader.reload(null);
        assertEquals("[]", shown());
        atMillis(6_000);
        reloader.reload(null);
        assertTrue(shown().contains("they cannot be read, so changes are not applied"), shown());
        lab.reachable();
        reloader.reload(null);
        assertEquals("[]", shown());
    }

    /** The writer names an unreachable Redis itself. */
    @Test
    void aRefusalIsNoProblemOfItsOwnWhileTheWriterHasNoConnection() {
        reloader.firstLoad();
        writerIsConnected = false;
        lab.unreachable();
        atMillis(5_000);
        reloader.reload(null);
        atMillis(65_000);
        reloader.reload(null);
        assertEquals("[]", shown());
    }

    @Test
    void aCatalogueThatCannotBeAppliedIsAProblemAndTriedAgain() {
        doThrow(new IllegalStateException("no room")).when(jobs).follow(any());
        reloader.firstLoad();
        assertTrue(shown().contains("they cannot be applied, so the known ones stay in force"), shown());
        verify(zabbix, never()).follow(any());
        assertEquals(0, firstLoads);
        doReturn(List.of()).when(jobs).follow(any());
        assertEquals(0, reloader.firstLoad());
        assertEquals("[]", shown());
    }

    @Test
    void jobsAreAppliedEvenIfTheHostsOfZabbixCannotBeRead() {
        when(zabbix.follow(any())).thenThrow(new RedisUnreachableException("Redis is unreachable; start it", null));
        assertFalse(reloader.firstLoad() == 0);
        verify(jobs).follow(any());
        assertEquals(0, firstLoads);
    }

    @Test
    void problemsOfTheLastReadingStayBesideARefusal() {
        when(zabbix.follow(any())).thenReturn(List.of(NO_GROUP));
        reloader.firstLoad();
        lab.unreachable();
        reloader.reload(null);
        atMillis(2_000);
        reloader.reload(null);
        assertTrue(shown().contains("they cannot be read") && shown().contains("no such group"), shown());
    }

    @Test
    void aChangeNeverWaitsLongForOthersHoweverSlowTheLastReadingWas() {
        assertEquals(100_000_000L, Reloader.gatherNanos(0));
        assertEquals(100_000_000L, Reloader.gatherNanos(20_000_000L));
        assertEquals(1_200_000_000L, Reloader.gatherNanos(300_000_000L));
        assertEquals(2_000_000_000L, Reloader.gatherNanos(15_000_000_000L));
    }
}
