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
}
