package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.ServerFacts;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.CatalogueSigns;
import io.pingagent.redis.catalogue.CatalogueSigns.Witness;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownJobsTest {

    private static final ServerFacts MASTER = new ServerFacts("run1", "history1", "standalone", false, false, false, 0);
    private static final ServerFacts EVICTING =
            new ServerFacts("run1", "history1", "standalone", false, false, false, 7);
    private static final CatalogueSigns SOUND = new CatalogueSigns(MASTER, Witness.PRESENT, Set.of());
    private static final CatalogueSigns WIPED = SOUND.with(Witness.MISSING);
    private static final String OWN_LIST = "agent-jobs_gz_a";
    private static final Problem NO_SET = new Problem("job-list", "it is not a set", "DEL job-list");

    private final KnownJobs jobs = new KnownJobs(
            new CronSpecs(ZoneOffset.UTC), new RedisKeys("gz_a"), 1_000_000_000L, InstantSource.fixed(Instant.EPOCH));

    /** Lists by key; every name in them has a definition. */
    private void take(Map<String, Set<String>> lists, List<Problem> problems, CatalogueSigns signs) {
        Map<String, CatalogueReader.StoredJob> texts = new HashMap<>();
        lists.values()
                .forEach(names -> names.forEach(name -> texts.put(
                        name,
                        new CatalogueReader.StoredJob(
                                "job_" + name,
                                "{\"SPEC\":\"@hourly\",\"name\":\"" + name + "\",\"group\":[\"g1\"]}"))));
        jobs.take(new CatalogueReader.Jobs(lists, texts, Map.of(), problems, signs), SOUND, key -> false, true);
    }

    private void take(Set<String> shared, Set<String> own, CatalogueSigns signs) {
        take(Map.of("job-list", shared, OWN_LIST, own), List.of(), signs);
    }

    private static CatalogueSigns removed(ServerFacts server, String... keys) {
        return new CatalogueSigns(server, Witness.PRESENT, Set.of(keys));
    }

    @Test
    void whatWasLostStaysDoubtfulWhileItsListCannotBeRead() {
        take(Set.of("a", "b"), Set.of(), SOUND);
        take(Set.of(), Set.of(), WIPED);
        List<Problem> doubts = jobs.doubts();
        assertEquals(1, doubts.size());
        take(Map.of(OWN_LIST, Set.of()), List.of(NO_SET), WIPED);
        assertEquals(doubts, jobs.doubts());
        assertEquals(Set.of("a", "b"), jobs.running().keySet());
    }

    @Test
    void removalOfAllJobsOfOneAgentSaysNothingOfAnotherWhoseNameBeginsTheSame() {
        take(Set.of(), Set.of("core"), SOUND);
        take(Set.of(), Set.of(), removed(EVICTING, "agent-jobs_gz", "agent_gz_*"));
        assertEquals(Set.of("core"), jobs.running().keySet());
    }

    @Test
    void removalOfAllJobsEndsWhatRedisHasLost() {
        take(Set.of("a", "b"), Set.of(), SOUND);
        take(Set.of(), Set.of(), WIPED);
        take(Set.of(), Set.of(), removed(MASTER, "job-list"));
        assertEquals(Set.of(), jobs.running().keySet());
        assertEquals(List.of(), jobs.doubts());
    }

    @Test
    void jobsAddedAfterTheRemovalOfAllAreNotRemovedByIt() {
        take(Set.of("a", "b"), Set.of(), removed(MASTER, "job-list", "job_*"));
        take(Set.of(), Set.of(), removed(EVICTING, "job-list", "job_*"));
        assertEquals(Set.of("a", "b"), jobs.running().keySet());
    }
}
