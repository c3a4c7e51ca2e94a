package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.pingagent.base.NanoClock;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.jobs.Firing;
import io.pingagent.model.Addresses;
import io.pingagent.model.Burst;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Job;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetSettings;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

class CatalogueApplierTest {

    private static final long SECOND_NANOS = 1_000_000_000L;
    /** 12:00:03 of some day. */
    private static final long WALL_NANOS = 1_767_268_803L * SECOND_NANOS;

    private static final long MONOTONIC_NANOS = 70 * SECOND_NANOS;
    private static final String TEN_SECONDS = "*/10 * * * * *";
    private static final String MINUTE = "* * * * *";

    private static final ProbeProfile CONFIGURED = new ProbeProfile(0, 56, 64, null, null, null, false);

    private final ProbeEngine engine = mock(ProbeEngine.class);
    private final Timetable timetable = mock(Timetable.class);
    private final NanoClock clock = mock(NanoClock.class);
    private final List<IpAddress> targets = new ArrayList<>();
    private final Map<Integer, TargetSettings> settings = new HashMap<>();
    private final List<Integer> settingsChanged = new ArrayList<>();
    private final Map<String, Firing> firings = new HashMap<>();
    private final CatalogueApplier applier =
            new CatalogueApplier(engine, timetable, clock, CONFIGURED, settingsChanged::add);
    private final Map<String, JobSetup> wanted = new TreeMap<>();

    /** The table of an engine, which gives each address the next id. */
    @BeforeEach
    void engine() {
        when(engine.targetLimit()).thenAnswer(call -> targets.size());
        when(engine.targetId(any())).thenAnswer(call -> targets.indexOf(call.<IpAddress>getArgument(0)));
        when(engine.address(anyInt())).thenAnswer(call -> targets.get(call.getArgument(0)));
        when(engine.addTarget(any(), any())).thenAnswer(call -> {
            targets.add(call.getArgument(0));
            return targets.size() - 1;
        });
        when(engine.setSettings(anyInt(), any())).thenAnswer(call -> {
            TargetSettings now = call.getArgument(1);
            return !now.equals(settings.put(call.getArgument(0), now));
        });
        doAnswer(call -> firings.put(call.getArgument(0), call.getArgument(2)))
                .when(timetable)
                .schedule(anyString(), any(), any());
        when(clock.wallNanos()).thenReturn(WALL_NANOS);
        when(clock.monotonicNanos()).thenReturn(MONOTONIC_NANOS);
    }

    private void want(String name, String spec, String... addresses) {
        CronSpecs specs = new CronSpecs(ZoneOffset.UTC);
        wanted.put(
                name,
                new JobSetup(
                        new Job(name, name, spec, List.of("g")),
                        specs.get(spec),
                        List.of(CatalogueLab.addresses(addresses)),
                        SECOND_NANOS));
    }

    private void apply() {
        applier.apply(Map.copyOf(wanted));
    }

    private void appliedTwoJobs() {
        want("a", TEN_SECONDS, "192.0.2.1", "192.0.2.2");
        want("b", MINUTE, "192.0.2.2", "192.0.2.3");
        apply();
        clearInvocations(engine, timetable);
        settingsChanged.clear();
    }

    private int idOf(String address) {
        return targets.indexOf(Addresses.parse(address));
    }

    /** Job ids are given in the order of the first look at the jobs, which is that of a hash map. */
    private int jobId(String name) {
        return IntStream.range(0, 10)
                .filter(jobId -> applier.jobName(jobId).equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anUnchangedCatalogueDisturbsNothing() {
        appliedTwoJobs();
        apply();
        verifyNoInteractions(engine, timetable);
    }

    @Test
    void aChangeOfOneJobLeavesTheOtherUndisturbed() {
        appliedTwoJobs();
        want("b", MINUTE, "192.0.2.2", "192.0.2.4");
        apply();
        verify(engine).installJob(eq(jobId("b")), any(), anyLong(), anyLong(), any());
        verify(engine, never()).installJob(eq(jobId("a")), any(), anyLong(), anyLong(), any());
        verify(engine, never()).joinRounds(any(), anyLong());
        verifyNoInteractions(timetable);
    }

    /** The engine must neither fire a job that it forgot nor probe an address whose id is free. */
    @Test
    void aJobThatIsRemovedWhileItsRoundRunsTakesItsOwnAddressesWithIt() {
        appliedTwoJobs();
        int jobId = jobId("b");
        wanted.remove("b");
        apply();
        InOrder order = inOrder(timetable, engine);
        order.verify(timetable).unschedule(anyString());
        order.verify(engine).removeJob(jobId);
        order.verify(engine).removeTargets(new int[] {idOf("192.0.2.3")});
        verify(engine, never()).installJob(anyInt(), any(), anyLong(), anyLong(), any());
    }

    @Test
    void anAddressKeepsItsIdWhenItGoesFromOneJobToAnother() {
        appliedTwoJobs();
        want("a", TEN_SECONDS, "192.0.2.1");
        want("b", MINUTE, "192.0.2.1", "192.0.2.2", "192.0.2.3");
        apply();
        verify(engine, never()).addTarget(any(), any());
        verify(engine, never()).removeTargets(any());
    }

    @Test
    void targetsAreAnnouncedBeforeAnyJobNamesThem() {
        want("a", TEN_SECONDS, "192.0.2.1");
        want("b", MINUTE, "192.0.2.2");
        apply();
        InOrder order = inOrder(engine);
        order.verify(engine).announceTargets(new int[] {0, 1});
        order.verify(engine, times(2)).installJob(anyInt(), any(), anyLong(), anyLong(), any());
    }

    /** A firing before the job is installed is made up for by joining; one after it is heard. */
    @Test
    void aNewJobIsScheduledThenInstalledThenJoinsTheRunningRound() {
        want("a", TEN_SECONDS, "192.0.2.1");
        apply();
        InOrder order = inOrder(timetable, engine);
        order.verify(timetable).schedule(anyString(), any(), any());
        order.verify(engine).installJob(anyInt(), any(), anyLong(), anyLong(), any());
        order.verify(engine).joinRounds(new int[] {0}, MONOTONIC_NANOS - 3 * SECOND_NANOS);
    }

    @Test
    void aJobOfAnotherIntervalJoinsItsRoundBeforeOthersAreInstalled() {
        appliedTwoJobs();
        want("a", MINUTE, "192.0.2.1", "192.0.2.2");
        apply();
        int[] jobIds = {jobId("a")};
        InOrder order = inOrder(timetable, engine);
        order.verify(timetable).unschedule(anyString());
        order.verify(engine).installJob(eq(jobIds[0]), any(), anyLong(), anyLong(), any());
        order.verify(engine, atLeastOnce()).joinRounds(jobIds, MONOTONIC_NANOS - 3 * SECOND_NANOS);
    }

    @Test
    void jobsOfOneSpecShareOneFiring() {
        want("a", TEN_SECONDS, "192.0.2.1");
        want("b", TEN_SECONDS, "192.0.2.2");
        apply();
        assertEquals(1, firings.size());
        fire();
        ArgumentCaptor<int[]> jobIds = ArgumentCaptor.captor();
        verify(engine).roundsDue(jobIds.capture(), eq(MONOTONIC_NANOS - 2 * SECOND_NANOS));
        assertArrayEquals(
                new int[] {0, 1}, Arrays.stream(jobIds.getValue()).sorted().toArray());
    }

    /** Quartz may have taken the firing before it was unscheduled; the engine ignores jobs that it does not know. */
    @Test
    void aJobRemovedFromASharedSpecIsNotInItsNextFiring() {
        want("a", TEN_SECONDS, "192.0.2.1");
        want("b", TEN_SECONDS, "192.0.2.2");
        apply();
        int staying = jobId("a");
        wanted.remove("b");
        apply();
        fire();
        verify(engine).roundsDue(new int[] {staying}, MONOTONIC_NANOS - 2 * SECOND_NANOS);
    }

    /** Two seconds late. */
    private void fire() {
        firings.values().forEach(firing -> firing.fired("", Instant.ofEpochSecond(1_767_268_801L), null));
    }

    @Test
    void aFiringFarFromTheWallClockStartsNow() {
        assertEquals(MONOTONIC_NANOS, JobsBySpec.dueNanos(clock, Instant.ofEpochSecond(1_767_268_800L)));
        assertEquals(MONOTONIC_NANOS, JobsBySpec.dueNanos(clock, Instant.ofEpochSecond(1_767_268_804L)));
    }

    @Test
    void onlyTargetsThatAreJudgedDifferentlyAreReported() {
        appliedTwoJobs();
        want("b", TEN_SECONDS, "192.0.2.2", "192.0.2.3");
        apply();
        assertEquals(List.of(idOf("192.0.2.3")), settingsChanged);
    }

    @Test
    void anAddressOfTwoJobsIsJudgedByTheStricter() {
        assertEquals(
                new TargetSettings(20_000, 1, 3 * SECOND_NANOS),
                CatalogueApplier.merge(
                        new TargetSettings(20_000, 4, 3 * SECOND_NANOS),
                        new TargetSettings(30_000, 1, 1 * SECOND_NANOS)));
        assertEquals(
                new TargetSettings(20_000, 4, SECOND_NANOS),
                CatalogueApplier.merge(
                        new TargetSettings(20_000, -1, SECOND_NANOS), new TargetSettings(30_000, 4, SECOND_NANOS)));
    }

    private void want(String name, ProbeProfile profile, String... addresses) {
        wanted.put(
                name,
                new JobSetup(
                        new Job(
                                name,
                                "job_" + name,
                                TEN_SECONDS,
                                List.of("g"),
                                Job.Judging.DEFAULT,
                                Burst.ONE,
                                profile),
                        new CronSpecs(ZoneOffset.UTC).get(TEN_SECONDS),
                        List.of(CatalogueLab.addresses(addresses)),
                        SECOND_NANOS));
    }

    private static ProbeProfile dscp(int dscp) {
        return new ProbeProfile(dscp, null, null, null, null, null, null);
    }

    private ProbeProfile profileOf(String address) {
        return settings.get(idOf(address)).profile();
    }

    @Test
    void ofTwoJobsWithDifferentProfilesTheFirstByNameWinsAndBothAreNamed() {
        want("video", dscp(34), "192.0.2.1", "192.0.2.2", "192.0.2.3");
        want("voice", dscp(46), "192.0.2.2", "192.0.2.3", "192.0.2.4");
        want("other", ProbeProfile.DEFAULT, "192.0.2.9");
        List<Problem> problems = applier.apply(wanted);
        assertEquals(dscp(34), profileOf("192.0.2.1"));
        assertEquals(dscp(34), profileOf("192.0.2.2"));
        assertEquals(dscp(46), profileOf("192.0.2.4"));
        assertEquals(ProbeProfile.DEFAULT, profileOf("192.0.2.9"));
        verify(engine).useProfiles(Map.of(dscp(34), "job 'video'", dscp(46), "job 'voice'"));
        assertEquals(
                List.of(
                        "job_voice: its profile (dscp 46) is not used for 2 addresses, for example 192.0.2.2: the job 'video' names them too, and probes with its own (dscp 34); give both jobs the"
                                + " same profile, or take the addresses out of one of them"),
                problems.stream().map(Problem::toString).toList());
        assertEquals(problems, applier.apply(wanted));
    }

    @Test
    void valuesThatAreThoseOfTheConfigurationAreNoProfileOfTheirOwn() {
        want("a", new ProbeProfile(0, 56, 64, null, null, null, false), "192.0.2.1");
        want("b", ProbeProfile.DEFAULT, "192.0.2.1");
        assertEquals(List.of(), applier.apply(wanted));
        assertEquals(ProbeProfile.DEFAULT, profileOf("192.0.2.1"));
        verify(engine, never()).useProfiles(any());
    }

    @Test
    void aChangedProfileReachesTheEngineBeforeItsAddresses() {
        want("a", dscp(10), "192.0.2.1");
        applier.apply(wanted);
        clearInvocations(engine);
        want("a", dscp(12), "192.0.2.1");
        applier.apply(wanted);
        InOrder order = inOrder(engine);
        order.verify(engine).useProfiles(Map.of(dscp(12), "job 'a'"));
        order.verify(engine).setSettings(eq(idOf("192.0.2.1")), any());
        assertEquals(dscp(12), profileOf("192.0.2.1"));
        want("a", ProbeProfile.DEFAULT, "192.0.2.1");
        applier.apply(wanted);
        verify(engine).useProfiles(Map.of());
    }

    /** They are closed some calls later, when nobody sends by them any more. */
    @Test
    void theEngineHearsOfEachReloadAfterTheLastProfileIsGone() {
        want("a", dscp(10), "192.0.2.1");
        applier.apply(wanted);
        want("a", ProbeProfile.DEFAULT, "192.0.2.1");
        applier.apply(wanted);
        applier.apply(wanted);
        applier.apply(wanted);
        verify(engine, times(3)).useProfiles(Map.of());
    }

    @Test
    void canariesTakeTheProfileOfTheirJob() {
        Canaries canaries =
                new Canaries(List.of(Addresses.parse("192.0.2.1")), new CronSpecs(ZoneOffset.UTC), SECOND_NANOS);
        want("z", dscp(46), "192.0.2.1");
        assertEquals(List.of(), applier.apply(canaries.with(wanted)));
        assertEquals(dscp(46), profileOf("192.0.2.1"));
    }

    @Test
    void profilesBeyondTheMostAreAProblemAndTheOthersAreOpened() {
        for (int i = 0; i <= JobProfiles.MOST; i++) {
            want("j" + (10 + i), dscp(1 + i), "192.0.2." + (1 + i));
        }
        List<Problem> problems = applier.apply(wanted);
        assertEquals(
                List.of("job_j42: jobs have more than 32 different profiles, so probes with this one (dscp 33) are not"
                        + " sent; give some jobs the same profile, or share them among several agents"),
                problems.stream().map(Problem::toString).toList());
        verify(engine).useProfiles(argThat(profiles -> profiles.size() == JobProfiles.MOST));
    }

    @Test
    void canariesAreProbedBesideTheJobsAndAnnouncedOnceTheyAreTargets() {
        Canaries canaries = new Canaries(
                List.of(Addresses.parse("192.0.2.9"), Addresses.parse("192.0.2.8")),
                new CronSpecs(ZoneOffset.UTC),
                SECOND_NANOS);
        want("a", TEN_SECONDS, "192.0.2.1");
        applier.apply(canaries.with(wanted));
        targets.remove(Addresses.parse("192.0.2.8"));
        canaries.announce(engine);
        verify(engine).canaries(new int[] {idOf("192.0.2.9")});
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 9, 100, 62_500, 65_536, 999_983, 1_000_000})
    void everyAddressGetsAnId(int size) {
        int[] reached = CatalogueApplier.bitReversedOrder(size).sorted().toArray();
        assertArrayEquals(IntStream.range(0, size).toArray(), reached);
    }

    /** A /24 whose addresses were probed back to back would be a burst at one router. */
    @ParameterizedTest
    @ValueSource(ints = {10_000, 62_500, 65_536, 999_983, 1_000_000})
    void neighbouringAddressesAreProbedFarApart(int size) {
        int block = 256;
        int even = size / block;
        int[] order = CatalogueApplier.bitReversedOrder(size).toArray();
        for (int first : new int[] {0, size / 3, size - block}) {
            int lastVisit = -size;
            for (int i = 0; i < size; i++) {
                if (order[i] >= first && order[i] < first + block) {
                    int gap = i - lastVisit;
                    assertTrue(gap > even / 4, "probes " + gap + " apart, evenly would be " + even);
                    lastVisit = i;
                }
            }
        }
    }
}
