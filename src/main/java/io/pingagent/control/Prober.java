package io.pingagent.control;

/** Port: probes an address from this host. Any thread. */
public interface Prober {

    /** @throws ControlException if it cannot be probed, or not in time */
    ProbeResult probe(ProbeParameters parameters, long timeoutMillis) throws ControlException;
}
