package io.pingagent.control;

import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeSeries;
import java.time.Duration;

/**
 * The probes of an address, as the agent's memory has them.
 *
 * @param agent its name
 * @param state whether there is anything
 * @param last how long the agent keeps probes, 0 if it does not
 * @param series empty unless something is kept
 */
public record KeptProbes(String agent, IpAddress address, State state, Duration last, ProbeSeries series) {

    /** What an agent has of an address. */
    public enum State {
        /** All probes of the wanted time, as far as there were any. */
        WHOLE,
        /** Only the newest, for want of memory. */
        SHORTENED,
        /** Nothing, for want of memory. */
        REFUSED,
        /** Nothing, as the agent keeps no history. */
        OFF,
        /** Nothing, as the agent does not probe it. */
        NOT_PROBED
    }
}
