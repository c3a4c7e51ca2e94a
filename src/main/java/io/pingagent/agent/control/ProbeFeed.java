package io.pingagent.agent.control;

/** Port: lets an {@link AddressHistory} hear of every probe. */
public interface ProbeFeed {

    /** From now on the history hears of every probe, on {@code ping-recv}. Any thread. */
    void history(AddressHistory history);

    /** Whether the engine is finding out whether the agent itself is cut off. Any thread. */
    boolean isIsolationSuspected();
}
