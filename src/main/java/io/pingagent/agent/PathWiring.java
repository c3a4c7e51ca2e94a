package io.pingagent.agent;

import io.pingagent.agent.control.LiveVerdicts;
import io.pingagent.agent.control.StatusChanges;
import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.config.Config;
import io.pingagent.model.AddressStatus;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.probe.Engine;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.writer.PathWriter;
import io.pingagent.trace.PathKeeper;
import io.pingagent.trace.PathStore;
import io.pingagent.trace.PathTargets;
import io.pingagent.trace.TraceSockets;
import io.pingagent.zabbix.BridgedTargets;
import io.pingagent.zabbix.ZabbixBridge;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Traces of addresses that go down, connected to the engine, to Redis and to Zabbix. Made with {@code path.on-down} only. */
final class PathWiring implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final PathKeeper keeper;
    private final PathWriter writer;

    private PathWiring(
            Config config,
            RedisConnector connector,
            NanoClock clock,
            PathTargets targets,
            @Nullable ZabbixBridge bridge) {
        writer = new PathWriter(
                connector,
                new RedisKeys(config.agent().name()),
                config.probe().path().keyTtl());
        keeper = new PathKeeper(
                config.probe().path(),
                TraceSockets.open(config.probe().icmp(), true, true),
                clock,
                targets,
                new Store(writer),
                (targetId, address, text, wallNanos) -> {
                    if (bridge != null) {
                        bridge.path(targetId, address.toString(), text, wallNanos);
                    }
                });
    }

    /**
     * Null without {@code path.on-down}.
     *
     * @throws io.pingagent.base.NotPermittedException if the raw sockets are refused
     */
    static @Nullable PathWiring of(
            Config config,
            RedisConnector connector,
            NanoClock clock,
            Interest interest,
            @Nullable ZabbixBridge bridge) {
        if (!config.probe().path().onDown()) {
            return null;
        }
        PathWiring wiring = new PathWiring(config, connector, clock, interest, bridge);
        interest.verdicts.follow(new Changes(wiring.keeper));
        return wiring;
    }

    void start() {
        writer.start();
        keeper.start();
    }

    List<Problem> problems() {
        return writer.problems();
    }

    @Override
    public void close() {
        keeper.close();
        writer.close(DEADLINE);
    }

    /**
     * Which targets are traced.
     *
     * @param bridged those that go to Zabbix, or null if none does: then all are
     */
    record Interest(
            Engine engine,
            AgentListener listener,
            LiveVerdicts verdicts,
            @Nullable BridgedTargets bridged) implements PathTargets {

        @Override
        public int limit() {
            return engine.targetLimit();
        }

        @Override
        public @Nullable IpAddress address(int targetId) {
            boolean isWanted = targetId < engine.targetLimit()
                    && engine.isLive(targetId)
                    && (bridged == null || targetId < bridged.limit() && bridged.bridged(targetId));
            return isWanted ? engine.address(targetId) : null;
        }

        @Override
        public boolean isUp(int targetId) {
            return Boolean.TRUE.equals(verdicts.isUp(targetId));
        }

        @Override
        public @Nullable AddressStatus status(int targetId) {
            return verdicts.status(targetId);
        }

        @Override
        public boolean isIsolationSuspected() {
            return listener.isIsolationSuspected();
        }

        @Override
        public boolean isIsolated() {
            return engine.isolation().isIsolated();
        }
    }

    private record Changes(PathKeeper keeper) implements StatusChanges {

        @Override
        @OwnedBy("ping-recv")
        public void wentDown(int targetId) {
            keeper.wentDown(targetId);
        }

        @Override
        @OwnedBy("ping-recv")
        public void foundDown(int targetId) {
            keeper.foundDown(targetId);
        }

        @Override
        @OwnedBy("ping-recv")
        public void cameUp(int targetId) {
            keeper.cameUp(targetId);
        }

        @Override
        @OwnedBy("ping-recv")
        public void removed(int targetId) {
            keeper.removed(targetId);
        }
    }

    @AnyThread
    private record Store(PathWriter writer) implements PathStore {

        @Override
        public void save(IpAddress address, String json) {
            writer.save(address, json);
        }

        @Override
        public void load(IpAddress address, Consumer<@Nullable String> taker, Runnable unknown) {
            writer.load(address, taker, unknown);
        }

        @Override
        public void remove(IpAddress address) {
            writer.remove(address);
        }
    }
}
