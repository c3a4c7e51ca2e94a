package io.pingagent.agent.catalogue;

import io.pingagent.model.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How problem lines say what stays in force in the place of something that cannot be read. Stateless. */
final class LastGoodText {

    private LastGoodText() {}

    /**
     * @param what stays in force, as in {@code the definition}
     * @param readAt when it was read; null if there is none
     * @param otherwise what is the case then, as in {@code the job does not run}
     */
    static Problem explain(Problem problem, String what, @Nullable Instant readAt, String otherwise) {
        String fate = readAt == null
                ? "; there is no earlier one, so " + otherwise
                : "; " + what + " read at " + readAt.truncatedTo(ChronoUnit.SECONDS) + " stays in force";
        return new Problem(problem.where(), problem.what() + fate, problem.remedy());
    }
}
