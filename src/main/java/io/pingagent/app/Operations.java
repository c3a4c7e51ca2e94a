package io.pingagent.app;

import io.pingagent.config.Config;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the command line asks of the agent. Found with {@link java.util.ServiceLoader}, and only by the commands that need
 * it, so that {@code --help} starts no machinery.
 *
 * <p>Every method may throw {@link NotPermittedException} (exit status 77) and {@link ServiceAwayException} (69).
 */
public interface Operations {

    /**
     * Runs the agent in the foreground until SIGTERM or SIGINT; SIGHUP reloads jobs and groups, and what of the
     * configuration can change meanwhile.
     *
     * @param again reads the configuration again; asked at each SIGHUP, may throw what reading it threw
     */
    void run(Config config, Supplier<Config> again);

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

    /** The checks of {@code doctor} that need Zabbix; a note without {@code zabbix.servers}. Never throws. */
    List<Check> zabbixChecks(Config config);

    /**
     * The discovery JSON by the jobs and groups in Redis.
     *
     * @param errListOnly whether only addresses on the agent's err list are in it
     */
    String zabbixDiscovery(Config config, boolean errListOnly);

    /**
     * Probes every bridged address {@code zabbix.down-after} times, a second apart, and sends discovery lists and values.
     *
     * @param isDryRun whether nothing is sent
     * @param stopRequested asked at least every 100 ms; once true, nothing more is probed
     */
    ZabbixPush zabbixSend(Config config, boolean isDryRun, BooleanSupplier stopRequested);
}
