package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.model.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What users have to correct, for {@code status}, {@code doctor} and Zabbix. Each problem is logged when it appears and when
 * it is gone. Each source replaces its own problems only.
 */
@AnyThread
public final class ProblemBoard {

    private static final Logger LOG = LogManager.getLogger(ProblemBoard.class);

    /** Who finds problems; they are listed in this order. */
    public enum Source {
        /** The connections to Redis, and the server itself. */
        REDIS,
        /** The keys that this agent writes. */
        STATE,
        /** The keys of paths. */
        PATH,
        /** Jobs and groups. */
        CATALOGUE,
        /** Host names that do not resolve. */
        NAMES,
        /** The imports of hosts from Zabbix. */
        IMPORT,
        /** The socket at which this agent is asked. */
        CONTROL,
        /** The probes that are kept in memory. */
        HISTORY
    }

    /**
     * @param since when it was first seen, whole seconds
     * @param times how many times it happened; 0 where nobody counts
     */
    public record Present(Source source, Problem problem, Instant since, long times) {}

    private record Entry(Instant since, long times) {}

    private final InstantSource clock;
    private final Map<Source, Map<Problem, Entry>> bySource = new EnumMap<>(Source.class);

    public ProblemBoard() {
        this(InstantSource.system());
    }

    public ProblemBoard(InstantSource clock) {
        this.clock = clock;
    }

    /** Replaces the problems of one source. */
    public void set(Source source, Collection<Problem> problems) {
        Map<Problem, Long> uncounted = new LinkedHashMap<>();
        problems.forEach(problem -> uncounted.put(problem, 0L));
        set(source, uncounted);
    }

    /**
     * Replaces the problems of one source.
     *
     * @param timesByProblem how many times each happened, which may grow without making another problem of it
     */
    public synchronized void set(Source source, Map<Problem, Long> timesByProblem) {
        Map<Problem, Entry> before = bySource.getOrDefault(source, Map.of());
        Instant nowSecond = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Map<Problem, Entry> now = new LinkedHashMap<>();
        timesByProblem.forEach((problem, times) -> {
            Entry known = before.get(problem);
            now.put(problem, new Entry(known == null ? nowSecond : known.since, times));
        });
        now.keySet().stream()
                .filter(problem -> !before.containsKey(problem))
                .forEach(problem -> LOG.warn("{}", problem));
        before.forEach((problem, entry) -> {
            if (!now.containsKey(problem)) {
                String times = entry.times > 1 ? ", " + entry.times + " times" : "";
                LOG.info("{}: over ({}{})", problem.where(), problem.what(), times);
            }
        });
        bySource.put(source, now);
    }

    /** Sources in their order, then as they were set. */
    public synchronized List<Present> present() {
        List<Present> present = new ArrayList<>();
        bySource.forEach((source, ofOne) ->
                ofOne.forEach((problem, entry) -> present.add(new Present(source, problem, entry.since, entry.times))));
        return present;
    }
}
