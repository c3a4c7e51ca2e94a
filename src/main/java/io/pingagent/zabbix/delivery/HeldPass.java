package io.pingagent.zabbix.delivery;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.buffer.HeldValues;
import io.pingagent.zabbix.buffer.HeldValues.Held;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A pass through the held values, in chunks, so that newer values of other items go out in between. Of each item the
 * oldest value is tried, the others follow it or stay. Of a host of which nothing is taken only some are tried.
 */
@OwnedBy("ping-zabbix-send")
final class HeldPass {

    /** Values of a chunk that may be refused. */
    static final int TRIES = 1_000;

    private static final int LOOKS = 50_000;
    /** Of a host of which nothing is taken: values of the host as a whole, which exist first, */
    private static final int SAMPLE = 100;
    /** and of its addresses. */
    private static final int ADDRESS_SAMPLE = 250;

    private static final int OWN = 0;
    private static final int OF_ADDRESSES = 1;

    private final HeldValues held;
    private final ItemStates states;
    private final Predicate<String> isLeft;

    private final LongTable taken = new LongTable(0);
    private final LongTable refused = new LongTable(0);
    private final LongTable hosts = new LongTable(2);
    private boolean underWay;
    private boolean progress;

    // The chunk.
    private final List<Held> chunk = new ArrayList<>();
    private final List<Held> unwanted = new ArrayList<>();
    private final LongTable tried = new LongTable(0);
    private final Set<ZabbixValue> accepted = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<ZabbixValue> ready = new ArrayList<>();
    private final List<ZabbixValue> first = new ArrayList<>();
    private final List<ZabbixValue> followers = new ArrayList<>();

    /** @param isLeft whether a host takes no values any more */
    HeldPass(HeldValues held, ItemStates states, Predicate<String> isLeft) {
        this.held = held;
        this.states = states;
        this.isLeft = isLeft;
    }

    boolean isUnderWay() {
        return underWay;
    }

    void begin() {
        underWay = true;
        progress = false;
        taken.clear();
        refused.clear();
        hosts.clear();
        held.rewind();
        states.beginPass();
    }

    /**
     * Reads the next chunk.
     *
     * @param most values
     * @return how many values in it nobody wants
     */
    int read(int most) {
        held.look(LOOKS);
        while (chunk.size() < most && first.size() < TRIES) {
            Held next = held.next();
            if (next == null) {
                break;
            }
            sort(next);
        }
        held.settle(unwanted);
        int count = unwanted.size();
        unwanted.clear();
        return count;
    }

    private void sort(Held next) {
        ZabbixValue value = next.value();
        if (isLeft.test(value.host())) {
            unwanted.add(next);
            return;
        }
        long item = ItemHash.ofItem(value);
        long host = ItemHash.ofHost(value.host());
        int seen = hosts.put(host);
        if (states.isGivenUp(item)) {
            states.keepNewest(item, value);
            unwanted.add(next);
        } else if (taken.contains(item)) {
            chunk.add(next);
            ready.add(value);
        } else if (tried.contains(item)) {
            chunk.add(next);
            followers.add(value);
        } else if (!refused.contains(item) && (!states.isSampled(host) || sample(seen, value))) {
            tried.add(item);
            chunk.add(next);
            first.add(value);
        }
    }

    private boolean sample(int host, ZabbixValue value) {
        int kind = value.key().endsWith("\"]") ? OF_ADDRESSES : OWN;
        int count = hosts.get(host, kind);
        hosts.set(host, kind, count + 1);
        return count < (kind == OWN ? SAMPLE : ADDRESS_SAMPLE);
    }

    /** Whether there is nothing to send. */
    boolean isChunkEmpty() {
        return chunk.isEmpty();
    }

    /** Values of items of which the server took older ones in this pass. */
    List<ZabbixValue> ready() {
        return ready;
    }

    /** The oldest value of each other item. */
    List<ZabbixValue> first() {
        return first;
    }

    /** The server took a value of the chunk. */
    void taken(ZabbixValue value) {
        progress = true;
        accepted.add(value);
        taken.add(ItemHash.ofItem(value));
    }

    /** The server refused a value of the chunk: it and later ones of its item stay. */
    void refused(ZabbixValue value) {
        long item = ItemHash.ofItem(value);
        taken.remove(item);
        refused.add(item);
    }

    /** The first are settled: those behind them that may go. */
    List<ZabbixValue> follow() {
        List<ZabbixValue> go = new ArrayList<>();
        for (ZabbixValue value : followers) {
            if (taken.contains(ItemHash.ofItem(value))) {
                go.add(value);
            }
        }
        followers.clear();
        return go;
    }

    /**
     * The chunk is settled.
     *
     * @return how many of it nobody wants
     */
    int endChunk() {
        List<Held> done = new ArrayList<>();
        int given = 0;
        for (Held one : chunk) {
            ZabbixValue value = one.value();
            long item = ItemHash.ofItem(value);
            if (accepted.contains(value)) {
                done.add(one);
            } else if (refused.contains(item) && states.giveUp(value)) {
                states.keepNewest(item, value);
                done.add(one);
                given++;
            }
        }
        held.settle(done);
        chunk.clear();
        ready.clear();
        first.clear();
        followers.clear();
        tried.clear();
        accepted.clear();
        return given;
    }

    /** Whether the server took anything of the chunk. */
    boolean tookAny() {
        return !accepted.isEmpty();
    }

    boolean isAtEnd() {
        return held.isAtEnd();
    }

    /** Whether the server took anything in this pass. */
    boolean progress() {
        return progress;
    }

    /**
     * The end of the pass.
     *
     * @return whether another one should follow at once
     */
    boolean end() {
        underWay = false;
        for (long item : taken.keys()) {
            states.forget(item);
            states.know(item);
        }
        boolean again = states.endPass(hosts, refused);
        taken.clear();
        refused.clear();
        hosts.clear();
        return again;
    }
}
