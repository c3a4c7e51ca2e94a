package io.pingagent.redis.writer;

import io.pingagent.base.FoldedCount;
import io.pingagent.base.OneLine;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.Utf8;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.Ipv4Text;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Finds what users changed in the err list by hand.
 *
 * <p>Keeps which addresses Redis acknowledged as members, and compares that with a scan of the set, page by page
 * between the other work. These are left out of the comparison:
 *
 * <ul>
 *   <li>The agent's own changes during a scan, because a scan may or may not show them.
 *   <li>Addresses whose change is still to be written or was refused.
 * </ul>
 *
 * <p>Unwritten changes are not acknowledged yet, so they never look like an edit. What is left over is brought
 * together: what memory has and Redis lacks, or the other way round, is written again.
 */
@OwnedBy("ping-redis")
final class ErrListMirror {

    /** What to do with a member that the agent did not write. */
    enum Unknown {
        /** A user added it, or an earlier run of this agent. */
        ADDED_BY_HAND,
        /** The server went back to an older state: memory is right. */
        LEFT_OVER
    }

    private static final Logger LOG = LogManager.getLogger(ErrListMirror.class);
    private static final int PAGE_MEMBERS = 2000;
    private static final int REMOVE_AT_ONCE = 500;
    private static final int MAX_SHOWN = 100;
    /** Of one scan; the next one finds the others. */
    private static final int MAX_BAD_MEMBERS = 10_000;

    private static final long FOLD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final byte[] key;
    private final StateWriter.Source source;
    private final StateWriter.ErrListEdits edits;
    private final TargetPages pages;

    private final AddressHashSet acknowledged = new AddressHashSet();
    private final AddressHashSet seen = new AddressHashSet();
    private final AddressHashSet changedMeanwhile = new AddressHashSet();
    private final List<byte[]> badMembers = new ArrayList<>();

    private byte @Nullable [] cursor;
    private Unknown unknown = Unknown.ADDED_BY_HAND;
    private boolean isKnown;
    private final List<IpAddress> respelled = new ArrayList<>();
    private final RemovedMembers bad = new RemovedMembers();
    private final RemovedMembers surplus = new RemovedMembers();

    /** Removed members, logged once a minute at most: somebody may add such members without end. */
    private static final class RemovedMembers {
        private final FoldedCount folded = new FoldedCount(FOLD_NANOS);
        private long total;
        /** Of those that are not logged yet. */
        private @Nullable String first;

        void add(String member) {
            total++;
            if (first == null) {
                first = OneLine.of(member, MAX_SHOWN);
            }
        }

        void log(String key, String why, long nowNanos) {
            long more = folded.take(total, nowNanos);
            if (more == 1) {
                LOG.warn("{}: removed '{}': {}", key, first, why);
            } else if (more > 1) {
                LOG.warn("{}: removed {} members, the first one '{}': {}", key, more, first, why);
            }
            if (more > 0) {
                first = null;
            }
        }
    }

    ErrListMirror(byte[] key, StateWriter.Source source, StateWriter.ErrListEdits edits, TargetPages pages) {
        this.key = key;
        this.source = source;
        this.edits = edits;
        this.pages = pages;
    }

    /** Members that Redis holds as far as is known. */
    int acknowledgedCount() {
        return acknowledged.size();
    }

    /** Whether a scan has shown what the set holds, since the last {@link #forget}. */
    boolean isKnown() {
        return isKnown;
    }

    void acknowledged(IpAddress address, boolean member) {
        if (member) {
            acknowledged.add(address);
        } else {
            acknowledged.remove(address);
        }
        if (scanning()) {
            changedMeanwhile.add(address);
        }
    }

    /** Another server, or one that may have lost data: nothing is known of its set. */
    void forget() {
        acknowledged.clear();
        isKnown = false;
        stop();
    }

    void stop() {
        cursor = null;
        seen.clear();
        changedMeanwhile.clear();
        badMembers.clear();
        respelled.clear();
    }

    boolean scanning() {
        return cursor != null;
    }

    void start(Unknown meaning) {
        stop();
        unknown = meaning;
        cursor = ScanParams.SCAN_POINTER_START_BINARY;
    }

    /**
     * Reads one page; after the last one, reports what it found. Only while {@link #scanning()}.
     *
     * @param lostByRedis asked when the whole set has gone: whether Redis lost it, so that it is nobody's edit
     * @throws redis.clients.jedis.exceptions.JedisException as Jedis does
     */
    void step(Jedis jedis, BooleanSupplier lostByRedis, long nowNanos) {
        byte[] from = cursor;
        if (from == null) {
            return;
        }
        ScanResult<byte[]> page = jedis.sscan(key, from, new ScanParams().count(PAGE_MEMBERS));
        page.getResult().forEach(this::member);
        if (page.isCompleteIteration()) {
            if (seen.size() == 0 && acknowledged.size() > 0 && lostByRedis.getAsBoolean()) {
                acknowledged.clear();
            }
            isKnown = true;
            List<byte[]> toRemove = compare();
            toRemove.addAll(badMembers);
            bad.log(name(), "it is not an address", nowNanos);
            surplus.log(name(), "no job of this agent names it", nowNanos);
            stop();
            // Last, as it may be refused.
            remove(jedis, toRemove);
        } else {
            cursor = page.getCursorAsBytes();
        }
    }

    private void member(byte[] bytes) {
        long v4 = Ipv4Text.parse(bytes);
        if (v4 >= 0) {
            seen.add(IpAddress.v4((int) v4));
            return;
        }
        String text = Utf8.text(bytes);
        try {
            IpAddress address = Addresses.parse(text);
            if (address.toString().equals(text)) {
                seen.add(address);
                return;
            }
            if (badMembers.size() == MAX_BAD_MEMBERS) {
                return;
            }
            // Another spelling: the canonical one takes its place.
            respelled.add(address);
            acknowledged.remove(address);
        } catch (IllegalArgumentException e) {
            if (badMembers.size() == MAX_BAD_MEMBERS) {
                return;
            }
            bad.add(text);
        }
        badMembers.add(bytes);
    }

    /** @return members that have to go */
    private List<byte[]> compare() {
        List<IpAddress> added = new ArrayList<>();
        List<IpAddress> removed = new ArrayList<>();
        List<IpAddress> unfounded = new ArrayList<>();
        List<byte[]> toRemove = new ArrayList<>();
        seen.forEach(address -> {
            if (changedMeanwhile.contains(address)) {
                return;
            }
            int target = liveTarget(address);
            if (target < 0) {
                toRemove.add(bytes(address));
                if (unknown == Unknown.ADDED_BY_HAND && !acknowledged.contains(address)) {
                    surplus.add(address.toString());
                }
            } else if (isUnsettled(target)) {
                return;
            } else if (source.inErrList(target)) {
                acknowledged.add(address);
            } else if (acknowledged.contains(address)) {
                // Its removal never reached Redis.
                pages.mark(target, TargetPages.ERR_LIST);
            } else if (unknown == Unknown.ADDED_BY_HAND) {
                added.add(address);
            } else {
                toRemove.add(bytes(address));
            }
        });
        for (IpAddress address : respelled) {
            int target = liveTarget(address);
            if (unknown == Unknown.ADDED_BY_HAND && target >= 0 && !source.inErrList(target)) {
                added.add(address);
            }
        }
        acknowledged.forEach(address -> {
            if (!seen.contains(address) && !changedMeanwhile.contains(address)) {
                unfounded.add(address);
                int target = liveTarget(address);
                if (target >= 0 && !isUnsettled(target) && source.inErrList(target)) {
                    removed.add(address);
                }
            }
        });
        unfounded.forEach(acknowledged::remove);
        removed.forEach(edits::removedByHand);
        added.forEach(edits::addedByHand);
        writeWhatIsMissing(removed);
        return toRemove;
    }

    /** What memory has, and Redis neither shows nor ever acknowledged. */
    private void writeWhatIsMissing(List<IpAddress> removedByHand) {
        AddressHashSet byHand = new AddressHashSet();
        removedByHand.forEach(byHand::add);
        int limit = source.targetLimit();
        for (int target = 0; target < limit; target++) {
            if (!source.inErrList(target) || !source.live(target) || isUnsettled(target)) {
                continue;
            }
            IpAddress address = source.address(target);
            if (!acknowledged.contains(address) && !changedMeanwhile.contains(address) && !byHand.contains(address)) {
                pages.mark(target, TargetPages.ERR_LIST);
            }
        }
    }

    private static byte[] bytes(IpAddress address) {
        return Utf8.bytes(address.toString());
    }

    private int liveTarget(IpAddress address) {
        int target = source.targetId(address);
        return target >= 0 && source.live(target) ? target : TargetPages.NONE;
    }

    /** Its change is still to be written, or was refused: what Redis shows of it says nothing. */
    private boolean isUnsettled(int target) {
        return pages.isMarked(target, TargetPages.ERR_LIST) || pages.owes(target, TargetPages.ERR_LIST);
    }

    private void remove(Jedis jedis, List<byte[]> members) {
        for (int from = 0; from < members.size(); from += REMOVE_AT_ONCE) {
            List<byte[]> some = members.subList(from, Math.min(members.size(), from + REMOVE_AT_ONCE));
            jedis.srem(key, some.toArray(new byte[0][]));
        }
    }

    private String name() {
        return Utf8.text(key);
    }
}
