package io.pingagent.agent.control;

import io.pingagent.base.AnyThread;

/** Port: lets an {@link AddressHistory} hear of every probe. */
@AnyThread
public interface ProbeFeed {

    /** From now on the history hears of every probe, on {@code ping-recv}. */
    void history(AddressHistory history);

    /** Whether the engine is finding out whether the agent itself is cut off. */
    boolean isIsolationSuspected();
}
