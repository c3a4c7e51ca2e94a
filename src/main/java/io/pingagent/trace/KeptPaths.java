package io.pingagent.trace;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The paths of a bounded number of targets, 300 to 600 bytes each. */
@OwnedBy("caller")
final class KeptPaths {

    /** Of how many targets at most. */
    static final int MOST = 10_000;

    private static final long FIRST_WAIT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_DOUBLINGS = 20;

    private final Map<Integer, Entry> byTarget = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<IpAddress, Integer> byAddress = new HashMap<>();

    /** Of one target. */
    static final class Entry {

        private final int targetId;
        private final IpAddress address;
        private boolean isAsked;
        private boolean isLoaded;
        private boolean isUnsaved;
        private boolean isGoodWanted;
        private int vainTries;
        private long triedNanos;
        private @Nullable PackedPath down;
        private @Nullable PackedPath good;

        Entry(int targetId, IpAddress address) {
            this.targetId = targetId;
            this.address = address;
        }

        int targetId() {
            return targetId;
        }

        IpAddress address() {
            return address;
        }

        boolean isAsked() {
            return isAsked;
        }

        /** What is kept elsewhere was asked for. */
        void asked() {
            isAsked = true;
        }

        /** Nobody could say what is kept elsewhere. */
        void unanswered() {
            isAsked = false;
        }

        boolean isLoaded() {
            return isLoaded;
        }

        /** What was measured meanwhile is newer. */
        void loaded(@Nullable PathRecord paths) {
            isLoaded = true;
            if (paths != null) {
                TracedPath earlierDown = paths.down();
                TracedPath earlierGood = paths.good();
                down = down == null && earlierDown != null ? PackedPath.of(earlierDown) : down;
                good = good == null && earlierGood != null ? PackedPath.of(earlierGood) : good;
            }
        }

        void down(TracedPath path) {
            down = PackedPath.of(path);
        }

        void good(TracedPath path) {
            good = PackedPath.of(path);
            vainTries = 0;
        }

        /** Measured, but not to be kept elsewhere before it is known what is kept there. */
        boolean isUnsaved() {
            return isUnsaved;
        }

        void unsaved(boolean isSo) {
            isUnsaved = isSo;
        }

        /** Whether the good path is to be traced whatever its age. */
        boolean isGoodWanted() {
            return isGoodWanted;
        }

        void wantGood() {
            isGoodWanted = true;
        }

        /** The good path is traced from now on; this may be in vain. */
        void tryGood(long nowNanos) {
            isGoodWanted = false;
            triedNanos = nowNanos;
            vainTries = Math.min(MOST_DOUBLINGS, vainTries + 1);
        }

        /** Whether a try in vain is so recent that the next one is not due: 1 min, then twice as long each time. */
        boolean rests(long nowNanos, long longestNanos) {
            return vainTries > 0 && nowNanos - triedNanos < Math.min(longestNanos, FIRST_WAIT_NANOS << vainTries - 1);
        }

        /** 0 if there is none. */
        long goodWallMillis() {
            return good == null ? 0 : good.wallMillis();
        }

        /** Whether the last path of an outage is newer than the good one. */
        boolean isGoodBeforeDown() {
            return down != null && goodWallMillis() <= down.wallMillis();
        }

        PathRecord paths() {
            return new PathRecord(address, down == null ? null : down.path(), good == null ? null : good.path());
        }
    }

    /** The entry of a target, which replaces that of another one if there is no room. */
    Entry make(int targetId, IpAddress address) {
        Entry known = find(targetId, address);
        if (known != null) {
            return known;
        }
        remove(targetId);
        Integer earlierId = byAddress.get(address);
        if (earlierId != null) {
            remove(earlierId);
        }
        if (byTarget.size() >= MOST) {
            Iterator<Entry> eldest = byTarget.values().iterator();
            byAddress.remove(eldest.next().address);
            eldest.remove();
        }
        Entry entry = new Entry(targetId, address);
        byTarget.put(targetId, entry);
        byAddress.put(address, targetId);
        return entry;
    }

    /** The same, or null if another target's would have to go. */
    @Nullable
    Entry ifRoom(int targetId, IpAddress address) {
        Entry known = find(targetId, address);
        return known == null && byTarget.size() < MOST ? make(targetId, address) : known;
    }

    /** Null if there is none, or that of another address. */
    @Nullable
    Entry find(int targetId, IpAddress address) {
        Entry entry = byTarget.get(targetId);
        return entry != null && entry.address.equals(address) ? entry : null;
    }

    /** The entry of a target, whatever its address is; or null. */
    @Nullable
    Entry of(int targetId) {
        return byTarget.get(targetId);
    }

    List<Entry> all() {
        return List.copyOf(byTarget.values());
    }

    void remove(int targetId) {
        Entry entry = byTarget.remove(targetId);
        if (entry != null) {
            byAddress.remove(entry.address);
        }
    }
}
