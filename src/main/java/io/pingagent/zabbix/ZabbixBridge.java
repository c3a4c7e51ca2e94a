package io.pingagent.zabbix;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.Problem;
import io.pingagent.zabbix.buffer.HeldValues;
import io.pingagent.zabbix.buffer.ValueBuffer;
import io.pingagent.zabbix.sender.Registration;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.sender.ServerUnreachableException;
import io.pingagent.zabbix.transport.SenderTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import io.pingagent.zabbix.transport.Transports;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Everything on its way from the engine to Zabbix. Two threads, so that measuring goes on while a server is slow:
 * {@code ping-zabbix} makes values and puts them into the buffer, {@code ping-zabbix-send} takes them out, with few
 * connections at a time. All values go through the one buffer in the order of their making, so that old ones are always before new ones.
 */
public final class ZabbixBridge implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(ZabbixBridge.class);

    private static final long CYCLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final BridgeSettings settings;
    private final BridgedTargets targets;
    private final ValueBuffer queue;
    private final HeldValues held;
    private final SenderClient client;
    private final Delivery delivery;
    private final BacklogLimiter pace;
    private final ValueCollector collector;
    private final PushWorker pushes;
    private final Registration registration;
    private final List<Discovery> lists = new ArrayList<>();
    private final AtomicLong errListVersion = new AtomicLong();
    private final Thread maker;
    private final Thread sender;

    private volatile boolean stopping;
    private volatile boolean making = true;
    private volatile long deadlineNanos;
    private volatile @Nullable String awayText;
    private volatile @Nullable Problem makingFailed;
    private volatile @Nullable Problem sendingFailed;
    private volatile boolean connected;

    // ping-zabbix-send
    private long backoffNanos = FIRST_BACKOFF_NANOS;
    private long lostAtNanos;
    private boolean lossLogged;
    private long syncedNanos = System.nanoTime();

    /**
     * Opens the buffer and reads the keys; starts nothing.
     *
     * @param wallNanos Unix nanoseconds; any thread
     * @throws IOException if another agent has the buffer's directory
     * @throws KeyFileException if a key or certificate cannot be read
     */
    public ZabbixBridge(BridgeSettings settings, BridgedTargets targets, AgentFacts facts, LongSupplier wallNanos)
            throws IOException, KeyFileException {
        this(
                settings,
                targets,
                facts,
                wallNanos,
                Transports.create(settings.access().tls(), SocketTransport.Limits.DEFAULT));
    }

    ZabbixBridge(
            BridgeSettings settings,
            BridgedTargets targets,
            AgentFacts facts,
            LongSupplier wallNanos,
            SenderTransport transport)
            throws IOException {
        this.settings = settings;
        this.targets = targets;
        this.queue = new ValueBuffer(
                settings.buffer().directory().resolve("queue"),
                settings.buffer().maxBytes(),
                settings.buffer().maxAge(),
                wallNanos);
        this.held = openHeld(settings, wallNanos, queue);
        this.client = SenderClient.of(
                settings.access().servers(),
                transport,
                wallNanos,
                new AgentOwnValues(settings.host().name(), facts::version, wallNanos));
        this.delivery = new Delivery(client, queue, held, this::isLeft);
        this.pace = new BacklogLimiter(settings.buffer().drainPerSecond());
        this.collector = new ValueCollector(
                settings.thresholds().downAfter(),
                settings.thresholds().upAfter(),
                settings.thresholds().downNotBefore(),
                targets::onErrList);
        this.pushes = new PushWorker(settings, targets, facts, this::ownProblems, collector, queue, held, wallNanos);
        this.registration = new Registration(
                settings.host().name(),
                settings.host().metadata(),
                settings.access().servers(),
                transport);
        long intervalNanos = settings.values().discoveryInterval().toNanos();
        DiscoveryLists.of(settings, targets)
                .forEach((key, list) -> lists.add(new Discovery(
                        settings.host().name(),
                        key,
                        list,
                        key.equals(ZabbixKeys.ERR_LIST_DISCOVERY)
                                ? () -> errListVersion.get() + targets.version()
                                : targets::version,
                        wallNanos,
                        intervalNanos)));
        this.maker = thread(this::make, "ping-zabbix");
        this.sender = thread(this::send, "ping-zabbix-send");
    }

    private static HeldValues openHeld(BridgeSettings settings, LongSupplier wallNanos, ValueBuffer queue)
            throws IOException {
        try {
            return new HeldValues(
                    settings.buffer().directory().resolve("held"),
                    settings.buffer().maxBytes() / 4,
                    settings.buffer().maxAge(),
                    wallNanos);
        } catch (IOException e) {
            queue.close();
            throw e;
        }
    }

    /** Whether an imported host takes no values any more: it was deleted, or its address has gone. */
    private boolean isLeft(String host) {
        return !host.equals(settings.host().name()) && !ZabbixKeys.isAddressHost(host) && !targets.mayTakeValues(host);
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Starts all threads. Once only. */
    public void start() {
        registration.start();
        maker.start();
        sender.start();
    }

    // -- ping-recv: never wait, no garbage --

    /**
     * A probe was answered.
     *
     * @param rttNanos at least 0
     * @param wallNanos Unix nanoseconds of the reply's arrival
     */
    public void replied(int targetId, long rttNanos, long wallNanos) {
        collector.replied(targetId, rttNanos, wallNanos);
    }

    /**
     * A probe was lost.
     *
     * @param wallNanos Unix nanoseconds of the verdict
     */
    public void lost(int targetId, long wallNanos) {
        collector.lost(targetId, wallNanos);
    }

    /** Many addresses are silent at once, and it is being found out whether it is they; or that is decided. */
    public void isolationSuspected(boolean isSuspected) {
        collector.isolationSuspected(isSuspected);
    }

    /**
     * The agent is cut off from its network, or no longer. Meanwhile nobody's status changes, and nobody's losses are sent.
     *
     * @param wallNanos Unix nanoseconds of the change
     */
    public void isolated(boolean isIsolated, long wallNanos) {
        collector.isolated(isIsolated, wallNanos);
    }

    /** What a target has lost lately does not count: the agent was cut off. */
    public void reinstated(int targetId) {
        collector.reinstated(targetId);
    }

    /** A target came on the err list or left it. Any thread. */
    public void errListChanged() {
        errListVersion.getAndIncrement();
    }

    // -- any thread --

    /** Whether the last packet was answered, by a server that takes values of the agent's host. */
    public boolean connected() {
        return connected && client.isConnected();
    }

    /** The most important problem of the bridge, or null if there is none. */
    public @Nullable String lastError() {
        String away = awayText;
        if (away != null) {
            return away;
        }
        return problems().stream().map(Problem::what).findFirst().orElse(null);
    }

    /** What people have to put right, the most important first. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        String away = awayText;
        if (away != null) {
            problems.add(new Problem(
                    "zabbix.servers", away, "see 'ping-agent doctor'; the values wait in zabbix.buffer.directory"));
        }
        problems.addAll(client.problems());
        problems.addAll(ownProblems());
        return problems;
    }

    /** Those that are sent to the server: whether one answers is another matter by the time it does. */
    private List<Problem> ownProblems() {
        List<Problem> problems = new ArrayList<>();
        for (Problem failed : new Problem[] {makingFailed, sendingFailed}) {
            if (failed != null) {
                problems.add(failed);
            }
        }
        problems.addAll(delivery.problems());
        if (awayText == null) {
            lists.forEach(list -> problems.addAll(list.problems()));
        }
        return problems.stream().distinct().toList();
    }

    private static Problem failed(String what, RuntimeException e) {
        return new Problem("bridge to Zabbix", what + ": " + e, "report it with the agent's log; it is tried again");
    }

    /** Values that wait for a server, or for their items. */
    public long bufferedValues() {
        return queue.values() + held.values();
    }

    /** Values that nobody will ever deliver although somebody wanted them, since the buffer's directory was made. */
    public long droppedValues() {
        return queue.dropped() + held.dropped();
    }

    /** Items that Zabbix does not have, by its own filters for example: their values are not wanted, and not counted. */
    public int givenUpItems() {
        return delivery.givenUpItems();
    }

    /** Values that a server accepted since the start. */
    public long acceptedValues() {
        return delivery.accepted();
    }

    // -- ping-zabbix --

    private void make() {
        while (!stopping) {
            try {
                if (pushes.work(System.nanoTime())) {
                    LockSupport.unpark(sender);
                }
                makingFailed = null;
            } catch (RuntimeException e) {
                if (makingFailed == null) {
                    LOG.error("values for Zabbix could not be made", e);
                }
                makingFailed = failed("values could not be made", e);
            }
            LockSupport.parkNanos(this, CYCLE_NANOS);
        }
        try {
            pushes.finish();
        } catch (RuntimeException e) {
            LOG.error("the last values for Zabbix could not be made", e);
        }
        making = false;
        LockSupport.unpark(sender);
    }

    // -- ping-zabbix-send --

    private void send() {
        sendUntilTheEnd();
        try {
            delivery.putAside();
        } catch (RuntimeException e) {
            LOG.error("values of the last batch stay where they are", e);
        }
    }

    private void sendUntilTheEnd() {
        while (!stopping || making || moreBeforeTheEnd()) {
            long nowNanos = System.nanoTime();
            long pauseNanos = IDLE_NANOS;
            try {
                sync(nowNanos);
                int sent = cycle(nowNanos);
                sendingFailed = null;
                if (sent > 0) {
                    pauseNanos = pace.pauseNanos(sent, queue.made(), System.nanoTime());
                }
            } catch (ServerUnreachableException e) {
                pauseNanos = away(e, nowNanos);
                if (stopping && !making) {
                    return;
                }
            } catch (RuntimeException e) {
                if (sendingFailed == null) {
                    LOG.error("values could not be sent to Zabbix", e);
                }
                sendingFailed = failed("values could not be sent", e);
                pauseNanos = MAX_BACKOFF_NANOS;
            }
            if (pauseNanos > 0) {
                rest(pauseNanos);
            }
        }
    }

    private boolean moreBeforeTheEnd() {
        return connected && queue.values() > 0 && System.nanoTime() - deadlineNanos < 0;
    }

    private int cycle(long nowNanos) throws ServerUnreachableException {
        if (targets.ready() && !stopping) {
            for (Discovery list : lists) {
                if (list.sendIfDue(client, nowNanos)) {
                    delivery.retrySoon(nowNanos);
                }
            }
        }
        int sent = delivery.step(nowNanos);
        if (delivery.wasAnswered()) {
            answered(nowNanos);
        }
        return sent;
    }

    private void answered(long nowNanos) {
        backoffNanos = FIRST_BACKOFF_NANOS;
        awayText = null;
        if (connected) {
            return;
        }
        connected = true;
        if (lossLogged) {
            lossLogged = false;
            LOG.info(
                    "Zabbix server {} takes values again after {} s; {} wait",
                    client.lastServer(),
                    TimeUnit.NANOSECONDS.toSeconds(nowNanos - lostAtNanos),
                    bufferedValues());
        } else {
            LOG.info("Zabbix server {} takes values", client.lastServer());
        }
    }

    private long away(ServerUnreachableException e, long nowNanos) {
        awayText = e.getMessage();
        connected = false;
        if (!lossLogged && !stopping) {
            lossLogged = true;
            lostAtNanos = nowNanos;
            LOG.warn("{}; values wait in {}", e.getMessage(), settings.buffer().directory());
        }
        long pauseNanos = backoffNanos;
        backoffNanos = Math.min(MAX_BACKOFF_NANOS, 2 * backoffNanos);
        return pauseNanos;
    }

    private void sync(long nowNanos) {
        if (!connected && nowNanos - syncedNanos >= SYNC_NANOS) {
            syncedNanos = nowNanos;
            held.sync();
            queue.sync();
            // Nothing comes to it meanwhile that would have it try a disk again that refused.
            held.append(List.of());
        }
    }

    /** New values wake the sender, but not from its pause after a failure. */
    private void rest(long nanos) {
        long untilNanos = System.nanoTime() + nanos;
        do {
            LockSupport.parkNanos(this, untilNanos - System.nanoTime());
        } while (!stopping && (nanos != IDLE_NANOS || queue.values() == 0) && System.nanoTime() - untilNanos < 0);
    }

    /** As {@link #close(Duration)} with five seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /** Sends what is there while the server takes it and the deadline allows; the rest stays in the buffer. */
    public void close(Duration deadline) {
        deadlineNanos = System.nanoTime() + deadline.toNanos();
        stopping = true;
        LockSupport.unpark(maker);
        LockSupport.unpark(sender);
        try {
            join(maker, deadline.toMillis());
            join(sender, Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
            client.close();
            join(sender, 1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            client.close();
        }
        registration.close();
        delivery.close();
        long left = bufferedValues();
        if (left > 0) {
            LOG.info(
                    "{} values for Zabbix stay in {} for the next start",
                    left,
                    settings.buffer().directory());
        }
        queue.close();
        held.close();
    }

    private static void join(Thread thread, long millis) throws InterruptedException {
        if (thread.isAlive()) {
            thread.join(Math.max(1, millis));
        }
    }
}
