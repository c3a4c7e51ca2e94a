package io.pingagent.agent.control;

import io.pingagent.agent.history.ProbeHistory;
import io.pingagent.base.AnyThread;
import io.pingagent.base.OneLine;
import io.pingagent.control.ControlException;
import io.pingagent.control.Histories;
import io.pingagent.control.KeptProbes;
import io.pingagent.control.KeptProbes.State;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeSeries;
import io.pingagent.probe.Engine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The probes that this agent keeps in memory. */
@AnyThread
public final class LiveHistories implements Histories {

    private static final int MOST_SHOWN = 100;
    private static final ProbeSeries NOTHING = ProbeSeries.of(new long[0], new long[0], 0);

    private final String own;
    private final Engine engine;
    private final @Nullable ProbeHistory history;

    /**
     * @param own name of this agent
     * @param history null if none is kept
     */
    public LiveHistories(String own, Engine engine, @Nullable ProbeHistory history) {
        this.own = own;
        this.engine = engine;
        this.history = history;
    }

    @Override
    public KeptProbes of(String agent, IpAddress address, Duration last) throws ControlException {
        if (!agent.equals(own)) {
            throw new ControlException("this is agent " + own + ", and only agent " + OneLine.of(agent, MOST_SHOWN)
                    + " itself has the history of its probes; ask on its machine");
        }
        ProbeHistory kept = history;
        if (kept == null) {
            return new KeptProbes(own, address, State.OFF, Duration.ZERO, NOTHING);
        }
        int targetId = engine.targetId(address);
        if (targetId >= 0) {
            ProbeHistory.Kept found = kept.of(targetId, last);
            // A number is used again only minutes after its address was removed.
            if (engine.targetId(address) == targetId) {
                return new KeptProbes(own, address, state(found.state()), kept.last(), found.series());
            }
        }
        return new KeptProbes(own, address, State.NOT_PROBED, kept.last(), NOTHING);
    }

    private static State state(ProbeHistory.State state) {
        return switch (state) {
            case WHOLE -> State.WHOLE;
            case SHORTENED -> State.SHORTENED;
            case REFUSED -> State.REFUSED;
        };
    }
}
