package io.pingagent.agent.control;

import io.pingagent.agent.catalogue.TargetNames;
import io.pingagent.base.AnyThread;
import io.pingagent.base.Version;
import io.pingagent.control.AddressFigures;
import io.pingagent.control.AgentFigures;
import io.pingagent.control.AgentSource;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.probe.Engine;
import io.pingagent.redis.writer.StateWriter;
import io.pingagent.zabbix.ZabbixBridge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The agent itself, from its own memory: it answers while Redis is unreachable. */
@AnyThread
public final class LiveAgent implements AgentSource {

    private final String name;
    private final Engine engine;
    private final StateWriter writer;
    private final @Nullable ZabbixBridge bridge;
    private final Supplier<List<Problem>> problems;
    private final Supplier<TargetNames> names;
    private final LiveVerdicts verdicts;

    /**
     * @param names of groups and jobs as they are now
     * @param problems what users have to correct, the most important first
     */
    public LiveAgent(
            String name,
            Engine engine,
            StateWriter writer,
            @Nullable ZabbixBridge bridge,
            Supplier<List<Problem>> problems,
            Supplier<TargetNames> names,
            LiveVerdicts verdicts) {
        this.name = name;
        this.engine = engine;
        this.writer = writer;
        this.bridge = bridge;
        this.problems = problems;
        this.names = names;
        this.verdicts = verdicts;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public AgentFigures figures() {
        List<Problem> present = problems.get();
        return new AgentFigures(
                name,
                Version.text(),
                true,
                new AgentFigures.Targets(
                        (long) engine.targetCount(), (long) Math.max(0, engine.errListSize() - engine.cutOffSize())),
                new AgentFigures.Connections(
                        writer.connected(),
                        bridge == null ? null : bridge.connected(),
                        engine.isolation().isIsolated()),
                new AgentFigures.Problems(
                        present.size(), present.isEmpty() ? "" : present.get(0).toString()));
    }

    @Override
    public @Nullable List<AddressFigures> addresses(boolean errListOnly, int most) {
        int limit = engine.targetLimit();
        List<IpAddress> addresses = new ArrayList<>();
        for (int targetId = 0; targetId < limit && addresses.size() <= most; targetId++) {
            if (engine.isLive(targetId) && (!errListOnly || isErrListed(targetId))) {
                addresses.add(engine.address(targetId));
            }
        }
        if (addresses.size() > most) {
            // Without the names of so many, which nobody is to see.
            return null;
        }
        addresses.sort(Comparator.naturalOrder());
        List<TargetNames.@Nullable Names> found = names.get().find(addresses);
        List<AddressFigures> rows = new ArrayList<>(addresses.size());
        for (int i = 0; i < addresses.size(); i++) {
            TargetNames.Names known = found.get(i);
            int targetId = engine.targetId(addresses.get(i));
            // What no group names is probed for the agent itself: a canary.
            if (known != null && targetId >= 0) {
                rows.add(row(targetId, addresses.get(i), known));
            }
        }
        return rows;
    }

    @Override
    public @Nullable AddressFigures address(IpAddress address) {
        int targetId = engine.targetId(address);
        return targetId < 0 ? null : row(targetId, address, null);
    }

    @Override
    public @Nullable String discovery(int most) {
        return DiscoveryRows.json(addresses(false, most), names.get().labels(), name);
    }

    private boolean isErrListed(int targetId) {
        return engine.isInErrList(targetId) && !engine.isCutOff(targetId);
    }

    private AddressFigures row(int targetId, IpAddress address, TargetNames.@Nullable Names known) {
        int counts = engine.windowCounts(targetId);
        int sent = counts >>> 16;
        int received = counts & 0xffff;
        long rttNanos = engine.lastRttNanos(targetId);
        boolean isFresh = rttNanos >= 0
                && engine.silentNanos(targetId) <= engine.settings(targetId).ttlMillis() * 1_000_000L;
        long jitterNanos = isFresh ? verdicts.jitterNanos(targetId) : -1;
        String called = names.get().labels().of(address).name();
        return new AddressFigures(
                address,
                called.isEmpty() ? null : called,
                known == null ? null : known.group(),
                known == null ? null : known.job(),
                verdicts.status(targetId),
                isErrListed(targetId),
                new AddressFigures.Quality(
                        sent == 0 ? null : 100.0 * Math.max(0, sent - received) / sent,
                        isFresh ? rttNanos : null,
                        jitterNanos < 0 ? null : jitterNanos));
    }
}
