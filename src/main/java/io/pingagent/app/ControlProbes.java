package io.pingagent.app;

import io.pingagent.config.Config;
import io.pingagent.config.ProbeConfig;
import io.pingagent.control.ControlException;
import io.pingagent.control.ProbeParameters;
import io.pingagent.control.ProbeResult;
import io.pingagent.control.Prober;
import io.pingagent.model.IpAddress;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Single probes for those who ask at the control socket, as {@code ping-agent ping} makes them: with sockets of their own, and
 * with source, interface, DSCP and TTL of the agent's configuration. {@value #MOST_AT_ONCE} at once. Any thread.
 */
final class ControlProbes implements Prober {

    private static final int MOST_AT_ONCE = 8;
    /** To write the answer. */
    private static final long RESERVE_MILLIS = 50;

    private final ProbeConfig config;
    private final Semaphore slots = new Semaphore(MOST_AT_ONCE);
    private final TargetResolver resolver = new TargetResolver();

    ControlProbes(Config config) {
        this.config = config.probe();
    }

    @Override
    public ProbeResult probe(ProbeParameters parameters, long timeoutMillis) throws ControlException {
        if (!slots.tryAcquire()) {
            throw new ControlException(MOST_AT_ONCE + " probes are under way already; ask again, or less often");
        }
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis - RESERVE_MILLIS);
        try {
            IpAddress address = resolver.resolve(parameters.target(), Math.max(1, timeoutMillis - RESERVE_MILLIS));
            ProbeTally tally = new ProbeTally();
            new PingRun(request(address, parameters), tally, () -> System.nanoTime() - deadlineNanos >= 0).run();
            return tally.result(address, parameters.count());
        } catch (NotPermittedException | ServiceAwayException e) {
            throw new ControlException(String.valueOf(e.getMessage()), e);
        } finally {
            slots.release();
        }
    }

    private PingRequest request(IpAddress address, ProbeParameters parameters) {
        return new PingRequest(
                List.of(address),
                PingRequest.Mode.COUNT,
                parameters.count(),
                1,
                0,
                TimeUnit.MILLISECONDS.toNanos(parameters.intervalMillis()),
                TimeUnit.MILLISECONDS.toNanos(parameters.timeoutMillis()),
                parameters.sizeBytes(),
                config.dscp() << 2,
                config.ttl(),
                config.interfaceName(),
                address.isV6() ? config.sourceV6() : config.sourceV4(),
                config.dontFragment());
    }
}
