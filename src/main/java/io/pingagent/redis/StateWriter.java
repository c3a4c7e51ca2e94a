package io.pingagent.redis;

import io.pingagent.model.IpAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Writes the state of all targets to Redis: last-ms, err list, status string, the agent's own keys.
 *
 * <p>Any thread tells what changed; that sets a flag of the target and queues its id, without waiting and, once a target
 * is known, without garbage. The thread ping-redis owns the connection: every few milliseconds it takes what is queued,
 * reads the newest values from the {@link Source} and sends them in batches. So a slow Redis only makes several changes of
 * one target become one write ("coalesced"), and memory never grows with its slowness. While Redis is away nothing is
 * lost either: the state is in memory, and the whole of it is written again after a reconnect.
 *
 * <p>A little longer than other classes: what is here is the order of the steps and the fate of the connection, each step
 * has a class of its own.
 */
public final class StateWriter implements AutoCloseable {

    /** The engine's table of targets. Ids run from 0 to {@link #targetLimit()} - 1; read on ping-redis. */
    public interface Source {

        int targetLimit();

        /** Whether the id stands for an address now; false before {@link StateWriter#removed} is called. */
        boolean live(int targetId);

        IpAddress address(int targetId);

        /** The last RTT, negative if there is none. */
        long lastRttNanos(int targetId);

        int ttlMillis(int targetId);

        /** Time since the last reply came; not negative, and only meaningful if there was one. */
        int silentMillis(int targetId);

        /** Settled probes of the last 60 s. */
        int sendCount(int targetId);

        /** Answered probes among {@link #sendCount}. */
        int returnCount(int targetId);

        boolean inErrList(int targetId);
    }

    /** Changes of the err list that somebody else made; called on ping-redis, must not wait. */
    public interface ErrListEdits {

        /** A live target is in the set and the agent did not put it there: by hand, or by an earlier run. */
        void addedByHand(IpAddress address);

        void removedByHand(IpAddress address);
    }

    private static final Logger LOG = LogManager.getLogger(StateWriter.class);

    private static final long CYCLE_NANOS = TimeUnit.MILLISECONDS.toNanos(15);
    private static final long BUSY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MAX_TARGETS_PER_CYCLE = 20_000;
    private static final int REWRITTEN_PER_CYCLE = 5_000;
    /** Instead of the next target to be rewritten: all are. */
    private static final int REWRITTEN = Integer.MAX_VALUE;

    /** Shorter than the 5 s of a start: every key has to be back 5 s after Redis is. */
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final RedisSettings settings;
    private final RedisConnector connector;
    private final Source source;
    private final LongSupplier nanoClock;
    private final Thread thread;

    private final TargetPages pages = new TargetPages();
    private final ConcurrentLinkedQueue<Removal> removals = new ConcurrentLinkedQueue<>();
    private final CommandBatch batch = new CommandBatch();
    private final ErrListWatch errListWatch;
    private final StatusStream status;
    private final StateCommands commands;
    private final OwnKeys ownKeys;
    private final RepeatedErrors errors = new RepeatedErrors(LOG);
    private final Backoff backoff = new Backoff(MAX_BACKOFF_NANOS);

    private final AtomicLong coalesced = new AtomicLong();
    private final AtomicLong reconnects = new AtomicLong();
    private volatile boolean connected;
    private volatile @Nullable String lastFailure;
    private volatile boolean closing;
    private volatile long closeDeadlineNanos;

    // Owned by ping-redis from here on, except that close() may break the connection.
    private volatile @Nullable RedisConnection connection;
    private String serverRun = "";
    private long lostAtNanos;
    private boolean everConnected;
    private boolean lossLogged;
    private int nowMillis;
    private int chain = TargetPages.NONE;
    private int rewriteNext = REWRITTEN;
    private boolean rewriteErrList;
    private long statusDueNanos;

    private record Removal(int target, IpAddress address) {}

    public StateWriter(
            RedisSettings settings, RedisConnector connector, RedisKeys keys, Source source, ErrListEdits edits) {
        this(settings, connector, keys, source, edits, System::nanoTime);
    }

    StateWriter(
            RedisSettings settings,
            RedisConnector connector,
            RedisKeys keys,
            Source source,
            ErrListEdits edits,
            LongSupplier nanoClock) {
        this.settings = settings;
        this.connector = connector;
        this.source = source;
        this.nanoClock = nanoClock;
        ErrListMirror mirror = new ErrListMirror(keys.errList().getBytes(StandardCharsets.UTF_8), source, edits);
        this.errListWatch = new ErrListWatch(keys.errList(), mirror);
        this.status = new StatusStream(keys, source, batch, settings.statusInterval());
        this.commands = new StateCommands(settings, keys, source, pages, batch, mirror, status, nanoClock);
        this.ownKeys = new OwnKeys(settings, keys, batch);
        this.thread = new Thread(this::run, "ping-redis");
        this.thread.setDaemon(true);
    }

    /** Starts ping-redis, which waits for Redis if need be. Once only. */
    public void start() {
        thread.start();
    }

    // -- any thread: never wait --

    /** The target answered; the last-ms key is to say its last RTT. */
    public void replied(int targetId) {
        if ((pages.mark(targetId, TargetPages.VALUE) & TargetPages.VALUE) != 0) {
            coalesced.getAndIncrement();
        }
    }

    /**
     * The target's TTL is another now: its key is written again with what is left of the new one, or it would expire by the
     * old one although the target answers as often as its job asks.
     */
    public void ttlChanged(int targetId) {
        pages.mark(targetId, TargetPages.VALUE);
    }

    /** The target came on the err list or left it. */
    public void errListChanged(int targetId) {
        pages.mark(targetId, TargetPages.ERR_LIST);
    }

    /**
     * A probe of the target was lost. Redis deletes expired keys lazily, so the key is asked for right after its TTL,
     * which makes the expired event come at once; again and again while somebody else prolongs it, until it is gone or
     * the target answers. May be called for every loss.
     */
    public void silent(int targetId) {
        pages.mark(targetId, TargetPages.SILENT);
    }

    /**
     * No job names the address any more: its keys are deleted and it leaves the err list. To be called after the source
     * has stopped to call the id live, and before the id is used again.
     */
    public void removed(int targetId, IpAddress address) {
        pages.forget(targetId);
        removals.add(new Removal(targetId, address));
    }

    /**
     * Reads the err list that Redis holds and reports its members as added; to be called once, when the targets of the
     * catalogue are live. From then on edits by hand are looked for, and members that are no target removed.
     */
    public void restoreErrList() {
        errListWatch.enable();
    }

    /** Somebody changed the set of the err list, perhaps this agent itself: look soon. */
    public void errListEdited() {
        errListWatch.edited();
    }

    /**
     * @param json makes the value of {@code agent-stats_$agent}, one JSON object of less than 32 KiB; called on
     *     ping-redis every {@code redis.status-interval}
     */
    public void stats(Supplier<String> json) {
        ownKeys.stats(json);
    }

    /** Values of last-ms that Redis acknowledged. */
    public long written() {
        return commands.written();
    }

    /** Values that a newer one replaced before they were written. */
    public long coalesced() {
        return coalesced.get();
    }

    /** Times the connection was made again after a loss. */
    public long reconnects() {
        return reconnects.get();
    }

    public boolean connected() {
        return connected;
    }

    /** Why Redis is away, or what it refused last; null if nothing ever went wrong. */
    public @Nullable String lastError() {
        String failure = lastFailure;
        return failure != null ? failure : commands.lastError();
    }

    /** Targets with something to write. */
    public int pending() {
        return pages.queued() + removals.size();
    }

    /** As {@link #close(Duration)} with five seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /**
     * Writes what is pending and the final status, deletes {@code agent-online}, and ends ping-redis. Does not wait for a
     * Redis that is away.
     */
    public void close(Duration deadline) {
        closeDeadlineNanos = nanoClock.getAsLong() + deadline.toNanos();
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.isAlive()) {
                return;
            }
            thread.join(Math.max(1, deadline.toMillis()));
            if (thread.isAlive()) {
                RedisConnection current = connection;
                if (current != null) {
                    current.abort();
                }
                thread.join(1_000);
                LOG.warn("Redis at {} was too slow to take the final state", connector.server());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // -- ping-redis --

    private void run() {
        lostAtNanos = nanoClock.getAsLong();
        // Once at least: what was told to a writer that is closed before its thread ran is written too.
        do {
            try {
                RedisConnection current = connection;
                if (current == null) {
                    connect();
                } else {
                    LockSupport.parkNanos(this, cycle(current) ? BUSY_PAUSE_NANOS : CYCLE_NANOS);
                }
            } catch (RuntimeException e) {
                lost(e);
            }
        } while (!closing);
        try {
            RedisConnection current = connection;
            if (current != null) {
                finish(current);
            }
        } catch (RuntimeException e) {
            LOG.warn("the final state was not written: {}", RedisConnector.reason(e));
        } finally {
            RedisConnection current = connection;
            if (current != null) {
                current.abort();
            }
            connected = false;
        }
    }

    private void connect() {
        RedisConnection made =
                connector.openConnection("writer", settings.readTimeout().toMillis());
        connection = made;
        String run = serverRun(made);
        long nowNanos = nanoClock.getAsLong();
        ownKeys.announce(nowNanos);
        send(made);
        boolean otherServer = run.isEmpty() || !run.equals(serverRun);
        errListWatch.connected(otherServer, nowNanos);
        serverRun = run;
        if (everConnected) {
            rewriteNext = 0;
            rewriteErrList |= otherServer;
        }
        statusDueNanos = nowNanos;
        backoff.reset();
        lastFailure = null;
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
        lossLogged = false;
    }

    /** Tells one start of a server from the next; empty if it does not say. */
    private static String serverRun(RedisConnection connection) {
        try {
            return RedisConnector.serverRun(new Jedis(connection));
        } catch (JedisDataException e) {
            if (StateCommands.refusesEverything(String.valueOf(e.getMessage()))) {
                throw e;
            }
            return "";
        }
    }

    private void lost(RuntimeException failure) {
        RedisConnection current = connection;
        connection = null;
        if (current != null) {
            current.abort();
        }
        batch.abandon(commands);
        status.stop();
        errListWatch.disconnected();
        if (connected) {
            lostAtNanos = nanoClock.getAsLong();
        }
        connected = false;
        String message = connector.explain(failure, "writing to");
        lastFailure = message;
        if (!(failure instanceof RedisAwayException || failure instanceof JedisException)) {
            errors.report(message, nanoClock.getAsLong());
            LOG.debug("writing to Redis failed", failure);
        } else if (!lossLogged && !closing) {
            lossLogged = true;
            LOG.warn("{}; probing goes on, the state is kept in memory", message);
        }
        if (!closing) {
            LockSupport.parkNanos(this, backoff.nextNanos());
        }
    }

    /** One round of everything; true if there is more to do at once. */
    private boolean cycle(RedisConnection to) {
        long nowNanos = nanoClock.getAsLong();
        nowMillis = TargetPages.millis(nowNanos);
        boolean more = writeQueued(to);
        commands.wheel().advance(nowMillis);
        while (commands.wheel().hasDue()) {
            room(to);
            commands.touch(commands.wheel().takeDue());
        }
        more |= rewrite(to);
        send(to);
        if (ownKeys.due(nowNanos)) {
            ownKeys.writeDue(nowNanos);
            send(to);
        }
        more |= writeStatus(to, nowNanos);
        if (rewriteNext == REWRITTEN) {
            more |= errListWatch.step(to, nowNanos);
        }
        return more;
    }

    /**
     * Takes the queue before the removals: a target that is queued because its address came back after a removal is then
     * written after that removal.
     */
    private boolean writeQueued(RedisConnection to) {
        if (chain == TargetPages.NONE) {
            chain = pages.takeAll();
        }
        while (!removals.isEmpty() || commands.hasLostRemovals()) {
            room(to);
            Removal removal = removals.poll();
            if (removal == null) {
                commands.removeLost();
            } else {
                commands.wheel().cancel(removal.target);
                commands.remove(removal.address);
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

    private boolean rewrite(RedisConnection to) {
        int limit = source.targetLimit();
        if (rewriteNext == REWRITTEN) {
            return false;
        }
        int end = Math.min(limit, rewriteNext + REWRITTEN_PER_CYCLE);
        for (; rewriteNext < end; rewriteNext++) {
            room(to);
            commands.rewrite(rewriteNext, rewriteErrList, nowMillis);
        }
        if (end < limit) {
            return true;
        }
        rewriteNext = REWRITTEN;
        rewriteErrList = false;
        return false;
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
        ownKeys.withdraw(nanoClock.getAsLong());
        send(to);
    }

    /** Makes room in the batch for one more target. */
    private void room(RedisConnection to) {
        if (!batch.hasRoom(StateCommands.MAX_COMMANDS_PER_TARGET)) {
            send(to);
        }
    }

    private void send(RedisConnection to) {
        batch.send(to, commands);
        // Redis may have been slow: the remaining TTLs of what comes next count from now.
        nowMillis = TargetPages.millis(nanoClock.getAsLong());
        String trouble = commands.takeServerTrouble();
        if (trouble != null) {
            throw new JedisDataException(trouble);
        }
    }
}
