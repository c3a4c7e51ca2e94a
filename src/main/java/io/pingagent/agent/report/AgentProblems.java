package io.pingagent.agent.report;

import io.pingagent.agent.catalogue.ProblemBoard;
import io.pingagent.base.AnyThread;
import io.pingagent.model.Problem;
import io.pingagent.probe.Engine;
import java.util.ArrayList;
import java.util.List;

/** What users have to correct: this machine's interfaces, then what is on the {@link ProblemBoard}. */
@AnyThread
public final class AgentProblems {

    private final Engine engine;
    private final ProblemBoard board;

    public AgentProblems(Engine engine, ProblemBoard board) {
        this.engine = engine;
        this.board = board;
    }

    List<Problem> ofInterfaces() {
        return engine.interfaceProblems().stream()
                .map(text -> new Problem(
                        "this machine's interfaces",
                        text,
                        "bring it back; it is looked for every 2 s ('ip link', 'ip addr')"))
                .toList();
    }

    List<ProblemBoard.Present> onBoard() {
        return board.present();
    }

    List<Problem> all() {
        List<Problem> all = new ArrayList<>(ofInterfaces());
        onBoard().forEach(present -> all.add(present.problem()));
        return all;
    }
}
