package io.pingagent.app;

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
 * What people have to mend: each problem is logged when it appears and when it is gone, and stays here, with the time since
 * when it holds, for {@code status}, {@code doctor} and Zabbix. Each source replaces its own problems only. Any thread.
 */
final class ProblemBoard {

    private static final Logger LOG = LogManager.getLogger(ProblemBoard.class);

    /** Who finds problems; they are listed in this order. */
    enum Source {
        /** The connections to Redis, and the server itself. */
        REDIS,
        /** The keys that this agent writes. */
        STATE,
        /** Jobs and groups. */
        CATALOGUE
    }

    /** @param since when it was first seen, whole seconds */
    record Present(Problem problem, Instant since) {}

    private final InstantSource clock;
    private final Map<Source, Map<Problem, Instant>> bySource = new EnumMap<>(Source.class);

    ProblemBoard() {
        this(InstantSource.system());
    }

    ProblemBoard(InstantSource clock) {
        this.clock = clock;
    }

    /** Replaces the problems of one source. */
    synchronized void set(Source source, Collection<Problem> problems) {
        Map<Problem, Instant> before = bySource.getOrDefault(source, Map.of());
        Instant nowSecond = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Map<Problem, Instant> now = new LinkedHashMap<>();
        problems.forEach(problem -> now.putIfAbsent(problem, before.getOrDefault(problem, nowSecond)));
        now.keySet().stream()
                .filter(problem -> !before.containsKey(problem))
                .forEach(problem -> LOG.warn("{}", problem));
        before.keySet().stream()
                .filter(problem -> !now.containsKey(problem))
                .forEach(problem -> LOG.info("{}: mended ({})", problem.where(), problem.what()));
        bySource.put(source, now);
    }

    /** Sources in their order, then as they were set. */
    synchronized List<Present> present() {
        List<Present> present = new ArrayList<>();
        bySource.values().forEach(ofOne -> ofOne.forEach((problem, since) -> present.add(new Present(problem, since))));
        return present;
    }
}
