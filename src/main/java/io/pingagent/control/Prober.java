package io.pingagent.control;

import io.pingagent.base.AnyThread;
import java.util.function.BooleanSupplier;

/** Port: probes an address from this host. */
@AnyThread
public interface Prober {

    /**
     * Waits for the probes.
     *
     * @param timeoutMillis within which the result is wanted
     * @param isGone whether nobody waits for it any more; only on the calling thread
     * @throws ControlException if it cannot be probed, or not in time
     */
    ProbeResult probe(ProbeParameters parameters, long timeoutMillis, BooleanSupplier isGone) throws ControlException;
}
