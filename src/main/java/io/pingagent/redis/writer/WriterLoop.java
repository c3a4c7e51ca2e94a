package io.pingagent.redis.writer;

import io.pingagent.base.AnyThread;
import io.pingagent.base.Backoff;
import io.pingagent.base.FoldedMessages;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SayOnce;
import io.pingagent.base.Utf8;
import io.pingagent.base.Worker;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.NameTakenException;
import io.pingagent.redis.RedisConnection;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.RedisUnreachableException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The body of ping-redis: the order of the steps and the fate of the connection. Each step has a class of its own.
 *
 * <p>Over 500 lines because connecting, a cycle, a lost connection and the end share one state. That is the connection,
 * the batch, and what is still to be written.
 */
final class WriterLoop {

    private static final Logger LOG = LogManager.getLogger(WriterLoop.class);

    private static final long CYCLE_NANOS = TimeUnit.MILLISECONDS.toNanos(15);
    private static final long BUSY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MAX_TARGETS_PER_CYCLE = 20_000;

    private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Shorter than the 5 s of a start: every key has to be back 5 s after Redis is. */
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A name that may still be somebody's is asked for so often. */
    private static final long NAME_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Of the same defect. */
    private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final RedisSettings settings;
    private final RedisConnector connector;
    private final LongSupplier nanoClock;

    private final TargetPages pages;
    private final ConcurrentLinkedQueue<Removal> removals = new ConcurrentLinkedQueue<>();
    private final CommandBatch batch = new CommandBatch();
    private final ErrListWatch errListWatch;
    private final StatusStream status;
    private final StateCommands commands;
    private final ExpiryWheel wheel;
    private final StateAnswers answers;
    private final PresenceKeys ownKeys;
    private final OwedWrites owed;
    private final ServerWatch watch;
    private final NameClaim claim;
    private final WriteTroubles troubles;
    private final FoldedMessages defects = new FoldedMessages(LOG::warn, REPEAT_NANOS);
    private final Backoff backoff = new Backoff(FIRST_BACKOFF_NANOS, MAX_BACKOFF_NANOS);

    /** Made once, because a cycle makes no garbage. */
    private final IntConsumer makeRoom = this::room;

    private final BooleanSupplier isErrListLost = this::isErrListLost;

    private final AtomicLong reconnects = new AtomicLong();
    private volatile boolean connected;
    private volatile @Nullable String lastFailure;
    private volatile @Nullable String nameTaken;
    private volatile boolean closing;
    private volatile long closeDeadlineNanos;

    private StateWriter.NameEvents nameEvents = NOBODY_ASKS;

    // Of ping-redis from here on, except that abort() may break the connection.
    private volatile @Nullable RedisConnection connection;
    private boolean isNameSettled;
    private long lostAtNanos;
    private boolean everConnected;
    private final SayOnce loss = new SayOnce();

    @OwnedBy("ping-redis")
    private int nowMillis;

    private int chain = TargetPages.NONE;

    @OwnedBy("ping-redis")
    private long statusDueNanos;

    private static final StateWriter.NameEvents NOBODY_ASKS = new StateWriter.NameEvents() {
        @Override
        public void free() {}

        @Override
        public void taken(String message) {}
    };

    private record Removal(int target, IpAddress address) {}

    WriterLoop(
            RedisSettings settings,
            RedisConnector connector,
            RedisKeys keys,
            StateWriter.Source source,
            StateWriter.ErrListEdits edits,
            TargetPages pages,
            LongSupplier nanoClock) {
        this.settings = settings;
        this.connector = connector;
        this.pages = pages;
        this.nanoClock = nanoClock;
        this.troubles = new WriteTroubles(settings, keys, connector.server());
        ErrListMirror mirror = new ErrListMirror(Utf8.bytes(keys.errList()), source, edits, pages);
        this.errListWatch = new ErrListWatch(keys.errList(), mirror, troubles);
        this.status = new StatusStream(keys, source, batch, settings.statusInterval());
        this.commands = new StateCommands(settings, keys, source, pages, batch, troubles, nanoClock);
        this.wheel = commands.wheel();
        this.answers = new StateAnswers(pages, wheel, mirror, status, troubles, nanoClock);
        this.claim = new NameClaim(settings, keys, AgentOwner.thisProcess());
        this.ownKeys = new PresenceKeys(settings, keys, batch, claim);
        this.watch = new ServerWatch(claim, errListWatch, troubles, nanoClock);
        this.owed = new OwedWrites(source, pages, commands, answers);
    }

    /** Before the thread starts. */
    void nameEvents(StateWriter.NameEvents events) {
        nameEvents = events;
    }

    @AnyThread
    void removed(int target, IpAddress address) {
        removals.add(new Removal(target, address));
    }

    @AnyThread
    int waitingRemovals() {
        return removals.size();
    }

    @AnyThread
    ErrListWatch errListWatch() {
        return errListWatch;
    }

    @AnyThread
    PresenceKeys ownKeys() {
        return ownKeys;
    }

    @AnyThread
    StateAnswers answers() {
        return answers;
    }

    @AnyThread
    WriteTroubles troubles() {
        return troubles;
    }

    @AnyThread
    long reconnects() {
        return reconnects.get();
    }

    @AnyThread
    boolean connected() {
        return connected;
    }

    /** Why there is no connection; null if there is one or the first is being made. */
    @AnyThread
    @Nullable
    String lastFailure() {
        return lastFailure;
    }

    /** Which other process has, or may have, the agent's name; null if none has. */
    @AnyThread
    @Nullable
    String nameTaken() {
        return nameTaken;
    }

    /** Lets it write what is pending, and end. */
    @AnyThread
    void close(Duration deadline) {
        closeDeadlineNanos = nanoClock.getAsLong() + deadline.toNanos();
        closing = true;
    }

    /** Breaks the connection. */
    @AnyThread
    void abort() {
        RedisConnection current = connection;
        if (current != null) {
            current.abort();
        }
    }

    /**
     * One turn of the worker. At least one is taken, even if the writer is closed before its thread runs: what was
     * queued until then is written too.
     *
     * @return how long to pause, or {@link Worker#END}
     */
    @OwnedBy("ping-redis")
    long turn() {
        RedisConnection current = connection;
        long pauseNanos = 0;
        if (current == null) {
            connect();
        } else {
            pauseNanos = cycle(current) ? BUSY_PAUSE_NANOS : CYCLE_NANOS;
        }
        return closing ? Worker.END : pauseNanos;
    }

    /** The last work: writes the final state if there is a connection, and breaks it. */
    @OwnedBy("ping-redis")
    void end() {
        try {
            RedisConnection current = connection;
            if (current != null) {
                finish(current);
            }
        } catch (RuntimeException e) {
            LOG.warn("the final state was not written: {}", RedisConnector.reason(e));
        } finally {
            abort();
            connected = false;
        }
    }

    private void connect() {
        RedisConnection made =
                connector.openConnection("writer", settings.readTimeout().toMillis());
        connection = made;
        long nowNanos = nanoClock.getAsLong();
        watch.connected(new Jedis(made), nowNanos);
        ownKeys.announce(nowNanos);
        send(made);
        takeOwnerProlonged(nowNanos);
        commands.connected(nowMillis);
        boolean replaced = watch.takeDataReplaced();
        boolean removed = answers.takeAddedToAgentList();
        boolean lost = watch.takeDataLost() || removed;
        errListWatch.connected(replaced, nowNanos);
        if (everConnected) {
            if (lost && !replaced) {
                errListWatch.lost(nowNanos);
            }
            owed.all(replaced || lost);
        }
        statusDueNanos = nowNanos;
        backoff.reset();
        lastFailure = null;
        nameTaken = null;
        connected = true;
        if (everConnected) {
            reconnects.getAndIncrement();
            LOG.info(
                    "Redis at {} is back after {} s; writing the whole state again",
                    connector.server(),
                    TimeUnit.NANOSECONDS.toSeconds(nowNanos - lostAtNanos));
        } else {
            LOG.info("connected to Redis at {}", connector.server());
        }
        everConnected = true;
        loss.ends();
        nameSettled();
    }

    /** Nobody else runs under the name as far as can be known now. */
    private void nameSettled() {
        if (!isNameSettled) {
            isNameSettled = true;
            nameEvents.free();
        }
    }

    /**
     * A turn failed: the connection is given up.
     *
     * @return how long to pause before the next attempt, or {@link Worker#END}
     */
    @OwnedBy("ping-redis")
    long lost(RuntimeException failure) {
        abort();
        connection = null;
        batch.abandon(answers);
        // It was this connection's trouble; the next one has to show its own.
        answers.takeServerTrouble();
        status.stop();
        errListWatch.disconnected();
        if (connected) {
            lostAtNanos = nanoClock.getAsLong();
        }
        connected = false;
        String message = connector.explain(failure, "writing to");
        lastFailure = message;
        if (failure instanceof NameTakenException taken) {
            nameTaken(taken);
            return closing ? Worker.END : NAME_NANOS;
        }
        nameTaken = null;
        if (!(failure instanceof RedisUnreachableException || failure instanceof JedisException)) {
            defects.add(message, nanoClock.getAsLong());
            LOG.debug("writing to Redis failed", failure);
        } else if (!closing && loss.begins()) {
            LOG.warn("{}; probing continues, the state is kept in memory", message);
        }
        nameSettled();
        return closing ? Worker.END : backoff.nextNanos();
    }

    private void nameTaken(NameTakenException failure) {
        String message = String.valueOf(failure.getMessage());
        if (!message.equals(nameTaken)) {
            nameTaken = message;
            LOG.warn(message);
        }
        if (failure.certain() && !claim.everOurs()) {
            nameEvents.taken(message);
        }
    }

    /** One round of everything; true if there is more to do at once. */
    private boolean cycle(RedisConnection to) {
        long nowNanos = nanoClock.getAsLong();
        nowMillis = TargetPages.millis(nowNanos);
        boolean more = writeQueued(to);
        wheel.advance(nowMillis);
        while (wheel.hasDue()) {
            room(to);
            commands.checkExpiry(wheel.takeDue());
        }
        more |= owed.step(makeRoom, nowMillis, nowNanos);
        writeOwnKeys(to);
        send(to);
        takeOwnerProlonged(nowNanos);
        boolean removed = answers.takeAddedToAgentList();
        boolean lost = watch.takeDataLost() || removed;
        if (watch.takeDataReplaced()) {
            dataLost(true, nowNanos);
        } else if (lost) {
            dataLost(false, nowNanos);
        }
        more |= writeStatus(to, nowNanos);
        if (owed.isDone()) {
            more |= errListWatch.step(to, isErrListLost, nowNanos);
        }
        if (watch.isDue(nowNanos)) {
            watch.look(new Jedis(to), nowNanos);
        }
        return more;
    }

    /** @param sinceNanos before its TTL was set */
    private void takeOwnerProlonged(long sinceNanos) {
        if (answers.takeOwnerProlonged()) {
            claim.prolonged(sinceNanos);
        }
    }

    private void writeOwnKeys(RedisConnection to) {
        long nowNanos = nanoClock.getAsLong();
        if (!ownKeys.due(nowNanos)) {
            return;
        }
        long ttlNanos = settings.onlineTtl().toNanos();
        if (nowNanos - ownKeys.onlineDueNanos() > ttlNanos - ttlNanos / 3) {
            troubles.onlineLapsed(nowNanos);
        }
        if (!batch.hasRoom(PresenceKeys.MOST_COMMANDS)) {
            send(to);
        }
        ownKeys.writeDue(nowNanos);
    }

    /** @param isReplaced whether there are other data instead, so that memory is right about the err list */
    private void dataLost(boolean isReplaced, long nowNanos) {
        LOG.warn("Redis at {} has lost keys of this agent; writing the whole state again", connector.server());
        if (isReplaced) {
            errListWatch.connected(true, nowNanos);
        } else {
            errListWatch.lost(nowNanos);
        }
        ownKeys.announce(nowNanos);
        owed.all(true);
        statusDueNanos = nowNanos;
    }

    /**
     * Takes the queue before the removals: a target that is queued because its address came back after a removal is
     * then written after that removal.
     */
    private boolean writeQueued(RedisConnection to) {
        if (chain == TargetPages.NONE) {
            chain = pages.takeAll();
        }
        // Room first, as making it may fail: what is taken by then would be lost.
        while (!removals.isEmpty() || answers.hasLostRemovals()) {
            room(to);
            Removal removal = removals.poll();
            IpAddress lost = removal == null ? answers.takeLostRemoval() : null;
            if (removal != null) {
                wheel.cancel(removal.target);
                commands.remove(removal.address);
            } else if (lost != null) {
                commands.remove(lost);
            }
        }
        for (int done = 0; chain != TargetPages.NONE && done < MAX_TARGETS_PER_CYCLE; done++) {
            room(to);
            int target = chain;
            chain = pages.takeNext(target);
            commands.write(target, nowMillis);
        }
        return chain != TargetPages.NONE;
    }

    private boolean writeStatus(RedisConnection to, long nowNanos) {
        if (!status.active()) {
            if (nowNanos - statusDueNanos < 0) {
                return false;
            }
            statusDueNanos += settings.statusInterval().toNanos();
            if (nowNanos - statusDueNanos >= 0) {
                statusDueNanos = nowNanos + settings.statusInterval().toNanos();
            }
            status.start();
        }
        status.step();
        send(to);
        return status.active();
    }

    private void finish(RedisConnection to) {
        watch.prolongName(new Jedis(to), nanoClock.getAsLong());
        nowMillis = TargetPages.millis(nanoClock.getAsLong());
        while (writeQueued(to) && nanoClock.getAsLong() - closeDeadlineNanos < 0) {
            send(to);
        }
        send(to);
        status.start();
        while (status.active() && nanoClock.getAsLong() - closeDeadlineNanos < 0) {
            status.step();
            send(to);
        }
        watch.prolongName(new Jedis(to), nanoClock.getAsLong());
        ownKeys.withdraw(nanoClock.getAsLong());
        send(to);
    }

    /** Makes room in the batch for one more target. */
    private void room(RedisConnection to) {
        room(to, StateCommands.MAX_COMMANDS_PER_TARGET);
    }

    private void room(RedisConnection to, int commandsToAdd) {
        if (!batch.hasRoom(commandsToAdd)) {
            send(to);
            // A slow Redis must not let them lapse while a hundred thousand targets are written.
            writeOwnKeys(to);
        }
    }

    private void send(RedisConnection to) {
        if (!batch.isEmpty()) {
            long startNanos = nanoClock.getAsLong();
            batch.send(to, answers);
            long endNanos = nanoClock.getAsLong();
            batch.adapt(endNanos - startNanos);
            troubles.answered(endNanos - startNanos, endNanos);
        }
        // Redis may have been slow: the remaining TTLs of what comes next count from now.
        nowMillis = TargetPages.millis(nanoClock.getAsLong());
        String trouble = answers.takeServerTrouble();
        if (trouble != null) {
            throw new JedisDataException(trouble);
        }
    }

    /** For those that have no connection at hand. */
    private void room(int commandsToAdd) {
        RedisConnection current = connection;
        if (current != null) {
            room(current, commandsToAdd);
        }
    }

    private boolean isErrListLost() {
        RedisConnection current = connection;
        return current != null && watch.isErrListLost(new Jedis(current), nanoClock.getAsLong());
    }
}
