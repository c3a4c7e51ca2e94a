package io.pingagent.zabbix;

import io.pingagent.base.AnyThread;
import io.pingagent.base.Backoff;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SayOnce;
import io.pingagent.base.Worker;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.Problem;
import io.pingagent.zabbix.delivery.BacklogLimiter;
import io.pingagent.zabbix.delivery.Delivery;
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
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Everything on its way from the engine to Zabbix. Two threads, so that measuring continues while a server is slow:
 *
 * <ul>
 *   <li>{@code ping-zabbix} makes values and puts them into the buffer.
 *   <li>{@code ping-zabbix-send} takes them out, with few connections at a time.
 * </ul>
 *
 * <p>All values go through the one buffer in the order of their making, so that old ones are always before new ones.
 */
public final class ZabbixBridge implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(ZabbixBridge.class);

    private static final long CYCLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long AFTER_DEFECT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** For an exchange that ends because the connections are closed. */
    private static final Duration LAST_EXCHANGE = Duration.ofSeconds(1);

    /**
     * The clocks, which tests replace.
     *
     * @param wallNanos Unix nanoseconds
     * @param nanoClock monotonic, in nanoseconds
     */
    record Clocks(LongSupplier wallNanos, LongSupplier nanoClock) {}

    private final BridgeSettings settings;
    private final BridgedTargets targets;
    private final LongSupplier nanoClock;
    private final QueueAndHeld buffers;
    private final SenderClient client;
    private final Delivery delivery;
    private final BacklogLimiter pace;
    private final ValueCollector collector;
    private final PushWorker pushes;
    private final Registration registration;
    private final List<Discovery> lists = new ArrayList<>();
    private final AtomicLong errListVersion = new AtomicLong();
    private final Worker maker = Worker.named("ping-zabbix")
            .onFailure(this::makingFailed)
            .lastly(this::endMaking)
            .work(this::make);
    private final Worker sender = Worker.named("ping-zabbix-send")
            .endsItself()
            .onFailure(this::sendingFailed)
            .lastly(this::endSending)
            .work(this::send);

    private volatile boolean making = true;
    private volatile long deadlineNanos;
    private volatile @Nullable String unreachableText;
    private volatile @Nullable Problem makingProblem;
    private volatile @Nullable Problem sendingProblem;
    private volatile boolean connected;

    @OwnedBy("ping-zabbix-send")
    private final Backoff backoff = new Backoff(FIRST_RETRY_NANOS, MAX_RETRY_NANOS);

    @OwnedBy("ping-zabbix-send")
    private final SayOnce loss = new SayOnce();

    @OwnedBy("ping-zabbix-send")
    private long lostAtNanos;

    @OwnedBy("ping-zabbix-send")
    private long syncedNanos;

    /** When the next packet may go out, after a failure or for the sake of the server. */
    @OwnedBy("ping-zabbix-send")
    private long notBeforeNanos;

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
                new Clocks(wallNanos, System::nanoTime),
                Transports.create(settings.access().tls(), SocketTransport.Limits.DEFAULT));
    }

    ZabbixBridge(
            BridgeSettings settings, BridgedTargets targets, AgentFacts facts, Clocks clocks, SenderTransport transport)
            throws IOException {
        LongSupplier wallNanos = clocks.wallNanos();
        this.settings = settings;
        this.targets = targets;
        this.nanoClock = clocks.nanoClock();
        this.notBeforeNanos = nanoClock.getAsLong();
        this.syncedNanos = notBeforeNanos;
        this.buffers = QueueAndHeld.open(settings, wallNanos);
        this.client = SenderClient.of(
                settings.access().servers(),
                transport,
                wallNanos,
                new AgentOwnValues(settings.host().name(), facts::version, wallNanos));
        this.delivery = new Delivery(client, buffers.queue(), buffers.held(), new BridgedItems(this::isLeft));
        this.pace = new BacklogLimiter(settings.buffer().drainPerSecond());
        this.collector =
                new ValueCollector(settings.thresholds(), settings.values().items(), targets::onErrList);
        this.pushes = new PushWorker(settings, targets, facts, this::ownProblems, collector, buffers, wallNanos);
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
    }

    /** Whether an imported host takes no values any more: it was deleted, or its address has gone. */
    private boolean isLeft(String host) {
        return !host.equals(settings.host().name()) && !ZabbixKeys.isAddressHost(host) && !targets.mayTakeValues(host);
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
     * @param hopLimit TTL or hop limit of the reply, -1 if unknown
     */
    public void replied(int targetId, long rttNanos, long wallNanos, int hopLimit) {
        collector.replied(targetId, rttNanos, wallNanos, hopLimit);
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
     * The agent is cut off from its network, or no longer. Meanwhile nobody's status changes, and nobody's losses are
     * sent.
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

    /** A target came on the err list or left it. */
    @AnyThread
    public void errListChanged() {
        errListVersion.getAndIncrement();
    }

    // -- any thread --

    /**
     * The path of a target that went down, for {@code ping.path}.
     *
     * @param ip the text form of its address
     * @param wallNanos Unix nanoseconds
     */
    public void path(int targetId, String ip, String text, long wallNanos) {
        pushes.paths().put(targetId, ip, text, wallNanos);
    }

    /** Whether the last packet was answered, by a server that takes values of the agent's host. */
    public boolean connected() {
        return connected && client.isConnected();
    }

    /** The most important problem of the bridge, or null if there is none. */
    public @Nullable String lastError() {
        String unreachable = unreachableText;
        if (unreachable != null) {
            return unreachable;
        }
        return problems().stream().map(Problem::what).findFirst().orElse(null);
    }

    /** What the user has to fix, the most important first. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        String unreachable = unreachableText;
        if (unreachable != null) {
            problems.add(new Problem(
                    "zabbix.servers",
                    unreachable,
                    "see 'ping-agent doctor'; the values wait in zabbix.buffer.directory"));
        }
        problems.addAll(client.problems());
        problems.addAll(ownProblems());
        return problems;
    }

    /** Those that are sent to the server: whether one answers is another matter by the time it does. */
    private List<Problem> ownProblems() {
        List<Problem> problems = new ArrayList<>();
        for (Problem failed : new Problem[] {makingProblem, sendingProblem}) {
            if (failed != null) {
                problems.add(failed);
            }
        }
        problems.addAll(delivery.problems());
        problems.addAll(pushes.paths().problems());
        if (unreachableText == null) {
            lists.forEach(list -> problems.addAll(list.problems()));
        }
        return problems.stream().distinct().toList();
    }

    private static Problem problem(String what, RuntimeException e) {
        return new Problem("bridge to Zabbix", what + ": " + e, "report it with the agent's log; it is tried again");
    }

    /** Values that wait for a server, or for their items. */
    public long bufferedValues() {
        return buffers.values();
    }

    /** Values that nobody will ever deliver although somebody wanted them, since the buffer's directory was made. */
    public long droppedValues() {
        return buffers.dropped();
    }

    /**
     * Items that Zabbix does not have, by its own filters for example: their values are not wanted, and not counted.
     */
    public int givenUpItems() {
        return delivery.givenUpItems();
    }

    /** Values that a server accepted since the start. */
    public long acceptedValues() {
        return delivery.accepted();
    }

    // -- ping-zabbix --

    /** @return the pause before the next turn, in nanoseconds */
    @OwnedBy("ping-zabbix")
    long make() {
        if (pushes.work(nanoClock.getAsLong())) {
            sender.wake();
        }
        makingProblem = null;
        return CYCLE_NANOS;
    }

    @OwnedBy("ping-zabbix")
    private long makingFailed(RuntimeException e) {
        if (makingProblem == null) {
            LOG.error("values for Zabbix could not be made", e);
        }
        makingProblem = problem("values could not be made", e);
        return CYCLE_NANOS;
    }

    @OwnedBy("ping-zabbix")
    private void endMaking() {
        try {
            pushes.finish();
        } catch (RuntimeException e) {
            LOG.error("the last values for Zabbix could not be made", e);
        }
        making = false;
        sender.wake();
    }

    // -- ping-zabbix-send --

    /** @return the pause before the next turn, in nanoseconds, or {@link Worker#END} */
    @OwnedBy("ping-zabbix-send")
    long send() {
        if (isDrainOnly() && !moreBeforeTheEnd()) {
            return Worker.END;
        }
        long nowNanos = nanoClock.getAsLong();
        if (nowNanos - notBeforeNanos < 0 && !sender.isStopping()) {
            // New values end the pause of an idle sender, but not this one.
            return notBeforeNanos - nowNanos;
        }
        sync(nowNanos);
        try {
            int sent = cycle(nowNanos);
            sendingProblem = null;
            return sent == 0
                    ? IDLE_NANOS
                    : pause(pace.pauseNanos(sent, buffers.queue().made(), nanoClock.getAsLong()));
        } catch (ServerUnreachableException e) {
            long pauseNanos = unreachable(e, nowNanos);
            return isDrainOnly() ? Worker.END : pause(pauseNanos);
        }
    }

    @OwnedBy("ping-zabbix-send")
    private long sendingFailed(RuntimeException e) {
        if (sendingProblem == null) {
            LOG.error("values could not be sent to Zabbix", e);
        }
        sendingProblem = problem("values could not be sent", e);
        return pause(AFTER_DEFECT_NANOS);
    }

    @OwnedBy("ping-zabbix-send")
    private long pause(long nanos) {
        notBeforeNanos = nanoClock.getAsLong() + nanos;
        return nanos;
    }

    @OwnedBy("ping-zabbix-send")
    private void endSending() {
        try {
            delivery.putAside();
        } catch (RuntimeException e) {
            LOG.error("values of the last batch stay where they are", e);
        }
    }

    /** The bridge stops, and no more values are made. */
    @OwnedBy("ping-zabbix-send")
    private boolean isDrainOnly() {
        return sender.isStopping() && !making;
    }

    @OwnedBy("ping-zabbix-send")
    private boolean moreBeforeTheEnd() {
        return connected && buffers.queue().values() > 0 && nanoClock.getAsLong() - deadlineNanos < 0;
    }

    @OwnedBy("ping-zabbix-send")
    private int cycle(long nowNanos) throws ServerUnreachableException {
        if (targets.ready() && !sender.isStopping()) {
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

    @OwnedBy("ping-zabbix-send")
    private void answered(long nowNanos) {
        backoff.reset();
        unreachableText = null;
        if (connected) {
            return;
        }
        connected = true;
        if (loss.ends()) {
            LOG.info(
                    "Zabbix server {} takes values again after {} s; {} wait",
                    client.lastServer(),
                    TimeUnit.NANOSECONDS.toSeconds(nowNanos - lostAtNanos),
                    bufferedValues());
        } else {
            LOG.info("Zabbix server {} takes values", client.lastServer());
        }
    }

    @OwnedBy("ping-zabbix-send")
    private long unreachable(ServerUnreachableException e, long nowNanos) {
        unreachableText = e.getMessage();
        connected = false;
        if (!sender.isStopping() && loss.begins()) {
            lostAtNanos = nowNanos;
            LOG.warn("{}; values wait in {}", e.getMessage(), settings.buffer().directory());
        }
        return backoff.nextNanos();
    }

    @OwnedBy("ping-zabbix-send")
    private void sync(long nowNanos) {
        if (!connected && nowNanos - syncedNanos >= SYNC_NANOS) {
            syncedNanos = nowNanos;
            buffers.held().sync();
            buffers.queue().sync();
            // Nothing comes to it meanwhile that would have it try a disk again that refused.
            buffers.held().append(List.of());
        }
    }

    /** As {@link #close(Duration)} with five seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /** Sends what is there while the server takes it and the deadline allows; the rest stays in the buffer. */
    public void close(Duration deadline) {
        deadlineNanos = nanoClock.getAsLong() + deadline.toNanos();
        maker.stop();
        sender.stop();
        maker.join(deadline);
        sender.join(Duration.ofNanos(deadlineNanos - nanoClock.getAsLong()));
        client.close();
        sender.join(LAST_EXCHANGE);
        registration.close();
        delivery.close();
        long left = bufferedValues();
        if (left > 0) {
            LOG.info(
                    "{} values for Zabbix stay in {} for the next start",
                    left,
                    settings.buffer().directory());
        }
        buffers.close();
    }
}
