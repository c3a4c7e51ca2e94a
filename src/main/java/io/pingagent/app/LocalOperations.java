package io.pingagent.app;

import io.pingagent.config.Config;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The agent on this machine. */
public final class LocalOperations implements Operations {

    @Override
    public void run(Config config) {
        new Service(config).run();
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
    public List<Check> systemChecks(Config config) {
        return SystemChecks.run(config);
    }

    @Override
    public List<Check> zabbixChecks(Config config) {
        return new ZabbixSession(config).checks();
    }

    @Override
    public String zabbixDiscovery(Config config, boolean errListOnly) {
        return new ZabbixSession(config).discovery(errListOnly);
    }

    @Override
    public ZabbixPush zabbixSend(Config config, boolean isDryRun, BooleanSupplier stopRequested) {
        return new ZabbixSession(config).send(isDryRun, stopRequested);
    }
}
