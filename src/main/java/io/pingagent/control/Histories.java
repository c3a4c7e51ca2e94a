package io.pingagent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.model.IpAddress;
import java.time.Duration;

/** Port: the probes of the last minutes, which only the agent that sent them knows. */
@AnyThread
public interface Histories {

    /**
     * What is kept of an address.
     *
     * @param last how far back
     * @throws ControlException if the agent is another one
     */
    KeptProbes of(String agent, IpAddress address, Duration last) throws ControlException;
}
