package io.pingagent.zabbix.delivery;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.ZabbixValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the server made of each item and each host so far.
 *
 * <p>An item is one of these:
 *
 * <ul>
 *   <li>Known: its values were taken.
 *   <li>Held: they were refused and wait.
 *   <li>Given up: they were refused for {@link #GIVE_UP_SECONDS} while others of its host were taken. So nobody seems
 *       to want them (a filter, a disabled item).
 * </ul>
 *
 * <p>A host is one of these:
 *
 * <ul>
 *   <li>Open.
 *   <li>Closed: nothing of it is taken (unknown, disabled, without the template).
 *   <li>Opening: something is taken again, and a pass through all its held values is to come first.
 * </ul>
 *
 * <p>Of a given-up item only the newest value is kept. This is limited to so many items that it takes a few megabytes
 * at most; of the others the next value is tried. All are tried once in {@link #RETRY_SECONDS}, each at its own second
 * of it.
 *
 * <p>A known item takes 11 to 21 bytes, a held or given-up one 27 to 53, a host 32 to 64.
 */
@OwnedBy("ping-zabbix-send")
final class ItemStates {

    static final int GIVE_UP_SECONDS = 180;
    /** With the push interval this is less than ten minutes. */
    static final int RETRY_SECONDS = 480;
    /** Rather forgotten than kept without bound. */
    static final int MAX_ITEMS = 4_000_000;

    static final int MAX_NEWEST = 50_000;

    private static final int MIN_RETRY_SECONDS = 30;
    /** A host is closed when it refused everything for so long, */
    private static final int CLOSE_SECONDS = 10;
    /** or so many values in a row. */
    private static final int CLOSE_VALUES = 2_000;

    /** A host is closed by items that are tried again when it refused everything for so long. */
    private static final int RETRIES_CLOSE_SECONDS = 1_200;

    private static final int PURGE_ITEMS = 10_000;
    private static final int MAX_NAMES = 1_000;

    /** Seconds at which a held item was refused first. */
    private static final int SINCE = 0;
    /** Second at which a given-up item is tried next, or 0: held. */
    private static final int DUE = 1;
    /** Pass in which an item was given up. */
    private static final int ITEM_PASS = 2;

    private static final int TAKEN_AT = 0;
    private static final int REFUSED_SINCE = 1;
    private static final int REFUSED = 2;
    private static final int STATE = 3;

    private static final int OPEN = 0;
    private static final int CLOSED = 1;
    /** And the pass in which something of it was taken. */
    private static final int OPENING = 2;

    /** What is to be done with a value of the queue. */
    enum Fate {
        KNOWN,
        FRESH,
        HELD,
        UNWANTED
    }

    private final LongTable known = new LongTable(0);
    private final LongTable items = new LongTable(3);
    private final LongTable hosts = new LongTable(4);
    private final LongTable closed = new LongTable(0);
    private final LongTable opening = new LongTable(0);
    private final Map<Long, String> closedNames = new LinkedHashMap<>();
    private final Map<Long, ZabbixValue> newest = new LinkedHashMap<>();
    private int givenUp;
    private int pass;
    private boolean passing;
    private int nowSeconds = 1;

    /** @param seconds since some moment, at least 1 */
    void at(int seconds) {
        nowSeconds = seconds;
    }

    // -- before a value is sent --

    Fate fate(ZabbixValue value) {
        if (state(ItemHash.ofHost(value.host())) != OPEN) {
            return Fate.HELD;
        }
        long item = ItemHash.ofItem(value);
        int slot = items.find(item);
        if (slot < 0) {
            return known.contains(item) ? Fate.KNOWN : Fate.FRESH;
        }
        int due = items.get(slot, DUE);
        if (due == 0) {
            return Fate.HELD;
        }
        if (nowSeconds >= due && isSwept(slot)) {
            return Fate.FRESH;
        }
        keepNewest(item, value);
        return Fate.UNWANTED;
    }

    /** Whether no older value of the item is held any more. */
    private boolean isSwept(int slot) {
        return !passing || items.get(slot, ITEM_PASS) != pass;
    }

    private int state(long host) {
        int slot = hosts.find(host);
        return slot < 0 ? OPEN : hosts.get(slot, STATE);
    }

    boolean isOpen(long host) {
        return state(host) == OPEN;
    }

    /** Whether only some of a host's held values are to be tried in this pass. */
    boolean isSampled(long host) {
        int state = state(host);
        return state == CLOSED || state == OPENING + pass;
    }

    boolean isGivenUp(long item) {
        int slot = items.find(item);
        return slot >= 0 && items.get(slot, DUE) != 0;
    }

    void keepNewest(long item, ZabbixValue value) {
        ZabbixValue before = newest.get(item);
        boolean isNewer = before == null
                ? newest.size() < MAX_NEWEST
                : value.clockSeconds() > before.clockSeconds()
                        || value.clockSeconds() == before.clockSeconds() && value.nanos() >= before.nanos();
        if (isNewer) {
            newest.put(item, value);
        }
    }

    /** Values of given-up items that are to be tried now. */
    List<ZabbixValue> due(int most) {
        List<ZabbixValue> due = new ArrayList<>();
        for (Map.Entry<Long, ZabbixValue> entry : newest.entrySet()) {
            int slot = items.find(entry.getKey());
            if (slot >= 0 && nowSeconds >= items.get(slot, DUE) && isSwept(slot)) {
                due.add(entry.getValue());
                if (due.size() == most) {
                    break;
                }
            }
        }
        return due;
    }

    // -- what became of it --

    /** A value was taken. Its item is known if nothing of it is held. */
    void taken(ZabbixValue value) {
        long item = ItemHash.ofItem(value);
        int slot = items.find(item);
        if (slot < 0) {
            know(item);
        } else if (items.get(slot, DUE) != 0) {
            forget(item);
            know(item);
        }
        takenOf(ItemHash.ofHost(value.host()));
    }

    /** All that was held of an item was taken. */
    void know(long item) {
        if (known.size() >= MAX_ITEMS && !known.contains(item)) {
            known.clear();
        }
        known.add(item);
    }

    /** An item is neither held nor given up any more. */
    void forget(long item) {
        int slot = items.find(item);
        if (slot >= 0) {
            givenUp -= items.get(slot, DUE) == 0 ? 0 : 1;
            items.remove(item);
            newest.remove(item);
        }
    }

    private void takenOf(long host) {
        int slot = hosts.put(host);
        hosts.set(slot, TAKEN_AT, nowSeconds);
        hosts.set(slot, REFUSED_SINCE, 0);
        hosts.set(slot, REFUSED, 0);
        if (hosts.get(slot, STATE) == CLOSED) {
            hosts.set(slot, STATE, OPENING + pass);
            closed.remove(host);
            closedNames.remove(host);
            opening.add(host);
        }
    }

    /**
     * A value was refused.
     *
     * @return whether it is to be held; else nobody wants it
     */
    boolean refused(ZabbixValue value) {
        long item = ItemHash.ofItem(value);
        known.remove(item);
        int slot = items.find(item);
        refusedOf(ItemHash.ofHost(value.host()), value.host(), slot < 0);
        if (slot >= 0 && items.get(slot, DUE) != 0) {
            items.set(slot, DUE, nowSeconds + RETRY_SECONDS);
            keepNewest(item, value);
            return false;
        }
        hold(item);
        return true;
    }

    private void hold(long item) {
        if (items.find(item) >= 0) {
            return;
        }
        if (items.size() >= MAX_ITEMS && givenUp > 0) {
            forgetGivenUp();
        }
        if (items.size() >= MAX_ITEMS) {
            // Its values wait as those of the others do; only since when is not known.
            return;
        }
        items.set(items.put(item), SINCE, nowSeconds);
    }

    private void forgetGivenUp() {
        for (long item : items.keys()) {
            if (isGivenUp(item)) {
                forget(item);
            }
        }
    }

    /** @param first whether the item was not refused before: what is tried again says little of the host */
    private void refusedOf(long host, String name, boolean first) {
        int slot = hosts.put(host);
        int since = hosts.get(slot, REFUSED_SINCE);
        if (!first && (since == 0 || nowSeconds - since < RETRIES_CLOSE_SECONDS)) {
            return;
        }
        if (since == 0) {
            since = nowSeconds;
            hosts.set(slot, REFUSED_SINCE, since);
        }
        int count = hosts.get(slot, REFUSED) + 1;
        hosts.set(slot, REFUSED, Math.min(CLOSE_VALUES, count));
        if (hosts.get(slot, STATE) != CLOSED && (count >= CLOSE_VALUES || nowSeconds - since >= CLOSE_SECONDS)) {
            hosts.set(slot, STATE, CLOSED);
            opening.remove(host);
            closed.add(host);
            if (closedNames.size() < MAX_NAMES) {
                closedNames.put(host, name);
            }
        }
    }

    /**
     * Gives up an item whose held value was refused again, if others of its host were taken for long enough.
     *
     * @return whether it is given up
     */
    boolean giveUp(ZabbixValue value) {
        long item = ItemHash.ofItem(value);
        int slot = items.find(item);
        if (slot < 0 || items.get(slot, DUE) != 0) {
            return slot >= 0;
        }
        int since = items.get(slot, SINCE);
        int host = hosts.find(ItemHash.ofHost(value.host()));
        if (nowSeconds - since < GIVE_UP_SECONDS
                || host < 0
                || hosts.get(host, STATE) != OPEN
                || hosts.get(host, TAKEN_AT) - since < GIVE_UP_SECONDS / 2) {
            return false;
        }
        // Spread from the beginning, so that never many are due at once.
        int spread = (int) Math.floorMod(item >>> 7, (long) RETRY_SECONDS - MIN_RETRY_SECONDS);
        items.set(slot, DUE, nowSeconds + MIN_RETRY_SECONDS + spread);
        items.set(slot, ITEM_PASS, pass);
        givenUp++;
        return true;
    }

    /** Whether nobody wants a held value that has to go: its item was refused while others of its host were taken. */
    boolean isUnwanted(ZabbixValue value) {
        int slot = items.find(ItemHash.ofItem(value));
        int host = hosts.find(ItemHash.ofHost(value.host()));
        return slot >= 0
                && host >= 0
                && (items.get(slot, DUE) != 0
                        || hosts.get(host, STATE) == OPEN
                                && hosts.get(host, TAKEN_AT) > 0
                                && hosts.get(host, TAKEN_AT) >= items.get(slot, SINCE));
    }

    // -- passes --

    void beginPass() {
        pass++;
        passing = true;
    }

    /** Whether this pass has yet to show what a host's values are; its new ones wait meanwhile. */
    boolean isOpening() {
        return opening.size() > 0;
    }

    /** Something of this host is held, of which nothing is known. */
    void heldOf(String host) {
        long hash = ItemHash.ofHost(host);
        hosts.set(hosts.put(hash), STATE, OPENING);
        opening.add(hash);
    }

    /**
     * A pass came to the end: every held value of a host that was opening before it is known.
     *
     * @param seen hosts of which something is held
     * @param refused items of which the server refused the oldest held value
     * @return whether another pass should follow at once
     */
    boolean endPass(LongTable seen, LongTable refused) {
        passing = false;
        boolean again = false;
        for (long host : opening.keys()) {
            int slot = hosts.find(host);
            if (slot >= 0 && hosts.get(slot, STATE) == OPENING + pass) {
                again = true;
            } else {
                opening.remove(host);
                if (slot >= 0) {
                    hosts.set(slot, STATE, OPEN);
                }
            }
        }
        for (long host : closed.keys()) {
            if (!seen.contains(host)) {
                // Nothing is left of it, and nothing came.
                closed.remove(host);
                closedNames.remove(host);
                hosts.remove(host);
            }
        }
        if (items.size() > 2 * (givenUp + refused.size()) + PURGE_ITEMS) {
            purge(refused);
        }
        return again;
    }

    /** Of what was held of other items nothing is left, or their hosts wait as a whole. */
    private void purge(LongTable refused) {
        for (long item : items.keys()) {
            if (!refused.contains(item) && !isGivenUp(item)) {
                forget(item);
            }
        }
    }

    // -- counts --

    int givenUpItems() {
        return givenUp;
    }

    int heldItems() {
        return items.size() - givenUp;
    }

    int closedHosts() {
        return closed.size();
    }

    /** A few hosts that refused everything for long enough to be a problem, and how many there are. */
    List<String> closedForLong(int most) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<Long, String> entry : closedNames.entrySet()) {
            int slot = hosts.find(entry.getKey());
            if (names.size() < most && slot >= 0 && nowSeconds - hosts.get(slot, REFUSED_SINCE) >= GIVE_UP_SECONDS) {
                names.add(entry.getValue());
            }
        }
        return names;
    }

    /** The given-up item that was kept first, as an example, or null. */
    @Nullable
    ZabbixValue example() {
        return newest.isEmpty() ? null : newest.values().iterator().next();
    }
}
