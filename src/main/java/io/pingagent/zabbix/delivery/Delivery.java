package io.pingagent.zabbix.delivery;

import io.pingagent.base.AnyThread;
import io.pingagent.base.Backoff;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SayOnce;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.buffer.HeldValues;
import io.pingagent.zabbix.buffer.ValueBuffer;
import io.pingagent.zabbix.sender.SenderAnswer.Counts;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.sender.SenderConnections;
import io.pingagent.zabbix.sender.ServerUnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings the values of a buffer to the server, oldest first, each until it is accepted.
 *
 * <p>The server only says how many values of a packet failed. So:
 *
 * <ul>
 *   <li>Values of items that it has accepted before go in large packets.
 *   <li>Those of other items go in small ones, which grow while all is accepted.
 *   <li>A packet of which some failed is halved until each half is all right or all wrong. What is sent again for this
 *       has the same stamps, which the server ignores.
 * </ul>
 *
 * <p>Values of items that the server does not take are held: a new item takes effect up to a minute after its
 * discovery. Later values of these items are held, too, so that their order stays. From time to time there is a
 * {@link HeldPass pass} through them. Newer values of other items go out between its chunks. {@link ItemStates} says
 * which items are held, and which are given up.
 *
 * <p>The sizes are measured ({@code ZabbixThroughput}, table in {@code src/site/markdown/zabbix.md}). Larger packets
 * are hardly faster, and the larger a batch, the more goes out again after a {@code kill -9} within it.
 *
 * <p>Over 500 lines because a batch under way is one state; connections, passes and states of items have classes of their
 * own.
 */
@OwnedBy("ping-zabbix-send")
public final class Delivery implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(Delivery.class);

    /** Values in a packet. */
    public static final int PACKET = 2_000;
    /** A server has five trappers by default, and others need them, too. */
    public static final int LANES = 2;
    /** Packets of each lane before the acknowledgement is written. */
    public static final int PACKETS_PER_LANE = 3;

    private static final int SMALL_PACKET = 250;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_RETRY_NANOS = SECOND_NANOS;
    private static final long MAX_RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Between two chunks of which nothing is taken. */
    private static final long CHUNK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Of given-up items at a time. */
    private static final int DUE = 500;
    /** Chunks of held values between two batches of the queue: more while a host's own new values wait for them. */
    private static final int TURNS = 1;

    private static final int OPENING_TURNS = 8;
    private static final int LOOKS = 100_000;
    private static final int EXAMPLES = 3;

    /** Where the batch under way comes from. */
    private enum From {
        NOWHERE,
        QUEUE,
        HELD,
        GIVEN_UP
    }

    private final int packetValues;
    private final int batchValues;
    private final ValueBuffer queue;
    private final HeldValues held;
    private final ItemInfo items;
    private final ItemStates states = new ItemStates();
    private final HeldPass pass;

    /** Packets of the batch under way that no server has answered yet. */
    private final SenderConnections lanes;
    /** Values of the batch under way that become held. */
    private final List<ZabbixValue> rejected = new ArrayList<>();
    /** Items of the batch under way that were refused in it. */
    private final LongTable refused = new LongTable(0);

    private int freshPacket = SMALL_PACKET;
    private int tryPacket = SMALL_PACKET;
    private From from = From.NOWHERE;
    private long batchEnd;
    /** Something of it was answered. */
    private boolean isBatchBegun;
    /** A server answered in the last step. */
    private boolean isAnswered;

    private int acceptedInStep;
    private int heldTurns;

    private boolean started;
    private long startNanos;
    private final Backoff backoff = new Backoff(FIRST_RETRY_NANOS, MAX_RETRY_NANOS);
    private long retryAtNanos;
    private long chunkAtNanos;
    private long dueAtNanos;
    private long saidAtNanos;
    private final SayOnce waiting = new SayOnce();
    private int loggedGivenUp;

    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong unwanted = new AtomicLong();
    private volatile int givenUpItems;
    private volatile int heldItems;
    private volatile @Nullable String notice;
    private volatile List<Problem> hostProblems = List.of();

    /**
     * With the sizes that were measured.
     *
     * @param queue all values
     * @param held those of items that the server does not take
     */
    public Delivery(SenderClient client, ValueBuffer queue, HeldValues held, ItemInfo items) {
        this(client, queue, held, items, PACKET, LANES, PACKETS_PER_LANE);
    }

    /**
     * @param packetValues largest packet
     * @param laneCount connections at a time
     * @param packetsPerLane of one batch
     */
    public Delivery(
            SenderClient client,
            ValueBuffer queue,
            HeldValues held,
            ItemInfo items,
            int packetValues,
            int laneCount,
            int packetsPerLane) {
        this.items = items;
        this.packetValues = packetValues;
        this.batchValues = packetValues * laneCount * packetsPerLane;
        this.lanes = new SenderConnections(client, laneCount);
        this.queue = queue;
        this.held = held;
        this.pass = new HeldPass(held, states, items::isLeft);
        held.unwantedAre(value -> states.isUnwanted(value) || items.isLeft(value.host()));
        findHeld();
    }

    /**
     * What an earlier run left: new values of the same hosts wait until the first pass has shown which items these are
     * of.
     */
    private void findHeld() {
        held.rewind();
        do {
            held.look(LOOKS);
            for (HeldValues.Held one = held.next(); one != null; one = held.next()) {
                states.heldOf(one.value().host());
            }
        } while (!held.isAtEnd());
    }

    /** The server got to know new items: what is held is tried soon. */
    public void retrySoon(long nowNanos) {
        freshPacket = SMALL_PACKET;
        backoff.reset();
        retryAtNanos = nowNanos + backoff.nextNanos();
    }

    /**
     * Sends some packets.
     *
     * @return how many values were in them that a server took or may have taken, at least 1; 0 if there is nothing to
     *     do now
     * @throws ServerUnreachableException if no server answered; what was not answered goes out again next time
     */
    public int step(long nowNanos) throws ServerUnreachableException {
        isAnswered = false;
        clock(nowNanos);
        if (from == From.NOWHERE && !nextBatch(nowNanos)) {
            return 0;
        }
        int before = refused.size();
        acceptedInStep = 0;
        int sent;
        try {
            sent = lanes.send(this::settle, this::readAhead);
        } finally {
            if (refused.size() > before) {
                // Later values of these items wait behind them, even if the server got to know the items this very
                // moment.
                lanes.removeIf(this::rejectFollower);
            }
        }
        if (lanes.isEmpty() && from == From.HELD) {
            pack(pass.follow(), packetValues);
        }
        boolean tries = from != From.QUEUE;
        if (lanes.isEmpty()) {
            finishBatch(nowNanos);
        }
        return Math.max(1, tries ? acceptedInStep : sent);
    }

    /** Whether a server answered in the last step: values that are merely put aside ask nobody. */
    public boolean wasAnswered() {
        return isAnswered;
    }

    private void clock(long nowNanos) {
        if (!started) {
            started = true;
            startNanos = nowNanos;
            retryAtNanos = nowNanos;
            // As if the first attempt, which is due now, had waited.
            backoff.nextNanos();
            chunkAtNanos = nowNanos;
            dueAtNanos = nowNanos;
            saidAtNanos = nowNanos;
        }
        states.at((int) (1 + (nowNanos - startNanos) / SECOND_NANOS));
        if (nowNanos - saidAtNanos >= 0) {
            saidAtNanos = nowNanos + SECOND_NANOS;
            say();
        }
    }

    /** From the disk into memory, while the server has its work with the batch under way. */
    private void readAhead() {
        if (from == From.QUEUE) {
            queue.readAhead(2 * batchValues);
        }
    }

    private boolean rejectFollower(ZabbixValue value) {
        if (!refused.contains(ItemHash.ofItem(value))) {
            return false;
        }
        if (from == From.QUEUE) {
            hold(value);
        }
        return true;
    }

    // -- what comes next --

    private boolean nextBatch(long nowNanos) {
        if (heldTurns > 0) {
            heldTurns--;
            if (otherBatch(nowNanos)) {
                return true;
            }
        }
        heldTurns = states.isOpening() ? OPENING_TURNS : TURNS;
        return queueBatch() || otherBatch(nowNanos);
    }

    private boolean queueBatch() {
        ValueBuffer.Batch batch = queue.peek(batchValues);
        if (batch.values().isEmpty()) {
            return false;
        }
        from = From.QUEUE;
        isBatchBegun = false;
        batchEnd = batch.endSequence();
        split(batch.values());
        return true;
    }

    private void split(List<ZabbixValue> values) {
        List<ZabbixValue> known = new ArrayList<>(values.size());
        List<ZabbixValue> fresh = new ArrayList<>();
        for (ZabbixValue value : values) {
            switch (states.fate(value)) {
                case KNOWN -> known.add(value);
                case FRESH -> fresh.add(value);
                case HELD -> rejected.add(value);
                case UNWANTED -> unwanted.incrementAndGet();
            }
        }
        pack(known, packetValues);
        packTries(fresh, freshPacket);
    }

    private boolean otherBatch(long nowNanos) {
        return dueBatch(nowNanos) || heldBatch(nowNanos);
    }

    private boolean dueBatch(long nowNanos) {
        if (nowNanos - dueAtNanos < 0) {
            return false;
        }
        dueAtNanos = nowNanos + SECOND_NANOS;
        List<ZabbixValue> due = states.due(DUE);
        if (due.isEmpty()) {
            return false;
        }
        from = From.GIVEN_UP;
        packTries(due, tryPacket);
        return true;
    }

    private boolean heldBatch(long nowNanos) {
        if (!pass.isUnderWay()) {
            if (held.values() == 0 || nowNanos - retryAtNanos < 0) {
                return false;
            }
            pass.begin();
        }
        if (nowNanos - chunkAtNanos < 0) {
            return false;
        }
        unwanted.addAndGet(pass.read(batchValues));
        if (pass.isChunkEmpty()) {
            if (pass.isAtEnd()) {
                endPass(nowNanos);
            }
            return false;
        }
        from = From.HELD;
        pack(pass.ready(), packetValues);
        packTries(pass.first(), tryPacket);
        return true;
    }

    /**
     * Same, of values that may be refused: those of addresses, whose items or hosts may not be there yet. The agent's
     * own values go apart, since their items are there with its template. So a new host has hardly a packet of which
     * some values are taken. Those would have to go out again, each with an error line of the server's database.
     */
    private void packTries(List<ZabbixValue> values, int packet) {
        List<ZabbixValue> ofAgent = new ArrayList<>();
        List<ZabbixValue> ofAddresses = new ArrayList<>(values.size());
        for (ZabbixValue value : values) {
            (items.isOfAgent(value.key()) ? ofAgent : ofAddresses).add(value);
        }
        pack(ofAgent, packet);
        pack(ofAddresses, packet);
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
     * One lane for all items of an address. The trigger of its round-trip time depends on that of its loss. The server
     * can only heed this if it does not see the loss later.
     */
    private int laneOf(ZabbixValue value, int lanes) {
        int hash = (items.addressOf(value.key()).hashCode() * 31 + value.host().hashCode()) * 0x9E37_79B9;
        return (hash >>> 16) % lanes;
    }

    // -- what became of it --

    private List<List<ZabbixValue>> settle(List<ZabbixValue> packet, Counts counts) {
        isBatchBegun = true;
        isAnswered = true;
        if (counts.failed() == 0) {
            packet.forEach(this::taken);
            freshPacket = Math.min(packetValues, Math.max(freshPacket, 2 * packet.size()));
            tryPacket = Math.min(packetValues, Math.max(tryPacket, 2 * packet.size()));
            return List.of();
        }
        freshPacket = SMALL_PACKET;
        if (counts.processed() == 0) {
            packet.forEach(this::refused);
            tryPacket = Math.min(packetValues, Math.max(tryPacket, 2 * packet.size()));
            return List.of();
        }
        tryPacket = SMALL_PACKET;
        int half = packet.size() / 2;
        return List.of(packet.subList(0, half), packet.subList(half, packet.size()));
    }

    private void taken(ZabbixValue value) {
        accepted.incrementAndGet();
        acceptedInStep++;
        states.taken(value);
        if (from == From.HELD) {
            pass.taken(value);
        }
    }

    private void refused(ZabbixValue value) {
        refused.add(ItemHash.ofItem(value));
        if (from == From.QUEUE) {
            hold(value);
        } else {
            states.refused(value);
            if (from == From.HELD) {
                pass.refused(value);
            }
        }
    }

    private void hold(ZabbixValue value) {
        if (states.refused(value)) {
            rejected.add(value);
        } else {
            unwanted.incrementAndGet();
        }
    }

    private void finishBatch(long nowNanos) {
        From finished = from;
        from = From.NOWHERE;
        refused.clear();
        if (finished == From.QUEUE) {
            if (!rejected.isEmpty() && waiting.begins()) {
                retrySoon(nowNanos);
                LOG.info(
                        "the Zabbix server does not take {} yet; its values, and those of others, wait",
                        HostItem.of(rejected.get(0)));
            }
            held.append(rejected);
            rejected.clear();
            queue.acknowledge(batchEnd);
        } else if (finished == From.HELD) {
            chunkAtNanos = pass.tookAny() ? nowNanos : nowNanos + CHUNK_NANOS;
            unwanted.addAndGet(pass.endChunk());
            if (pass.isAtEnd()) {
                endPass(nowNanos);
            }
        }
    }

    /**
     * Before the end: what of the batch under way was not answered waits with the held values. So what was answered
     * does not go out again at the next start.
     */
    public void putAside() {
        if (from != From.QUEUE || !isBatchBegun) {
            return;
        }
        held.append(List.of());
        if (!held.isSaved()) {
            // On a disk that refuses them they are safer where they are.
            return;
        }
        lanes.removeIf(rejected::add);
        held.append(rejected);
        rejected.clear();
        queue.acknowledge(batchEnd);
        from = From.NOWHERE;
    }

    private void endPass(long nowNanos) {
        boolean again = pass.end();
        if (pass.progress()) {
            backoff.reset();
        }
        long waitNanos = backoff.nextNanos();
        retryAtNanos = again ? nowNanos : nowNanos + waitNanos;
        if (held.values() == 0 && states.closedHosts() == 0 && waiting.ends()) {
            LOG.info("no value waits for its item any more");
        }
    }

    // -- any thread --

    /** Publishes what the states are, once a second. */
    private void say() {
        givenUpItems = states.givenUpItems();
        heldItems = states.heldItems();
        ZabbixValue example = states.example();
        notice = givenUpItems == 0 || example == null
                ? null
                : "the server takes no values of " + givenUpItems + " items, " + HostItem.of(example)
                        + " for example, but others of their hosts: filtered or disabled there; each is tried again"
                        + " within 10 minutes";
        if (givenUpItems > 2 * loggedGivenUp) {
            loggedGivenUp = givenUpItems;
            LOG.info("{}", notice);
        }
        List<String> closed = states.closedForLong(EXAMPLES);
        if (closed.isEmpty()) {
            hostProblems = List.of();
            return;
        }
        int all = states.closedHosts();
        String names = "'" + String.join("', '", closed) + "'";
        hostProblems = List.of(new Problem(
                "zabbix.host",
                all == 1
                        ? "the server takes no value of host " + names
                        : "the server takes no value of " + all + " hosts, " + names + " among them",
                "make the host in Zabbix, enable it and link the template; if a proxy monitors it, name the proxy in"
                        + " zabbix.servers; its values wait meanwhile"));
    }

    /** Values that a server accepted. */
    @AnyThread
    public long accepted() {
        return accepted.get();
    }

    /** Values that nobody wanted: their items were given up. They are neither waiting nor dropped. */
    @AnyThread
    long unwanted() {
        return unwanted.get();
    }

    /** Items of which the server takes nothing although it takes others of their hosts. */
    @AnyThread
    public int givenUpItems() {
        return givenUpItems;
    }

    /** Items that the server refused and that wait, but for those of hosts of which it takes nothing. */
    @AnyThread
    int heldItems() {
        return heldItems;
    }

    /** One line about given-up items, no problem, since filters are a choice; null if there are none. */
    @AnyThread
    @Nullable
    String notice() {
        return notice;
    }

    /** Hosts of which nothing is taken, and what is wrong with the buffers. Cheap. */
    @AnyThread
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(hostProblems);
        problems.addAll(queue.problems());
        problems.addAll(held.problems());
        return problems;
    }

    @Override
    public void close() {
        lanes.close();
    }
}
