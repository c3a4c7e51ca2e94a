package io.pingagent.probe;

import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.SendErrors;
import io.pingagent.probe.stamp.StampedSocket;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * By which socket a probe goes: the one of its IP version, or that of its job's profile. Where no job has a profile, it is
 * one more branch.
 */
@OwnedBy("ping-send")
final class SendPaths {

    private final @Nullable IcmpSocket v4Socket;
    private final @Nullable IcmpSocket v6Socket;
    private final @Nullable StampedSocket v4;
    private final @Nullable StampedSocket v6;
    private final TargetTable table;
    private final SettingsTable settings;
    private final ProfileSockets profiles;
    private final Function<IcmpSocket, StampedSocket> stamped;

    /** By the profile's number, of those that have been sent by. */
    private @Nullable Own[] own = new Own[0];

    /** Numbers in {@link #own}, the first {@link #activeCount} of them: numbers are never used again, so most are idle. */
    private int[] active = new int[4];

    private int activeCount;

    private int stampEvery;

    /** What is sent by for one profile. */
    private static final class Own {
        final Sockets sockets;
        final @Nullable StampedSocket v4;
        final @Nullable StampedSocket v6;

        Own(Sockets sockets, Function<IcmpSocket, StampedSocket> stamped) {
            this.sockets = sockets;
            IcmpSocket v4Socket = sockets.v4();
            IcmpSocket v6Socket = sockets.v6();
            v4 = v4Socket == null ? null : stamped.apply(v4Socket);
            v6 = v6Socket == null ? null : stamped.apply(v6Socket);
        }

        void transmitStamps(int every) {
            IcmpSocket v4Socket = sockets.v4();
            IcmpSocket v6Socket = sockets.v6();
            if (v4Socket != null) {
                v4Socket.transmitStamps(every);
            }
            if (v6Socket != null) {
                v6Socket.transmitStamps(every);
            }
        }

        int flush() {
            return (v4 == null ? 0 : v4.flush()) + (v6 == null ? 0 : v6.flush());
        }
    }

    /** @param stamped makes the send side of a socket */
    SendPaths(EngineParts parts, Function<IcmpSocket, StampedSocket> stamped) {
        this.v4Socket = parts.sockets().v4();
        this.v6Socket = parts.sockets().v6();
        this.table = parts.tables().targets();
        this.settings = parts.tables().settings();
        this.profiles = parts.profiles();
        this.stamped = stamped;
        this.v4 = v4Socket == null ? null : stamped.apply(v4Socket);
        this.v6 = v6Socket == null ? null : stamped.apply(v6Socket);
        parts.handovers().stamping().forMore(this::transmitStamps);
    }

    /** For a target; null if there is none now, see {@link #whyNone}. */
    @Nullable
    StampedSocket of(int targetId, boolean isV6) {
        if (settings.hasProfiles()) {
            int profile = settings.profile(table.settings(targetId));
            if (profile != 0) {
                return ofProfile(profile, isV6);
            }
        }
        return isV6 ? v6 : v4;
    }

    private @Nullable StampedSocket ofProfile(int profile, boolean isV6) {
        ProfileSockets.Open open = profiles.open(profile);
        if (open == null) {
            return null;
        }
        IcmpSocket socket = isV6 ? open.sockets().v6() : open.sockets().v4();
        if (socket == null || socket.bindingProblem() != null) {
            // Not by another interface or from another address than asked for.
            return null;
        }
        Own mine = profile < own.length ? own[profile] : null;
        if (mine == null || !mine.sockets.equals(open.sockets())) {
            mine = begin(profile, open.sockets());
        }
        return isV6 ? mine.v6 : mine.v4;
    }

    private Own begin(int profile, Sockets sockets) {
        if (profile >= own.length) {
            own = Arrays.copyOf(own, profile + 1);
        }
        if (own[profile] == null) {
            if (activeCount == active.length) {
                active = Arrays.copyOf(active, 2 * activeCount);
            }
            active[activeCount++] = profile;
        }
        Own mine = new Own(sockets, stamped);
        mine.transmitStamps(stampEvery);
        own[profile] = mine;
        return mine;
    }

    /** The errno that stands for the socket that {@link #of} has not. */
    int whyNone(int targetId, boolean isV6) {
        int profile = settings.profile(table.settings(targetId));
        ProfileSockets.Open open = profile == 0 ? null : profiles.open(profile);
        boolean isFamilyMissing = profile == 0
                || open != null && (isV6 ? open.sockets().v6() : open.sockets().v4()) == null;
        return isFamilyMissing ? SendErrors.EAFNOSUPPORT : SendErrors.ENODEV;
    }

    /** Whether this one is a profile's: when it is full, others are not. */
    boolean isOfProfile(StampedSocket socket) {
        return socket != v4 && socket != v6;
    }

    private void transmitStamps(int every) {
        stampEvery = every;
        for (Own mine : own) {
            if (mine != null) {
                mine.transmitStamps(every);
            }
        }
    }

    /** Sends all batches. Returns how many packets were sent. */
    int flush() {
        int sent = (v4 == null ? 0 : v4.flush()) + (v6 == null ? 0 : v6.flush());
        int kept = 0;
        for (int i = 0; i < activeCount; i++) {
            int profile = active[i];
            Own mine = Objects.requireNonNull(own[profile]);
            sent += mine.flush();
            ProfileSockets.Open open = profiles.open(profile);
            if (open == null || !open.sockets().equals(mine.sockets)) {
                own[profile] = null;
            } else {
                active[kept++] = profile;
            }
        }
        activeCount = kept;
        return sent;
    }

    /** Another ICMP identifier for each pair of sockets. */
    void changeIdentifiers() {
        int identifier = profiles.freeIdentifier();
        if (v4Socket != null) {
            v4Socket.changeIdentifier(identifier);
        }
        if (v6Socket != null) {
            v6Socket.changeIdentifier(identifier);
        }
        profiles.forEachOpen(socket -> socket.changeIdentifier(profiles.freeIdentifier()));
    }
}
