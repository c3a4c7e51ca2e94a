package io.pingagent.agent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NotPermittedException;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.config.Config;
import io.pingagent.config.ProbeSettings;
import io.pingagent.control.ControlException;
import io.pingagent.control.ProbeParameters;
import io.pingagent.control.ProbeResult;
import io.pingagent.control.Prober;
import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingRequest;
import io.pingagent.ping.PingRun;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Single probes for those who ask at the control socket, as {@code ping-agent ping} makes them. They have sockets of
 * their own, and source, interface, mark, DSCP and TTL of the agent's configuration.
 *
 * <p>{@value #MOST_AT_ONCE} at once, and within a {@link ProbeBudget}. They end when nobody waits for them any more.
 */
@AnyThread
public final class ControlProbes implements Prober {

    private static final int MOST_AT_ONCE = 8;
    /** To write the answer. */
    private static final long RESERVE_MILLIS = 50;

    private final ProbeSettings config;
    private final Semaphore slots = new Semaphore(MOST_AT_ONCE);
    private final ProbeBudget budget = new ProbeBudget();
    private final TargetResolver resolver = new TargetResolver();

    public ControlProbes(Config config) {
        this.config = config.probe();
    }

    @Override
    public ProbeResult probe(ProbeParameters parameters, long timeoutMillis, BooleanSupplier isGone)
            throws ControlException {
        if (!slots.tryAcquire()) {
            throw new ControlException(MOST_AT_ONCE + " probes are under way already; ask again, or less often");
        }
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis - RESERVE_MILLIS);
        try {
            IpAddress address = resolver.resolve(parameters.target(), Math.max(1, timeoutMillis - RESERVE_MILLIS));
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            return probe(address, parameters.within(leftMillis + RESERVE_MILLIS), deadlineNanos, isGone);
        } catch (NotPermittedException | ServiceUnreachableException e) {
            throw new ControlException(String.valueOf(e.getMessage()), e);
        } finally {
            slots.release();
        }
    }

    private ProbeResult probe(IpAddress address, ProbeParameters parameters, long deadlineNanos, BooleanSupplier isGone)
            throws ControlException {
        ProbeBudget.Share share =
                budget.take(parameters.count(), parameters.intervalMillis(), parameters.sizeBytes(), System.nanoTime());
        try {
            ProbeTally tally = new ProbeTally();
            PingRun run = new PingRun(
                    request(address, parameters),
                    tally,
                    () -> System.nanoTime() - deadlineNanos >= 0 || isGone.getAsBoolean());
            run.run();
            long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - run.newestAttemptNanos());
            requireOver(parameters, run.settled(), run.attempted(), waitedMillis);
            return tally.result(address, parameters.count());
        } finally {
            budget.end(share);
        }
    }

    /**
     * A probe that was not sent, or had too little time, is not lost. One that had half of a default timeout is, as that may
     * be shortened.
     *
     * @param attempted probes that have gone out or were refused
     * @param waitedMillis since the newest of them
     */
    static void requireOver(ProbeParameters parameters, long settled, long attempted, long waitedMillis)
            throws ControlException {
        boolean isOver = settled >= parameters.count();
        boolean isLost = attempted >= parameters.count()
                && !parameters.isTimeoutChosen()
                && waitedMillis >= parameters.timeoutMillis() / 2;
        if (!isOver && !isLost) {
            throw new ControlException("only " + settled + " of " + parameters.count()
                    + " probes were over in time, as this host is busy; lower count, interval or timeout, or raise the"
                    + " item's timeout");
        }
    }

    private PingRequest request(IpAddress address, ProbeParameters parameters) {
        return new PingRequest(
                List.of(address),
                new PingRequest.Plan(
                        PingRequest.Mode.COUNT,
                        parameters.count(),
                        1,
                        0,
                        TimeUnit.MILLISECONDS.toNanos(parameters.intervalMillis()),
                        TimeUnit.MILLISECONDS.toNanos(parameters.timeoutMillis())),
                new PingRequest.Packet(
                        parameters.sizeBytes(),
                        config.icmp().marking().dscp() << 2,
                        config.icmp().marking().ttl(),
                        config.icmp().marking().dontFragment()),
                new PingRequest.Route(
                        config.icmp().marking().mark(),
                        config.icmp().source().interfaceName(),
                        address.isV6() ? config.sourceV6() : config.sourceV4()));
    }
}
