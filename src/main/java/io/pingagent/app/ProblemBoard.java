package io.pingagent.app;

import io.pingagent.model.Problem;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What people have to mend in jobs and groups: each problem is logged when it appears and when it is gone, and stays here for
 * {@code status} and {@code doctor}. Written by {@code ping-reload}, read by any thread.
 */
final class ProblemBoard {

    private static final Logger LOG = LogManager.getLogger(ProblemBoard.class);

    private volatile Set<Problem> present = Set.of();

    void set(Collection<Problem> problems) {
        Set<Problem> now = new LinkedHashSet<>(problems);
        now.stream().filter(problem -> !present.contains(problem)).forEach(problem -> LOG.warn("{}", problem));
        present.stream()
                .filter(problem -> !now.contains(problem))
                .forEach(problem -> LOG.info("{}: mended ({})", problem.where(), problem.what()));
        present = now;
    }

    List<Problem> problems() {
        return List.copyOf(present);
    }
}
