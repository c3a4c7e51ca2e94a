package io.pingagent.app.demo;

import io.pingagent.agent.Agent;
import io.pingagent.agent.LogLevels;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigLoader;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetRow;
import io.pingagent.probe.Engine;
import io.pingagent.redis.admin.RedisAdmin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The whole agent on one machine: a Redis of its own, one job, addresses of loopback. Nothing leaves the machine: those that do
 * not answer are loopback's broadcast address and groups of the loopback interface that nobody has joined.
 */
public final class Demo {

    private static final String AGENT = "demo";
    private static final String GROUP = "demo";
    private static final String JOB = "{\"SPEC\":\"*/2 * * * * *\",\"name\":\"demo\",\"group\":[\"demo\"]}";
    private static final List<String> SILENT = List.of("127.255.255.255", "fe80::1:1%lo");
    private static final long POLL_MILLIS = 50;
    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final DemoRequest request;
    private final DemoView view;
    private final BooleanSupplier stopRequested;

    public Demo(DemoRequest request, DemoView view, BooleanSupplier stopRequested) {
        this.request = request;
        this.view = view;
        this.stopRequested = stopRequested;
    }

    public void run() {
        LogLevels.silence();
        List<IpAddress> addresses = addresses();
        try (DemoRedis redis = DemoRedis.start(AGENT)) {
            Config config = ConfigLoader.load(redis.configFile(), Map.of());
            fill(config, addresses);
            view.say("Redis: " + redis.description());
            view.say("look inside with: ping-agent status --config " + redis.configFile());
            view.say("or: REDISCLI_AUTH=$(cat " + redis.passwordFile() + ") redis-cli -p " + redis.port());
            view.say("job demo: every 2 s, " + addresses.size() + " addresses, " + SILENT.size()
                    + " of them never answer; those are probed every second");
            DemoListener listener = new DemoListener(addresses.size());
            try (Agent agent = new Agent(config, listener)) {
                agent.start();
                show(agent.engine(), listener, addresses);
            }
        }
    }

    private List<IpAddress> addresses() {
        List<IpAddress> addresses = new ArrayList<>();
        int answering = Math.max(1, request.targets() - SILENT.size());
        for (int i = 1; i <= answering; i++) {
            addresses.add(Addresses.parse("127.0." + i / 250 + "." + (i % 250 + 1)));
        }
        for (int i = 0; addresses.size() < request.targets(); i++) {
            addresses.add(Addresses.parse(SILENT.get(i)));
        }
        return addresses;
    }

    private static void fill(Config config, List<IpAddress> addresses) {
        try (RedisAdmin admin = RedisAdmin.connect(config.redis())) {
            admin.groups().enlist(GROUP);
            admin.groups()
                    .addMembers(
                            GROUP, addresses.stream().map(IpAddress::toString).toList());
            admin.jobs().put("demo", null, JOB);
        }
    }

    private void show(Engine engine, DemoListener listener, List<IpAddress> addresses) {
        long startNanos = System.nanoTime();
        long refreshNanos = startNanos;
        while (!stopRequested.getAsBoolean() && !isOver(startNanos)) {
            if (System.nanoTime() - refreshNanos >= 0) {
                view.refresh(rows(engine, listener, addresses));
                refreshNanos += REFRESH_NANOS;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        view.refresh(rows(engine, listener, addresses));
    }

    private boolean isOver(long startNanos) {
        return !request.duration().isZero()
                && System.nanoTime() - startNanos >= request.duration().toNanos();
    }

    private static List<TargetRow> rows(Engine engine, DemoListener listener, List<IpAddress> addresses) {
        List<TargetRow> rows = new ArrayList<>();
        for (IpAddress address : addresses) {
            int targetId = engine.targetId(address);
            if (targetId < 0) {
                rows.add(new TargetRow(address.toString(), 0, 0, -1, -1, false));
                continue;
            }
            int counts = engine.windowCounts(targetId);
            rows.add(new TargetRow(
                    address.toString(),
                    counts >>> 16,
                    counts & 0xffff,
                    engine.isLive(targetId) ? engine.lastRttNanos(targetId) : -1,
                    listener.averageRttNanos(targetId),
                    engine.isInErrList(targetId)));
        }
        return rows;
    }
}
