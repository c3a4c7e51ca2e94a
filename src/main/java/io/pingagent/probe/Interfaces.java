package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.SendErrors;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Zones;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sender knows of this machine's interfaces: the index of each zone that is sent to, and whether the sockets
 * are bound as configured.
 *
 * <p>An interface that is deleted and made again has another index. So everything is asked again every
 * {@value #REFRESH_NANOS} ns. A failed send that a missing interface explains makes that sooner, but at most every
 * {@value #RECHECK_NANOS} ns. A zone is asked for only when there is something to send to it.
 */
@OwnedBy("ping-send")
final class Interfaces {

    /** Stands for the index of an interface that does not exist. */
    static final int MISSING = -1;

    static final long REFRESH_NANOS = 2_000_000_000L;
    static final long RECHECK_NANOS = 100_000_000L;
    /** A zone to which nothing was sent for so long has no targets any more. */
    private static final long FORGET_NANOS = 600_000_000_000L;
    /** Zones that are named in {@link #problems}. */
    private static final int NAMED = 10;

    private final @Nullable IcmpSocket v4;
    private final @Nullable IcmpSocket v6;
    private final ProfileSockets profiles;

    /** By number of the zone; 0 for one that was never asked for. */
    private int[] indexes = new int[16];

    private long[] checkedNanos = new long[16];
    private boolean[] mayBeStale = new boolean[16];

    private long nowNanos;
    private long boundNanos;
    private boolean isBindingStale;

    /** Zones whose interface does not exist, replaced as a whole. */
    private volatile int[] missingZones = {};

    Interfaces(Sockets sockets, ProfileSockets profiles, long nowNanos) {
        this.v4 = sockets.v4();
        this.v6 = sockets.v6();
        this.profiles = profiles;
        this.nowNanos = nowNanos;
        this.boundNanos = nowNanos;
    }

    /** Once a cycle, with the time at which it began. */
    void cycle(long cycleNanos) {
        nowNanos = cycleNanos;
        if (nowNanos - boundNanos < (isBindingStale ? RECHECK_NANOS : REFRESH_NANOS)) {
            return;
        }
        boundNanos = nowNanos;
        isBindingStale = false;
        if (v4 != null) {
            v4.refreshBinding();
        }
        if (v6 != null) {
            v6.refreshBinding();
        }
        profiles.forEachOpen(IcmpSocket::refreshBinding);
        for (int zone : missingZones) {
            if (nowNanos - checkedNanos[zone] > FORGET_NANOS) {
                indexes[zone] = 0;
                setMissing(zone, false);
            }
        }
    }

    /** The index that a zone's interface has now, {@link #MISSING} if there is none; 0 for zone 0, and without IPv6. */
    int index(int zone) {
        if (zone == 0 || v6 == null) {
            return 0;
        }
        if (zone >= indexes.length) {
            int length = Math.max(zone + 1, indexes.length * 2);
            indexes = Arrays.copyOf(indexes, length);
            checkedNanos = Arrays.copyOf(checkedNanos, length);
            mayBeStale = Arrays.copyOf(mayBeStale, length);
        }
        long freshNanos = mayBeStale[zone] ? RECHECK_NANOS : REFRESH_NANOS;
        if (indexes[zone] == 0 || nowNanos - checkedNanos[zone] >= freshNanos) {
            look(zone);
        }
        return indexes[zone];
    }

    private void look(int zone) {
        int index = v6 == null ? 0 : v6.interfaceIndex(Zones.name(zone));
        checkedNanos[zone] = nowNanos;
        mayBeStale[zone] = false;
        if (index == MISSING != (indexes[zone] == MISSING)) {
            setMissing(zone, index == MISSING);
        }
        indexes[zone] = index;
    }

    private void setMissing(int zone, boolean isMissing) {
        int[] others =
                Arrays.stream(missingZones).filter(known -> known != zone).toArray();
        if (isMissing) {
            others = Arrays.copyOf(others, others.length + 1);
            others[others.length - 1] = zone;
        }
        missingZones = others;
    }

    /** A probe was not sent; asks again soon if an interface may be the reason. */
    void sendFailed(int zone, int errno) {
        if (SendErrors.mayBeInterface(errno)) {
            isBindingStale = true;
            if (zone > 0 && zone < mayBeStale.length) {
                mayBeStale[zone] = true;
            }
        }
    }

    /** Why some probes, or all of them, cannot be sent as asked for; empty while all is well. */
    @AnyThread
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        String v4Problem = v4 == null ? null : v4.bindingProblem();
        String v6Problem = v6 == null ? null : v6.bindingProblem();
        if (v4Problem != null) {
            problems.add(v4Problem);
        }
        if (v6Problem != null && !v6Problem.equals(v4Problem)) {
            problems.add(v6Problem);
        }
        problems.addAll(profiles.problems());
        int[] zones = missingZones;
        for (int i = 0; i < Math.min(zones.length, NAMED); i++) {
            problems.add(missing(zones[i]));
        }
        if (zones.length > NAMED) {
            problems.add(zones.length - NAMED + " more interfaces that addresses name do not exist");
        }
        return problems;
    }

    /** Why probes to this address cannot be sent, or null. */
    @AnyThread
    @Nullable
    String problemOf(IpAddress address) {
        return problemOf(address, 0);
    }

    /** The same for an address whose job has this profile. */
    @AnyThread
    @Nullable
    String problemOf(IpAddress address, int profile) {
        for (int zone : missingZones) {
            if (zone == address.zone()) {
                return missing(zone);
            }
        }
        if (profile != 0) {
            return profiles.problemOf(profile, address.isV6());
        }
        IcmpSocket socket = address.isV6() ? v6 : v4;
        return socket == null ? null : socket.bindingProblem();
    }

    private static String missing(int zone) {
        return "addresses with %" + Zones.name(zone) + ": there is no such interface";
    }
}
