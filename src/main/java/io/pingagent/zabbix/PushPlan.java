package io.pingagent.zabbix;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ZabbixHost;
import io.pingagent.model.Zones;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which targets are pushed when. The push interval is cut into ticks. The hash of an address selects its tick, whatever
 * other addresses there are.
 */
@OwnedBy("ping-zabbix")
final class PushPlan {

    private final ValueCollector collector;
    private final int ticks;

    private @Nullable IpAddress[] watched = new IpAddress[0];
    private @Nullable AddressHosts[] addressees = new AddressHosts[0];
    private int[][] byTick = new int[0][];
    private int count;

    /** @param ticks at least 1 */
    PushPlan(ValueCollector collector, int ticks) {
        this.collector = collector;
        this.ticks = ticks;
    }

    /** Is called for targets and hosts that came or went. */
    interface Listener {

        /** Just before it is measured no more, or before these hosts take its values no more. */
        void gone(int targetId, AddressHosts addressee);

        /** These take the values of a target that is measured already. */
        void came(int targetId, AddressHosts addressee);
    }

    /** Follows the targets: those that came are measured, those that went are not. */
    void update(BridgedTargets targets, Listener listener) {
        int limit = targets.limit();
        if (limit > watched.length) {
            watched = Arrays.copyOf(watched, limit);
            addressees = Arrays.copyOf(addressees, limit);
        }
        List<List<Integer>> lists = new ArrayList<>();
        for (int i = 0; i < ticks; i++) {
            lists.add(new ArrayList<>());
        }
        count = 0;
        for (int id = 0; id < watched.length; id++) {
            IpAddress address = id < limit && targets.bridged(id) ? targets.address(id) : null;
            IpAddress before = watched[id];
            if (address == null) {
                if (before != null) {
                    gone(listener, id);
                    collector.unwatch(id);
                    watched[id] = null;
                    addressees[id] = null;
                }
                continue;
            }
            if (!address.equals(before)) {
                gone(listener, id);
                collector.watch(id);
                watched[id] = address;
                addressees[id] = new AddressHosts(address.toString(), targets.hosts(id));
            } else {
                follow(listener, id, new AddressHosts(address.toString(), targets.hosts(id)));
            }
            lists.get(tickOf(address)).add(id);
            count++;
        }
        byTick = lists.stream()
                .map(ids -> ids.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private void gone(Listener listener, int id) {
        AddressHosts addressee = addressees[id];
        if (addressee != null) {
            listener.gone(id, addressee);
        }
    }

    /** Without hosts of its own the address is an item of the agent's host, or a host made for it. */
    private void follow(Listener listener, int id, AddressHosts now) {
        AddressHosts before = addressees[id];
        if (before == null || before.hosts().equals(now.hosts())) {
            return;
        }
        addressees[id] = now;
        if (before.hosts().isEmpty() || now.hosts().isEmpty()) {
            listener.gone(id, before);
            listener.came(id, now);
            return;
        }
        List<ZabbixHost> left = without(before.hosts(), now.hosts());
        if (!left.isEmpty()) {
            listener.gone(id, new AddressHosts(now.ip(), left));
        }
        List<ZabbixHost> joined = without(now.hosts(), before.hosts());
        if (!joined.isEmpty()) {
            listener.came(id, new AddressHosts(now.ip(), joined));
        }
    }

    private static List<ZabbixHost> without(List<ZabbixHost> hosts, List<ZabbixHost> others) {
        return hosts.stream().filter(host -> !others.contains(host)).toList();
    }

    private int tickOf(IpAddress address) {
        // The zone's name: its number depends on which other zones there are.
        int zone = address.zone() == 0 ? 0 : Zones.name(address.zone()).hashCode();
        long mixed = (address.high() * 31 + address.low() * 0x9E37_79B9_7F4A_7C15L + zone) * 0xBF58_476D_1CE4_E5B9L;
        return (int) Long.remainderUnsigned(mixed ^ mixed >>> 31, ticks);
    }

    int ticks() {
        return ticks;
    }

    /** The targets of a tick. */
    int[] targetsOf(int tick) {
        return byTick.length == 0 ? new int[0] : byTick[tick];
    }

    /** Whom the target's values go to, or null if it is not bridged. */
    @Nullable
    AddressHosts addressee(int targetId) {
        return targetId < addressees.length ? addressees[targetId] : null;
    }

    /** Number of bridged targets. */
    int count() {
        return count;
    }

    int limit() {
        return watched.length;
    }
}
