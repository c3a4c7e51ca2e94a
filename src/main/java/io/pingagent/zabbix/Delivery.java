package io.pingagent.zabbix;

import io.pingagent.zabbix.SenderAnswer.Counts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Brings the values of a buffer to the server, oldest first, each until it is accepted. Owned by {@code ping-zabbix-send}.
 *
 * <p>The server only says how many values of a packet failed. So values of items that it has accepted before go in large
 * packets, those of other items in small ones, which grow while all is accepted, and a packet of which some failed is halved
 * until each half is all right or all wrong. What has to be sent again to find that out has the same stamps, which the server
 * ignores.
 *
 * <p>Values of items that the server does not know (a new item takes effect up to a minute after its discovery) move to a
 * second buffer, and so do later values of these items, so that their order stays. From time to time that buffer is gone
 * through: of each item the oldest value is tried, and the others follow it or stay. Such a pass is not interrupted by newer
 * values.
 *
 * <p>The sizes are measured ({@code ZabbixThroughput}, table in {@code src/site/markdown/zabbix.md}): larger packets are hardly
 * faster, and the larger a batch, the more goes out again after a {@code kill -9} within it.
 */
final class Delivery implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(Delivery.class);

    /** Values in a packet. */
    static final int PACKET = 2_000;
    /** A server has five trappers, unless it is told otherwise, and others need them, too. */
    static final int LANES = 2;
    /** Packets of each lane before the acknowledgement is written. */
    static final int PACKETS_PER_LANE = 3;

    private static final int SMALL_PACKET = 250;
    private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Known items are only a short cut: rather forgotten than kept without bound. */
    private static final int MAX_KNOWN = 1_000_000;

    private final int packetValues;
    private final int batchValues;
    private final ValueBuffer queue;
    private final ValueBuffer held;

    private final Set<ItemKey> knownItems = new HashSet<>();
    private final Set<ItemKey> heldItems = new HashSet<>();

    /** Packets of the batch under way that no server has answered yet. */
    private final Lanes lanes;
    /** Values of the batch under way that stay or become held. */
    private final List<ZabbixValue> rejected = new ArrayList<>();
    /** Held values that follow the oldest of their item. */
    private final List<ZabbixValue> followers = new ArrayList<>();

    private int freshPacket = SMALL_PACKET;
    private boolean batchUnderWay;
    private boolean batchHeld;
    private long batchEnd;

    private long passLeft;
    private final Set<ItemKey> passRejected = new HashSet<>();
    private boolean passAccepted;
    private long retryNanos = FIRST_RETRY_NANOS;
    private long retryAtNanos;
    private boolean heldLogged;

    private final AtomicLong accepted = new AtomicLong();

    /**
     * @param queue all values
     * @param held those of items that the server does not know
     */
    Delivery(SenderClient client, ValueBuffer queue, ValueBuffer held) {
        this(client, queue, held, PACKET, LANES, PACKETS_PER_LANE);
    }

    /**
     * @param packetValues largest packet
     * @param laneCount connections at a time
     * @param packetsPerLane of one batch
     */
    Delivery(
            SenderClient client,
            ValueBuffer queue,
            ValueBuffer held,
            int packetValues,
            int laneCount,
            int packetsPerLane) {
        this.packetValues = packetValues;
        this.batchValues = packetValues * laneCount * packetsPerLane;
        this.lanes = new Lanes(client, laneCount);
        this.queue = queue;
        this.held = held;
        this.passLeft = held.values();
    }

    /** Values that a server accepted. Any thread. */
    long accepted() {
        return accepted.get();
    }

    /** The server got to know new items: what is held is tried soon. */
    void retrySoon(long nowNanos) {
        freshPacket = SMALL_PACKET;
        retryNanos = FIRST_RETRY_NANOS;
        retryAtNanos = nowNanos + retryNanos;
    }

    /**
     * Sends some packets.
     *
     * @return how many values were in them; 0 if there is nothing to do now
     * @throws ServerAwayException if no server answered; what was not answered goes out again next time
     */
    int step(long nowNanos) throws ServerAwayException {
        if (!batchUnderWay && !nextBatch(nowNanos)) {
            return 0;
        }
        int before = rejected.size();
        int sent;
        try {
            sent = lanes.send(this::settle, this::readAhead);
        } finally {
            if (rejected.size() > before) {
                // Later values of these items wait behind them, even if the server got to know the items this very
                // moment.
                lanes.removeIf(this::rejectFollower);
            }
        }
        if (lanes.isEmpty() && !followers.isEmpty()) {
            follow();
        }
        if (lanes.isEmpty()) {
            finishBatch(nowNanos);
        }
        return Math.max(1, sent);
    }

    /** From the disk into memory, while the server has its work with the batch under way. */
    private void readAhead() {
        if (!batchHeld) {
            queue.readAhead(2 * batchValues);
        }
    }

    private boolean rejectFollower(ZabbixValue value) {
        return passRejected.contains(ItemKey.of(value)) && rejected.add(value);
    }

    private boolean nextBatch(long nowNanos) {
        if (passLeft == 0 && held.values() > 0 && nowNanos - retryAtNanos >= 0) {
            passLeft = held.values();
        }
        batchHeld = passLeft > 0;
        ValueBuffer from = batchHeld ? held : queue;
        ValueBuffer.Batch batch = from.peek((int) Math.min(batchHeld ? passLeft : batchValues, batchValues));
        if (batch.values().isEmpty()) {
            if (batchHeld) {
                passLeft = 0;
                finishPass(nowNanos);
            }
            return false;
        }
        batchUnderWay = true;
        batchEnd = batch.endSequence();
        if (batchHeld) {
            passLeft -= batch.values().size();
            splitHeld(batch.values());
        } else {
            split(batch.values());
        }
        return true;
    }

    private void split(List<ZabbixValue> values) {
        List<ZabbixValue> known = new ArrayList<>(values.size());
        List<ZabbixValue> fresh = new ArrayList<>();
        for (ZabbixValue value : values) {
            ItemKey item = ItemKey.of(value);
            if (heldItems.contains(item)) {
                rejected.add(value);
            } else if (knownItems.contains(item)) {
                known.add(value);
            } else {
                fresh.add(value);
            }
        }
        pack(known, packetValues);
        pack(fresh, freshPacket);
    }

    private void splitHeld(List<ZabbixValue> values) {
        List<ZabbixValue> oldest = new ArrayList<>();
        Set<ItemKey> tried = new HashSet<>();
        for (ZabbixValue value : values) {
            ItemKey item = ItemKey.of(value);
            if (passRejected.contains(item)) {
                rejected.add(value);
            } else if (knownItems.contains(item) || !tried.add(item)) {
                followers.add(value);
            } else {
                oldest.add(value);
            }
        }
        pack(oldest, SMALL_PACKET);
    }

    /** Puts values into packets, and these into the lanes of their items. */
    private void pack(List<ZabbixValue> values, int packet) {
        // What fits into one packet needs no second connection.
        int used = values.size() <= packet ? 1 : lanes.count();
        List<List<ZabbixValue>> parts = new ArrayList<>();
        for (int i = 0; i < used; i++) {
            parts.add(new ArrayList<>(values.size()));
        }
        for (ZabbixValue value : values) {
            parts.get(laneOf(value, used)).add(value);
        }
        for (int lane = 0; lane < used; lane++) {
            List<ZabbixValue> part = parts.get(lane);
            for (int i = 0; i < part.size(); i += packet) {
                lanes.add(lane, part.subList(i, Math.min(part.size(), i + packet)));
            }
        }
    }

    /**
     * One lane for all items of an address: the trigger of its round-trip time depends on that of its loss, which the server
     * can only heed if it sees the loss not later.
     */
    private static int laneOf(ZabbixValue value, int lanes) {
        String address = ZabbixKeys.addressOf(value.key()).orElse("");
        int hash = (address.hashCode() * 31 + value.host().hashCode()) * 0x9E37_79B9;
        return (hash >>> 16) % lanes;
    }

    private List<List<ZabbixValue>> settle(List<ZabbixValue> packet, Counts counts) {
        if (counts.failed() == 0) {
            accepted.addAndGet(packet.size());
            passAccepted |= batchHeld;
            if (knownItems.size() > MAX_KNOWN) {
                knownItems.clear();
            }
            for (ZabbixValue value : packet) {
                knownItems.add(ItemKey.of(value));
            }
            freshPacket = Math.min(packetValues, Math.max(freshPacket, 2 * packet.size()));
            return List.of();
        }
        freshPacket = SMALL_PACKET;
        if (counts.processed() == 0) {
            for (ZabbixValue value : packet) {
                ItemKey item = ItemKey.of(value);
                knownItems.remove(item);
                passRejected.add(item);
                rejected.add(value);
            }
            return List.of();
        }
        int half = packet.size() / 2;
        return List.of(packet.subList(0, half), packet.subList(half, packet.size()));
    }

    /** The oldest values of a held batch are settled: those behind them share their fate. */
    private void follow() {
        List<ZabbixValue> go = new ArrayList<>();
        for (ZabbixValue value : followers) {
            if (passRejected.contains(ItemKey.of(value))) {
                rejected.add(value);
            } else {
                go.add(value);
            }
        }
        followers.clear();
        pack(go, packetValues);
    }

    private void finishBatch(long nowNanos) {
        if (!batchHeld) {
            for (ZabbixValue value : rejected) {
                ItemKey item = ItemKey.of(value);
                if (heldItems.add(item) && !heldLogged) {
                    heldLogged = true;
                    retrySoon(nowNanos);
                    LOG.info("the Zabbix server does not know {} yet; its values, and those of others, wait", item);
                }
            }
            passRejected.clear();
        }
        held.append(rejected);
        rejected.clear();
        (batchHeld ? held : queue).acknowledge(batchEnd);
        batchUnderWay = false;
        if (batchHeld && passLeft == 0) {
            finishPass(nowNanos);
        }
    }

    private void finishPass(long nowNanos) {
        heldItems.clear();
        heldItems.addAll(passRejected);
        passRejected.clear();
        retryNanos = passAccepted ? FIRST_RETRY_NANOS : Math.min(MAX_RETRY_NANOS, 2 * retryNanos);
        retryAtNanos = nowNanos + retryNanos;
        passAccepted = false;
        if (heldItems.isEmpty() && heldLogged) {
            heldLogged = false;
            LOG.info("the Zabbix server knows all items now");
        }
    }

    @Override
    public void close() {
        lanes.close();
    }
}
