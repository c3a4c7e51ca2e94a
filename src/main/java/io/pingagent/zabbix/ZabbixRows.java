package io.pingagent.zabbix;

import io.pingagent.model.AddressStatus;
import io.pingagent.model.ZabbixValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a few probes of each target, made as the bridge makes them but without waiting, buffer or threads: for
 * {@code zabbix send}. Fed by one thread, read by any once that has ended.
 */
public final class ZabbixRows {

    private final BridgeSettings settings;
    private final BridgedTargets targets;
    private final ValueCollector collector;

    /** @param targets that are bridged now are measured */
    public ZabbixRows(BridgeSettings settings, BridgedTargets targets) {
        this.settings = settings;
        this.targets = targets;
        // The probes are a second apart. To the bridge that is the err list's interval.
        this.collector = new ValueCollector(
                new BridgeSettings.Thresholds(settings.thresholds().downAfter(), 1, Duration.ZERO),
                settings.values().items(),
                targetId -> true);
        for (int id = 0; id < targets.limit(); id++) {
            if (targets.bridged(id)) {
                collector.watch(id);
            }
        }
    }

    /** As {@link ZabbixBridge#replied}. */
    public void replied(int targetId, long rttNanos, long wallNanos, int hopLimit) {
        collector.replied(targetId, rttNanos, wallNanos, hopLimit);
    }

    /** As {@link ZabbixBridge#lost}. */
    public void lost(int targetId, long wallNanos) {
        collector.lost(targetId, wallNanos);
    }

    /**
     * All discovery lists.
     *
     * @param wallNanos Unix nanoseconds to stamp them with
     */
    public List<ZabbixValue> discovery(long wallNanos) {
        List<ZabbixValue> lists = new ArrayList<>();
        DiscoveryLists.of(settings, targets)
                .forEach((key, list) -> lists.add(ZabbixValue.at(settings.host().name(), key, list.text(), wallNanos)));
        return lists;
    }

    /** All are probed at the same time, so their verdicts are of the same time. */
    private @Nullable AddressStatus status(int targetId, @Nullable AddressStatus own) {
        boolean isBehind = own == AddressStatus.DOWN
                && DeadParents.isAnyAbove(
                        targetId, targets::bridgedParent, id -> collector.status(id) == StatusJudge.Status.DOWN);
        return isBehind ? AddressStatus.BEHIND_DEAD_PARENT : own;
    }

    /** The values of every target that was probed; with {@code errListOnly} of those on the err list. */
    public List<ZabbixValue> take() {
        ValueFormat format = new ValueFormat(settings);
        IntervalRow row = new IntervalRow();
        List<ZabbixValue> values = new ArrayList<>();
        for (int id = 0; id < targets.limit(); id++) {
            if (targets.bridged(id) && (!settings.values().errListOnly() || targets.onErrList(id))) {
                collector.take(id, row);
                AddressHosts addressee = new AddressHosts(targets.address(id).toString(), targets.hosts(id));
                format.row(addressee, row, status(id, format.status(row)), values);
            }
        }
        return values;
    }
}
