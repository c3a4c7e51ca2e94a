package io.pingagent.app;

import io.pingagent.config.Config;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What the command line asks of the agent. Found with {@link java.util.ServiceLoader}, and only by the commands that need
 * it, so that {@code --help} starts no machinery.
 *
 * <p>Every method may throw {@link NotPermittedException} (exit status 77) and {@link ServiceAwayException} (69).
 */
public interface Operations {

    /** Runs the agent in the foreground until SIGTERM or SIGINT; SIGHUP reloads jobs and groups. */
    void run(Config config);

    /**
     * Shows everything on one machine with a Redis of its own.
     *
     * @param stopRequested asked at least every 100 ms; once true, the demo ends cleanly and returns
     */
    void demo(DemoRequest request, DemoView view, BooleanSupplier stopRequested);

    /**
     * Probes until every target is done. May use any thread for {@code listener}, one at a time; an exception of the
     * listener ends the ping and comes out of here.
     *
     * @param stopRequested asked at least every 100 ms; once true, nothing more is sent and this returns without waiting
     *     for replies
     */
    void ping(PingRequest request, PingListener listener, BooleanSupplier stopRequested);

    /** The checks of {@code doctor} that need sockets: rights, socket buffers. Never throws. */
    List<Check> systemChecks(Config config);
}
