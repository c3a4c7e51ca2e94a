package io.pingagent.zabbix;

import io.pingagent.zabbix.SenderAnswer.Counts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
 * <p>The server only says how many values of a packet failed. So values of keys that it has accepted before go in large
 * packets, those of other keys in small ones, and a packet of which some failed is halved until each half is all right or
 * all wrong. What has to be sent again to find that out has the same stamps, which the server ignores.
 *
 * <p>Values of keys that the server does not know (a new item takes effect up to a minute after its discovery) move to a
 * second buffer, and so do later values of these keys, so that their order stays. From time to time that buffer is gone
 * through: of each key the oldest value is tried, and the others follow it or stay. Such a pass is not interrupted by newer
 * values.
 */
final class Delivery {

    private static final Logger LOG = LogManager.getLogger(Delivery.class);

    private static final int PACKET = 2_000;
    private static final int SMALL_PACKET = 250;
    private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Known keys are only a short cut: rather forgotten than kept without bound. */
    private static final int MAX_KNOWN = 1_000_000;

    private final SenderClient client;
    private final ValueBuffer queue;
    private final ValueBuffer held;

    private final Set<String> knownKeys = new HashSet<>();
    private final Set<String> heldKeys = new HashSet<>();

    /** Packets of the batch under way that no server has answered yet. */
    private final Deque<List<ZabbixValue>> packets = new ArrayDeque<>();
    /** Values of the batch under way that stay or become held. */
    private final List<ZabbixValue> rejected = new ArrayList<>();
    /** Held values that follow the oldest of their key. */
    private final List<ZabbixValue> followers = new ArrayList<>();

    private boolean batchUnderWay;
    private boolean batchHeld;
    private long batchEnd;

    private long passLeft;
    private final Set<String> passRejected = new HashSet<>();
    private boolean passAccepted;
    private long retryNanos = FIRST_RETRY_NANOS;
    private long retryAtNanos;
    private boolean heldLogged;

    private final AtomicLong accepted = new AtomicLong();

    /**
     * @param queue all values
     * @param held those of keys that the server does not know
     */
    Delivery(SenderClient client, ValueBuffer queue, ValueBuffer held) {
        this.client = client;
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
        retryNanos = FIRST_RETRY_NANOS;
        retryAtNanos = nowNanos + retryNanos;
    }

    /**
     * Sends one packet.
     *
     * @return how many values were in it; 0 if there is nothing to do now
     * @throws ServerAwayException if no server answered; the same packet goes out again next time
     */
    int step(long nowNanos) throws ServerAwayException {
        if (!batchUnderWay && !nextBatch(nowNanos)) {
            return 0;
        }
        List<ZabbixValue> packet = packets.peekFirst();
        int sent = 0;
        if (packet != null) {
            Counts counts = client.send(packet);
            sent = packet.size();
            packets.removeFirst();
            settle(packet, counts);
        }
        if (packets.isEmpty() && !followers.isEmpty()) {
            follow();
        }
        if (packets.isEmpty()) {
            finishBatch(nowNanos);
        }
        return Math.max(1, sent);
    }

    private boolean nextBatch(long nowNanos) {
        if (passLeft == 0 && held.values() > 0 && nowNanos - retryAtNanos >= 0) {
            passLeft = held.values();
        }
        batchHeld = passLeft > 0;
        ValueBuffer from = batchHeld ? held : queue;
        ValueBuffer.Batch batch = from.peek((int) Math.min(batchHeld ? passLeft : PACKET, PACKET));
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
            if (heldKeys.contains(value.key())) {
                rejected.add(value);
            } else if (knownKeys.contains(value.key())) {
                known.add(value);
            } else {
                fresh.add(value);
            }
        }
        if (!known.isEmpty()) {
            packets.add(known);
        }
        addSmall(fresh);
    }

    private void splitHeld(List<ZabbixValue> values) {
        List<ZabbixValue> oldest = new ArrayList<>();
        Set<String> tried = new HashSet<>();
        for (ZabbixValue value : values) {
            if (passRejected.contains(value.key())) {
                rejected.add(value);
            } else if (knownKeys.contains(value.key()) || !tried.add(value.key())) {
                followers.add(value);
            } else {
                oldest.add(value);
            }
        }
        addSmall(oldest);
    }

    private void addSmall(List<ZabbixValue> values) {
        for (int i = 0; i < values.size(); i += SMALL_PACKET) {
            packets.add(values.subList(i, Math.min(values.size(), i + SMALL_PACKET)));
        }
    }

    private void settle(List<ZabbixValue> packet, Counts counts) {
        if (counts.failed() == 0) {
            accepted.addAndGet(packet.size());
            passAccepted |= batchHeld;
            if (knownKeys.size() > MAX_KNOWN) {
                knownKeys.clear();
            }
            for (ZabbixValue value : packet) {
                knownKeys.add(value.key());
            }
            return;
        }
        if (counts.processed() == 0) {
            for (ZabbixValue value : packet) {
                knownKeys.remove(value.key());
                passRejected.add(value.key());
                rejected.add(value);
            }
            return;
        }
        int half = packet.size() / 2;
        packets.addFirst(packet.subList(half, packet.size()));
        packets.addFirst(packet.subList(0, half));
    }

    /** The oldest values of a held batch are settled: those behind them share their fate. */
    private void follow() {
        List<ZabbixValue> go = new ArrayList<>();
        for (ZabbixValue value : followers) {
            if (passRejected.contains(value.key())) {
                rejected.add(value);
            } else {
                go.add(value);
            }
        }
        followers.clear();
        if (!go.isEmpty()) {
            packets.add(go);
        }
    }

    private void finishBatch(long nowNanos) {
        if (!batchHeld) {
            for (ZabbixValue value : rejected) {
                if (heldKeys.add(value.key()) && !heldLogged) {
                    heldLogged = true;
                    retrySoon(nowNanos);
                    LOG.info(
                            "the Zabbix server does not know {} yet; its values, and those of others, wait",
                            value.key());
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
        heldKeys.clear();
        heldKeys.addAll(passRejected);
        passRejected.clear();
        retryNanos = passAccepted ? FIRST_RETRY_NANOS : Math.min(MAX_RETRY_NANOS, 2 * retryNanos);
        retryAtNanos = nowNanos + retryNanos;
        passAccepted = false;
        if (heldKeys.isEmpty() && heldLogged) {
            heldLogged = false;
            LOG.info("the Zabbix server knows all items now");
        }
    }
}
