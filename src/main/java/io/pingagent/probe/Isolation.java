package io.pingagent.probe;

/**
 * Whether the agent itself is cut off from its network, as the engine judges it.
 *
 * @param state what is known
 * @param sinceWallNanos Unix nanoseconds since when it is so; while connected 0 if the engine was never cut off
 * @param asked addresses and canaries that were probed to find out; 0 while connected
 * @param silent how many of these do not answer
 */
public record Isolation(State state, long sinceWallNanos, int asked, int silent) {

    /** What is known. */
    public enum State {
        /** No sign of an outage of its own. */
        CONNECTED,
        /** Many addresses have stopped answering; a sample of all is being probed to find out. */
        SUSPECTED,
        /** So many of the sample do not answer that the agent itself is cut off. */
        ISOLATED
    }

    static final Isolation NONE = new Isolation(State.CONNECTED, 0, 0, 0);

    /** Whether the agent is cut off. */
    public boolean isIsolated() {
        return state == State.ISOLATED;
    }
}
