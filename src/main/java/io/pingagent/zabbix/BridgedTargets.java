package io.pingagent.zabbix;

import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetLabels;
import io.pingagent.model.ZabbixHost;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Port: the agent's targets. Read on the bridge's threads, {@link #onErrList} also on {@code ping-recv}. */
public interface BridgedTargets {

    /** Further up nobody looks: a bound, should the parents change while they are followed. */
    int MOST_LEVELS = 64;

    /** Whether the first catalogue is applied: before that the lists are not complete, and none is sent. */
    boolean ready();

    /** A number that is another after every change of targets, groups or jobs. */
    long version();

    /** Ids are 0 to limit - 1. */
    int limit();

    /** Whether the id is a target now, and of a group that is bridged. */
    boolean bridged(int targetId);

    /** Of a bridged target. */
    IpAddress address(int targetId);

    /** The group by which a bridged target is known: the first in the order of names. */
    String group(int targetId);

    /** The job by which a bridged target is probed: the first in the order of names. */
    String job(int targetId);

    boolean onErrList(int targetId);

    /** What users call a bridged target. */
    default TargetLabels labels(int targetId) {
        return TargetLabels.NONE;
    }

    /** The target behind which a target stands, or -1. Following it from target to target never comes to a circle. */
    default int parent(int targetId) {
        return -1;
    }

    /** The nearest bridged target behind which a target stands, or -1. One that is not bridged has no effect. */
    default int bridgedParent(int targetId) {
        int above = parent(targetId);
        for (int level = 1; above >= 0 && !bridged(above); level++) {
            above = level == MOST_LEVELS ? -1 : parent(above);
        }
        return above;
    }

    /** Time since the last reply of a target came; the greatest number if there was none. */
    default long silentNanos(int targetId) {
        return Long.MAX_VALUE;
    }

    /** How long probes of a target wait for their replies. */
    default long timeoutNanos(int targetId) {
        return TimeUnit.SECONDS.toNanos(1);
    }

    /**
     * Has a target probed at the err list's interval until it answers. It may be asked for again meanwhile.
     *
     * @return false if it has to be asked for again
     */
    default boolean ask(int targetId) {
        return true;
    }

    /** Zabbix hosts that stand for a bridged target and take its values; empty if there are none. */
    List<ZabbixHost> hosts(int targetId);

    /**
     * Whether a host that is neither the agent's nor made for an address still takes values. False only if that is
     * sure: then nobody wants what waits for it.
     */
    boolean mayTakeValues(String hostName);
}
