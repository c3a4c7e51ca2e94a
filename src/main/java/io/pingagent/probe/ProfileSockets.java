package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NotPermittedException;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.IcmpSockets;
import io.pingagent.model.ProbeProfile;
import io.pingagent.probe.table.SettingsTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of jobs that have a profile, a pair for each profile. What differs between profiles is set on the socket,
 * not on the packet.
 *
 * <p>The registry's thread opens and closes. Sockets that no job uses any more are retired for {@value #RETIRED_SECONDS}
 * s, and work as before. For addresses get their new settings one after the other, and no reply to a probe in flight is
 * to be missed. Whoever wants the profile again meanwhile gets the same sockets. Afterwards they are closed when both threads
 * of the engine have completed cycles without them.
 */
@AnyThread
final class ProfileSockets {

    /** With sockets that are retired: whoever changes profiles all the time waits for those. */
    static final int MOST_OPEN = 64;

    /** Longer than any timeout. */
    static final int RETIRED_SECONDS = 120;

    private static final int MORE_CYCLES = 2;

    /**
     * @param label who wants them, for messages: {@code job 'voice'}
     * @param isWanted false while they are retired
     */
    record Open(Sockets sockets, String label, boolean isWanted) {}

    private static final class Retired {
        final int number;
        final Sockets sockets;
        final long sinceNanos;
        /** After these no thread knows the sockets; -1 while they are open to both. */
        long sendCycles = -1;

        long receiveCycles = -1;

        Retired(int number, Sockets sockets, long sinceNanos) {
            this.number = number;
            this.sockets = sockets;
            this.sinceNanos = sinceNanos;
        }
    }

    private final Sockets main;
    private final List<Retired> retired = new ArrayList<>();

    /** By the profile's number; replaced, never changed. */
    private volatile @Nullable Open[] byProfile = new Open[0];

    /** Those that are read, by IP version; replaced, never changed. */
    private volatile IcmpSocket[] v4 = {};

    private volatile IcmpSocket[] v6 = {};
    private volatile List<String> refusals = List.of();
    private final AtomicLong closedDrops = new AtomicLong();

    ProfileSockets(Sockets main) {
        this.main = main;
    }

    // --- registry

    /**
     * From now on these profiles are in use, and no others. What could not be opened is tried again at the next call.
     * Addresses may have another profile of before for {@value #RETIRED_SECONDS} s more.
     *
     * @param wanted with a label of each
     */
    @OwnedBy("caller")
    void use(
            Map<ProbeProfile, String> wanted,
            SettingsTable settings,
            ProfileOpener opener,
            long nowNanos,
            LongSupplier sendCycles,
            LongSupplier receiveCycles) {
        if (wanted.isEmpty() && byProfile.length == 0) {
            return;
        }
        closeRetired(nowNanos, sendCycles.getAsLong(), receiveCycles.getAsLong());
        Set<Integer> numbers = new HashSet<>();
        wanted.keySet().forEach(profile -> numbers.add(settings.profile(profile)));
        for (int number = 0; number < byProfile.length; number++) {
            Open open = byProfile[number];
            if (open != null && open.isWanted && !numbers.contains(number)) {
                put(number, new Open(open.sockets, open.label, false));
                retired.add(new Retired(number, open.sockets, nowNanos));
            }
        }
        List<String> refused = new ArrayList<>();
        wanted.forEach((profile, label) -> {
            int number = settings.profile(profile);
            Open open = open(number);
            if (open != null) {
                retired.removeIf(one -> one.sockets.equals(open.sockets));
                put(number, new Open(open.sockets, label, true));
                return;
            }
            try {
                put(number, new Open(sockets(profile, opener), label, true));
            } catch (NotPermittedException | ServiceUnreachableException e) {
                refused.add(label + ": " + e.getMessage());
            }
        });
        refusals = List.copyOf(refused);
    }

    private Sockets sockets(ProbeProfile profile, ProfileOpener opener) {
        if (v4.length + v6.length >= 2 * MOST_OPEN) {
            throw new ServiceUnreachableException("more than " + MOST_OPEN + " profiles within " + RETIRED_SECONDS
                    + " s; it is opened at a later reload");
        }
        Sockets opened = opener.open(profile, freeIdentifier());
        publish(opened, true);
        return opened;
    }

    /** One that no socket of this engine accepts. */
    @AnyThread
    int freeIdentifier() {
        int identifier = IcmpSockets.randomIdentifier();
        while (isTaken(identifier)) {
            identifier = IcmpSockets.randomIdentifier();
        }
        return identifier;
    }

    private boolean isTaken(int identifier) {
        return accepts(main.v4(), identifier)
                || accepts(main.v6(), identifier)
                || Arrays.stream(v4).anyMatch(socket -> socket.accepts(identifier))
                || Arrays.stream(v6).anyMatch(socket -> socket.accepts(identifier));
    }

    private static boolean accepts(@Nullable IcmpSocket socket, int identifier) {
        return socket != null && socket.accepts(identifier);
    }

    @OwnedBy("caller")
    private void put(int number, @Nullable Open open) {
        @Nullable Open[] next = Arrays.copyOf(byProfile, Math.max(byProfile.length, number + 1));
        next[number] = open;
        byProfile = next;
    }

    @OwnedBy("caller")
    private void publish(Sockets sockets, boolean isRead) {
        v4 = changed(v4, sockets.v4(), isRead);
        v6 = changed(v6, sockets.v6(), isRead);
    }

    private static IcmpSocket[] changed(IcmpSocket[] all, @Nullable IcmpSocket one, boolean isIn) {
        List<IcmpSocket> next = new ArrayList<>(List.of(all));
        if (one != null && isIn) {
            next.add(one);
        } else {
            next.remove(one);
        }
        return next.toArray(IcmpSocket[]::new);
    }

    @OwnedBy("caller")
    private void closeRetired(long nowNanos, long sendCycles, long receiveCycles) {
        for (Iterator<Retired> all = retired.iterator(); all.hasNext(); ) {
            Retired one = all.next();
            if (one.sendCycles < 0) {
                if (nowNanos - one.sinceNanos > RETIRED_SECONDS * 1_000_000_000L) {
                    put(one.number, null);
                    closedDrops.addAndGet(one.sockets.kernelDrops());
                    publish(one.sockets, false);
                    one.sendCycles = sendCycles;
                    one.receiveCycles = receiveCycles;
                }
            } else if (sendCycles - one.sendCycles >= MORE_CYCLES && receiveCycles - one.receiveCycles >= MORE_CYCLES) {
                one.sockets.close();
                all.remove();
            }
        }
    }

    /** When both threads of the engine have ended. */
    @OwnedBy("caller")
    void close() {
        forEachOpen(IcmpSocket::close);
        retired.stream().filter(one -> one.sendCycles >= 0).forEach(one -> one.sockets.close());
    }

    // --- views

    /** The sockets of a profile, or null if there are none. */
    @Nullable
    Open open(int profile) {
        @Nullable Open[] all = byProfile;
        return profile < all.length ? all[profile] : null;
    }

    /** Those by which something may be sent. */
    void forEachOpen(Consumer<IcmpSocket> action) {
        for (Open open : byProfile) {
            if (open != null) {
                accept(open.sockets.v4(), action);
                accept(open.sockets.v6(), action);
            }
        }
    }

    private static void accept(@Nullable IcmpSocket socket, Consumer<IcmpSocket> action) {
        if (socket != null) {
            action.accept(socket);
        }
    }

    /** All that are to be read; must not be changed. */
    IcmpSocket[] v4() {
        return v4;
    }

    /** The same of IPv6. */
    IcmpSocket[] v6() {
        return v6;
    }

    /** Packets that the kernel dropped, those of closed sockets included. */
    long kernelDrops() {
        long drops = closedDrops.get();
        for (IcmpSocket socket : v4) {
            drops += socket.kernelDrops();
        }
        for (IcmpSocket socket : v6) {
            drops += socket.kernelDrops();
        }
        return drops;
    }

    /** Why some profiles cannot be probed with, each with the job that wants it; empty while all is well. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(refusals);
        for (Open open : byProfile) {
            if (open != null && open.isWanted) {
                String v4Problem = problem(open.sockets.v4());
                String v6Problem = problem(open.sockets.v6());
                if (v4Problem != null) {
                    problems.add(open.label + ": " + v4Problem);
                }
                if (v6Problem != null && !v6Problem.equals(v4Problem)) {
                    problems.add(open.label + ": " + v6Problem);
                }
            }
        }
        return problems;
    }

    /** Why nothing can be sent to addresses of this profile, or null. */
    @Nullable
    String problemOf(int profile, boolean isV6) {
        Open open = open(profile);
        if (open == null) {
            return "the sockets of its job's profile are not open";
        }
        String problem = problem(isV6 ? open.sockets.v6() : open.sockets.v4());
        return problem == null ? null : open.label + ": " + problem;
    }

    private static @Nullable String problem(@Nullable IcmpSocket socket) {
        return socket == null ? null : socket.bindingProblem();
    }
}
