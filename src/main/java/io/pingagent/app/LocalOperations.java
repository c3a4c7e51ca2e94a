package io.pingagent.app;

import io.pingagent.app.demo.Demo;
import io.pingagent.app.demo.DemoRequest;
import io.pingagent.app.demo.DemoView;
import io.pingagent.app.doctor.Check;
import io.pingagent.app.doctor.SystemChecks;
import io.pingagent.app.zabbix.ZabbixApiCommands;
import io.pingagent.app.zabbix.ZabbixCommands;
import io.pingagent.app.zabbix.ZabbixExplanation;
import io.pingagent.app.zabbix.ZabbixPush;
import io.pingagent.app.zabbix.ZabbixSetupRequest;
import io.pingagent.app.zabbix.ZabbixSetupResult;
import io.pingagent.config.Config;
import io.pingagent.imports.ZabbixImportResult;
import io.pingagent.ping.PingListener;
import io.pingagent.ping.PingRequest;
import io.pingagent.ping.PingRun;
import io.pingagent.trace.TraceListener;
import io.pingagent.trace.TraceRequest;
import io.pingagent.trace.TraceRun;
import io.pingagent.zabbix.api.ApiSettings;
import io.pingagent.zabbix.api.ZabbixImport;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The agent on this machine. */
public final class LocalOperations implements Operations {

    @Override
    public void run(Config config, Supplier<Config> again) {
        Journal.chooseLogFormat();
        new Service(config, again).run();
    }

    @Override
    public void demo(DemoRequest request, DemoView view, BooleanSupplier stopRequested) {
        new Demo(request, view, stopRequested).run();
    }

    @Override
    public void ping(PingRequest request, PingListener listener, BooleanSupplier stopRequested) {
        new PingRun(request, listener, stopRequested).run();
    }

    @Override
    public void trace(TraceRequest request, TraceListener listener, BooleanSupplier stopRequested) {
        new TraceRun(request, listener, stopRequested).run();
    }

    @Override
    public List<Check> systemChecks(Config config) {
        return SystemChecks.run(config);
    }

    @Override
    public List<Check> zabbixChecks(Config config) {
        return new ZabbixCommands(config).checks();
    }

    @Override
    public String zabbixDiscovery(Config config, boolean errListOnly) {
        return new ZabbixCommands(config).discovery(errListOnly);
    }

    @Override
    public ZabbixPush zabbixSend(Config config, boolean isDryRun, BooleanSupplier stopRequested) {
        return new ZabbixCommands(config).send(isDryRun, stopRequested);
    }

    @Override
    public ZabbixImportResult zabbixImport(
            Config config, @Nullable ApiSettings api, ZabbixImport entry, boolean isDryRun, boolean isForced) {
        return new ZabbixApiCommands(config, api).importHosts(entry, isDryRun, isForced);
    }

    @Override
    public List<Check> zabbixApiChecks(Config config, boolean valuesFail) {
        return new ZabbixApiCommands(config, config.zabbix().api()).checks(valuesFail);
    }

    @Override
    public ZabbixSetupResult zabbixSetup(Config config, @Nullable ApiSettings api, ZabbixSetupRequest request) {
        return new ZabbixApiCommands(config, api).setup(request);
    }

    @Override
    public ZabbixExplanation zabbixExplain(Config config, @Nullable ApiSettings api, BooleanSupplier stopRequested) {
        return new ZabbixApiCommands(config, api).explain(stopRequested);
    }
}
