package io.pingagent.trace;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The paths of a bounded number of targets, 300 to 600 bytes each. */
@OwnedBy("caller")
final class KeptPaths {

    /** Of how many targets at most. */
    static final int MOST = 10_000;

    private final Map<Integer, Entry> byTarget = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<IpAddress, Integer> byAddress = new HashMap<>();

    /** Of one target. */
    static final class Entry {

        private final int targetId;
        private final IpAddress address;
        private boolean isAsked;
        private boolean isLoaded;
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
        }

        /** 0 if there is none. */
        long goodWallMillis() {
            return good == null ? 0 : good.wallMillis();
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

    /** The address whose paths were kept, or null. */
    @Nullable
    IpAddress remove(int targetId) {
        Entry entry = byTarget.remove(targetId);
        if (entry == null) {
            return null;
        }
        byAddress.remove(entry.address);
        return entry.address;
    }
}
