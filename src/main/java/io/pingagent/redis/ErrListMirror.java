package io.pingagent.redis;

import io.pingagent.model.IpAddress;
import io.pingagent.model.OneLine;
import io.pingagent.model.ip.Addresses;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Finds what people changed in the err list by hand.
 *
 * <p>Keeps which addresses Redis acknowledged as members, and compares that with a scan of the set, page by page between
 * the other work. The agent's own changes during a scan are left out of the comparison, because a scan may or may not
 * show them; its unwritten changes are not acknowledged yet and so never look like an edit. Owned by ping-redis.
 */
final class ErrListMirror {

    /** What to do with a member that the agent did not write. */
    enum Unknown {
        /** A person added it, or an earlier run of this agent. */
        ADDED_BY_HAND,
        /** The server went back to an older state: memory is right. */
        LEFT_OVER
    }

    private static final Logger LOG = LogManager.getLogger(ErrListMirror.class);
    private static final int PAGE_MEMBERS = 2000;
    private static final int REMOVE_AT_ONCE = 500;
    private static final int MAX_SHOWN = 100;
    private static final int MAX_BAD_MEMBERS = 10_000;

    private final byte[] key;
    private final StateWriter.Source source;
    private final StateWriter.ErrListEdits edits;

    private final AddressHashSet acknowledged = new AddressHashSet();
    private final AddressHashSet seen = new AddressHashSet();
    private final AddressHashSet changedMeanwhile = new AddressHashSet();
    private final List<byte[]> badMembers = new ArrayList<>();

    private byte @org.jspecify.annotations.Nullable [] cursor;
    private Unknown unknown = Unknown.ADDED_BY_HAND;

    ErrListMirror(byte[] key, StateWriter.Source source, StateWriter.ErrListEdits edits) {
        this.key = key;
        this.source = source;
        this.edits = edits;
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
        stop();
    }

    void stop() {
        cursor = null;
        seen.clear();
        changedMeanwhile.clear();
        badMembers.clear();
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
     * @throws redis.clients.jedis.exceptions.JedisException as Jedis does
     */
    void step(Jedis jedis) {
        byte[] from = cursor;
        if (from == null) {
            return;
        }
        ScanResult<byte[]> page = jedis.sscan(key, from, new ScanParams().count(PAGE_MEMBERS));
        page.getResult().forEach(this::member);
        if (page.isCompleteIteration()) {
            compare(jedis);
            stop();
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
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            IpAddress address = Addresses.parse(text);
            seen.add(address);
            if (address.toString().equals(text)) {
                return;
            }
            // Another spelling: the canonical one takes its place when the engine agrees.
            changedMeanwhile.remove(address);
            acknowledged.remove(address);
        } catch (IllegalArgumentException e) {
            LOG.warn("{}: the member '{}' is not an address; removed", name(), OneLine.of(text, MAX_SHOWN));
        }
        if (badMembers.size() < MAX_BAD_MEMBERS) {
            badMembers.add(bytes);
        }
    }

    private void compare(Jedis jedis) {
        AddressHashSet strangers = new AddressHashSet();
        seen.forEach(address -> {
            if (!acknowledged.contains(address) && !changedMeanwhile.contains(address)) {
                strangers.add(address);
            }
        });
        if (strangers.size() > 0) {
            strangers(strangers, jedis);
        }
        List<IpAddress> missing = new ArrayList<>();
        acknowledged.forEach(address -> {
            if (!seen.contains(address) && !changedMeanwhile.contains(address)) {
                missing.add(address);
            }
        });
        missing.forEach(acknowledged::remove);
        missing.forEach(edits::removedByHand);
        remove(jedis, badMembers);
    }

    private void strangers(AddressHashSet strangers, Jedis jedis) {
        List<IpAddress> added = new ArrayList<>();
        int limit = source.targetLimit();
        for (int target = 0; target < limit && strangers.size() > 0; target++) {
            if (!source.live(target)) {
                continue;
            }
            IpAddress address = source.address(target);
            if (!strangers.contains(address)) {
                continue;
            }
            if (source.inErrList(target)) {
                acknowledged.add(address);
                strangers.remove(address);
            } else if (unknown == Unknown.ADDED_BY_HAND) {
                added.add(address);
                strangers.remove(address);
            }
        }
        List<byte[]> surplus = new ArrayList<>(strangers.size());
        strangers.forEach(address -> surplus.add(address.toString().getBytes(StandardCharsets.UTF_8)));
        if (!surplus.isEmpty() && unknown == Unknown.ADDED_BY_HAND) {
            LOG.warn(
                    "{}: {} removed, no job of this agent names {}",
                    name(),
                    surplus.size() == 1
                            ? new String(surplus.get(0), StandardCharsets.UTF_8)
                            : surplus.size() + " addresses",
                    surplus.size() == 1 ? "it" : "them");
        }
        remove(jedis, surplus);
        report(added, edits::addedByHand);
    }

    private static void report(List<IpAddress> addresses, Consumer<IpAddress> event) {
        addresses.forEach(event);
    }

    private void remove(Jedis jedis, List<byte[]> members) {
        for (int from = 0; from < members.size(); from += REMOVE_AT_ONCE) {
            List<byte[]> some = members.subList(from, Math.min(members.size(), from + REMOVE_AT_ONCE));
            jedis.srem(key, some.toArray(new byte[0][]));
        }
    }

    private String name() {
        return new String(key, StandardCharsets.UTF_8);
    }
}
