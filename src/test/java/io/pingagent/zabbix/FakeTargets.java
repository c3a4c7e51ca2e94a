package io.pingagent.zabbix;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Targets 192.0.2.0 and up. */
public final class FakeTargets implements BridgedTargets {

    volatile boolean ready = true;
    volatile boolean redisConnected = true;
    volatile List<Problem> problems = List.of();
    volatile String group = "g\"1\"";
    /** Of the targets, instead of 192.0.2.0 and up. */
    volatile List<String> addresses = List.of();
    /** Thrown by whoever asks for a group. */
    volatile @Nullable RuntimeException failure;

    final AtomicInteger failures = new AtomicInteger();
    final AtomicLong version = new AtomicLong(1);
    final AtomicInteger count = new AtomicInteger();
    final Set<Integer> onErrList = ConcurrentHashMap.newKeySet();
    /** Hosts that take no values any more. */
    final Set<String> left = ConcurrentHashMap.newKeySet();
    /** Of those targets that have any. */
    final Map<Integer, TargetLabels> labels = new ConcurrentHashMap<>();
    /** Zabbix hosts that stand for targets. */
    final Map<Integer, List<ZabbixHost>> hosts = new ConcurrentHashMap<>();

    /** Behind which target another stands. */
    final Map<Integer, Integer> parents = new ConcurrentHashMap<>();
    /** Time since the last reply, by target. */
    volatile IntToLongFunction silentNanos = id -> Long.MAX_VALUE;

    volatile long timeoutNanos = 1_000_000_000L;
    /** Whoever was asked for a reply, in that order. */
    final List<Integer> asked = new CopyOnWriteArrayList<>();
    /** Targets that are not bridged. */
    final Set<Integer> unbridged = ConcurrentHashMap.newKeySet();

    FakeTargets(int count) {
        this.count.set(count);
    }

    /** One more target. */
    void add() {
        count.incrementAndGet();
        touch();
    }

    /** Something changed, and changed back. */
    void touch() {
        version.incrementAndGet();
    }

    /** Settings of what is measured; no server. */
    static BridgeSettings settings(Set<AddressItem> items, boolean hostPerAddress) {
        return new BridgeSettings(
                "a1",
                new BridgeSettings.Host("gza", "ping-agent test"),
                new BridgeSettings.Access(List.of(), new TlsSettings.Unencrypted()),
                new BridgeSettings.Values(items, false, hostPerAddress, Duration.ofSeconds(60), Duration.ofMinutes(10)),
                new BridgeSettings.Thresholds(3, 3, Duration.ZERO),
                new BridgeSettings.Buffer(Path.of("unused"), 1 << 20, Duration.ofDays(1), 1));
    }

    public static String ip(int targetId) {
        return new IpAddress(false, 0, 0xC000_0200L + targetId, 0).toString();
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public long version() {
        return version.get();
    }

    @Override
    public int limit() {
        return count.get();
    }

    @Override
    public boolean bridged(int targetId) {
        return targetId < count.get() && !unbridged.contains(targetId);
    }

    @Override
    public IpAddress address(int targetId) {
        return addresses.isEmpty()
                ? new IpAddress(false, 0, 0xC000_0200L + targetId, 0)
                : Addresses.parse(addresses.get(targetId));
    }

    @Override
    public String group(int targetId) {
        RuntimeException thrown = failure;
        if (thrown != null) {
            failures.incrementAndGet();
            throw thrown;
        }
        return group;
    }

    @Override
    public String job(int targetId) {
        return "core";
    }

    @Override
    public boolean onErrList(int targetId) {
        return onErrList.contains(targetId);
    }

    @Override
    public int parent(int targetId) {
        return parents.getOrDefault(targetId, -1);
    }

    @Override
    public long silentNanos(int targetId) {
        return silentNanos.applyAsLong(targetId);
    }

    @Override
    public long timeoutNanos(int targetId) {
        return timeoutNanos;
    }

    @Override
    public boolean ask(int targetId) {
        return asked.add(targetId);
    }

    @Override
    public TargetLabels labels(int targetId) {
        return labels.getOrDefault(targetId, TargetLabels.NONE);
    }

    @Override
    public List<ZabbixHost> hosts(int targetId) {
        return hosts.getOrDefault(targetId, List.of());
    }

    @Override
    public boolean mayTakeValues(String hostName) {
        return !left.contains(hostName);
    }

    final AgentFacts facts = new AgentFacts() {
        @Override
        public String version() {
            return "0.1.0";
        }

        @Override
        public long targets() {
            return count.get();
        }

        @Override
        public long errListSize() {
            return onErrList.size();
        }

        @Override
        public double probesPerSecond() {
            return 12.34567;
        }

        @Override
        public long refused() {
            return 1;
        }

        @Override
        public long kernelDrops() {
            return 2;
        }

        @Override
        public long overruns() {
            return 3;
        }

        @Override
        public long invalidated() {
            return 4;
        }

        @Override
        public long sendErrors() {
            return 5;
        }

        @Override
        public long sendDeferred() {
            return 6;
        }

        @Override
        public long sendOmitted() {
            return 7;
        }

        @Override
        public double latenessSeconds() {
            return 0.0012;
        }

        @Override
        public boolean redisConnected() {
            return redisConnected;
        }

        @Override
        public List<Problem> problems() {
            return problems;
        }
    };
}
