package io.pingagent.app;

import io.pingagent.app.demo.DemoRequest;
import io.pingagent.app.demo.DemoView;
import io.pingagent.app.doctor.Check;
import io.pingagent.app.zabbix.ZabbixExplanation;
import io.pingagent.app.zabbix.ZabbixPush;
import io.pingagent.app.zabbix.ZabbixSetupRequest;
import io.pingagent.app.zabbix.ZabbixSetupResult;
import io.pingagent.config.Config;
import io.pingagent.imports.ZabbixImportResult;
import io.pingagent.ping.PingListener;
import io.pingagent.ping.PingRequest;
import io.pingagent.trace.TraceListener;
import io.pingagent.trace.TraceRequest;
import io.pingagent.zabbix.api.ApiSettings;
import io.pingagent.zabbix.api.ZabbixImport;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Port: what the command line asks of the agent. Made by the commands that need it only, so that {@code --help} loads no
 * engine.
 *
 * <p>Every method may throw {@code NotPermittedException} (exit status 77) and {@code ServiceUnreachableException} (69).
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

    /**
     * Traces the hops on the way to an address. The listener is called by the calling thread.
     *
     * @param stopRequested asked at least every 100 ms; once true, nothing more is sent and this returns
     */
    void trace(TraceRequest request, TraceListener listener, BooleanSupplier stopRequested);

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

    /**
     * Brings hosts of Zabbix into a group of Redis.
     *
     * @param api where the API is: as the configuration says, or as somebody typed
     * @param isDryRun whether nothing is changed
     * @param isForced whether more than half of the hosts may go
     */
    ZabbixImportResult zabbixImport(
            Config config, @Nullable ApiSettings api, ZabbixImport entry, boolean isDryRun, boolean isForced);

    /**
     * The checks of {@code doctor} that need Zabbix's API; none without {@code zabbix.api-url}. Never throws.
     *
     * @param valuesFail whether no server takes values, so that the API is asked for the reason
     */
    List<Check> zabbixApiChecks(Config config, boolean valuesFail);

    /** Imports the templates, and makes the agent's host or an autoregistration action; what is there already stays. */
    ZabbixSetupResult zabbixSetup(Config config, @Nullable ApiSettings api, ZabbixSetupRequest request);

    /**
     * As {@link #zabbixSend}, but through {@code history.push} of Zabbix's API (7.0 and later), which says for each value why
     * it is not taken.
     */
    ZabbixExplanation zabbixExplain(Config config, @Nullable ApiSettings api, BooleanSupplier stopRequested);
}
