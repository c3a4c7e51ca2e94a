package io.pingagent.zabbix;

import io.pingagent.model.IpAddress;
import io.pingagent.model.ZabbixHost;
import io.pingagent.model.Zones;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which targets are pushed when: the push interval is cut into ticks, and an address has its tick by its hash, the same
 * whatever other addresses there are. Owned by {@code ping-zabbix}.
 */
final class PushPlan {

    private final ValueCollector collector;
    private final int ticks;

    private @Nullable IpAddress[] watched = new IpAddress[0];
    private @Nullable Addressee[] addressees = new Addressee[0];
    private int[][] byTick = new int[0][];
    private int count;

    /** @param ticks at least 1 */
    PushPlan(ValueCollector collector, int ticks) {
        this.collector = collector;
        this.ticks = ticks;
    }

    /** Hears of targets that went. */
    interface Gone {

        /** Just before it is measured no more. */
        void gone(int targetId, Addressee addressee);
    }

    /** Follows the targets: those that came are measured, those that went are not. */
    void update(Targets targets, Gone gone) {
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
                    tell(gone, id);
                    collector.unwatch(id);
                    watched[id] = null;
                    addressees[id] = null;
                }
                continue;
            }
            if (!address.equals(before)) {
                tell(gone, id);
                collector.watch(id);
                watched[id] = address;
                addressees[id] = new Addressee(address.toString(), targets.hosts(id));
            } else {
                addressees[id] = withHosts(addressees[id], address, targets.hosts(id));
            }
            lists.get(tickOf(address)).add(id);
            count++;
        }
        byTick = lists.stream()
                .map(ids -> ids.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private void tell(Gone gone, int id) {
        Addressee addressee = addressees[id];
        if (addressee != null) {
            gone.gone(id, addressee);
        }
    }

    /** Hosts that came take values from now on, those that went take none: they are no concern of ours any more. */
    private static Addressee withHosts(@Nullable Addressee before, IpAddress address, List<ZabbixHost> hosts) {
        return before != null && before.hosts().equals(hosts) ? before : new Addressee(address.toString(), hosts);
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
    Addressee addressee(int targetId) {
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
