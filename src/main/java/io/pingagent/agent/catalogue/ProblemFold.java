package io.pingagent.agent.catalogue;

import io.pingagent.model.Problem;
import java.util.ArrayList;
import java.util.List;

/** Makes ninety thousand problems of one kind twenty lines and one with the rest. Stateless. */
final class ProblemFold {

    static final int MOST = 20;

    private ProblemFold() {}

    /** @param where where the rest is, as in {@code groups} */
    static List<Problem> fold(List<Problem> problems, String where) {
        if (problems.size() <= MOST) {
            return problems;
        }
        List<Problem> folded = new ArrayList<>(problems.subList(0, MOST));
        int rest = problems.size() - MOST;
        folded.add(new Problem(
                where,
                rest + (rest == 1 ? " more problem, " : " more problems, ") + problems.size() + " in all",
                "see 'ping-agent job list' and 'ping-agent doctor', and correct the ones before first"));
        return folded;
    }
}
