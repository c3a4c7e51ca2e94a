package io.pingagent.redis.writer;

import io.pingagent.base.AnyThread;
import io.pingagent.base.Worker;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes the state of all targets to Redis: last-ms, err list, status string, the agent's own keys. The loop is
 * {@link WriterLoop}; {@link StateCommands} makes the commands, with the TTL of each key; {@link StateFormat} the values.
 *
 * <p>Any thread reports what changed. That sets a flag of the target and queues its id, without waiting and, once a
 * target is known, without garbage. The thread ping-redis owns the connection. Every few milliseconds it takes what is
 * queued, reads the newest values from the {@link Source} and sends them in batches.
 *
 * <p>A slow Redis only makes several changes of one target become one write ("coalesced"); memory never grows with its
 * slowness. While Redis is unreachable nothing is lost: the state is in memory, and all of it is written after a
 * reconnect.
 */
public final class StateWriter implements AutoCloseable {

    /** The engine's table of targets. Ids run from 0 to {@link #targetLimit()} - 1; read on ping-redis. */
    public interface Source {

        int targetLimit();

        /** Whether the id stands for an address now; false before {@link StateWriter#removed} is called. */
        boolean live(int targetId);

        IpAddress address(int targetId);

        /** The id of an address, negative if there is none. */
        int targetId(IpAddress address);

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

    /** Whether this process may run under its agent's name; called on ping-redis, must not wait. */
    public interface NameEvents {

        /** The name is this process's, or unknown because Redis is unreachable or refuses. Once. */
        void free();

        /** @param message one line: which other process runs under the name, and what to do */
        void taken(String message);
    }

    private static final Logger LOG = LogManager.getLogger(StateWriter.class);

    private static final Duration ABORT_PATIENCE = Duration.ofSeconds(1);

    private final RedisConnector connector;
    private final LongSupplier nanoClock;
    private final Worker worker;
    private final TargetPages pages = new TargetPages();
    private final WriterLoop loop;

    private final AtomicLong coalesced = new AtomicLong();

    public StateWriter(
            RedisSettings settings, RedisConnector connector, RedisKeys keys, Source source, ErrListEdits edits) {
        this.connector = connector;
        this.nanoClock = System::nanoTime;
        this.loop = new WriterLoop(settings, connector, keys, source, edits, pages, nanoClock);
        this.worker = Worker.named("ping-redis")
                .endsItself()
                .onFailure(loop::lost)
                .lastly(loop::end)
                .work(loop::turn);
    }

    /** Starts ping-redis, which waits for Redis if need be. Once only. */
    public void start() {
        worker.start();
    }

    /**
     * As {@link #start()}.
     *
     * @param events hear whether this process may run under its agent's name
     */
    public void start(NameEvents events) {
        loop.nameEvents(events);
        worker.start();
    }

    /** The target answered; the last-ms key is to say its last RTT. */
    @AnyThread
    public void replied(int targetId) {
        if ((pages.mark(targetId, TargetPages.VALUE) & TargetPages.VALUE) != 0) {
            coalesced.getAndIncrement();
        }
    }

    /**
     * The target's TTL has changed: its key is written again with what is left of the new one. By the old one it might
     * expire although the target answers as often as its job asks.
     */
    @AnyThread
    public void ttlChanged(int targetId) {
        pages.mark(targetId, TargetPages.VALUE);
    }

    /** The target came on the err list or left it. */
    @AnyThread
    public void errListChanged(int targetId) {
        pages.mark(targetId, TargetPages.ERR_LIST);
    }

    /**
     * A probe of the target was lost. Redis deletes expired keys lazily. So the key is asked for right after its TTL,
     * which makes the expired event come at once. While somebody else prolongs the key, it is asked for again, until it
     * is gone or the target answers. May be called for every loss.
     */
    @AnyThread
    public void probeLost(int targetId) {
        pages.mark(targetId, TargetPages.PROBE_LOST);
    }

    /**
     * No job names the address any more: its keys are deleted and it leaves the err list. To be called after the source
     * has stopped to call the id live, and before the id is used again.
     */
    @AnyThread
    public void removed(int targetId, IpAddress address) {
        pages.forget(targetId);
        loop.removed(targetId, address);
    }

    /**
     * Reads the err list that Redis holds and reports its members as added; to be called once, when the targets of the
     * catalogue are live. From then on edits by hand are looked for, and members that are no target removed.
     */
    @AnyThread
    public void restoreErrList() {
        loop.errListWatch().enable();
    }

    /** Somebody changed the set of the err list, perhaps this agent itself: look soon. */
    @AnyThread
    public void errListEdited() {
        loop.errListWatch().edited();
    }

    /**
     * @param json makes the value of {@code agent-stats_$agent}, one JSON object of less than 32 KiB; called on
     *     ping-redis every {@code redis.status-interval}
     */
    @AnyThread
    public void stats(Supplier<String> json) {
        loop.ownKeys().stats(json);
    }

    /** Values of last-ms that Redis acknowledged. */
    @AnyThread
    public long written() {
        return loop.answers().written();
    }

    /** Values that a newer one replaced before they were written. */
    @AnyThread
    public long coalesced() {
        return coalesced.get();
    }

    /** Times the connection was made again after a loss. */
    @AnyThread
    public long reconnects() {
        return loop.reconnects();
    }

    @AnyThread
    public boolean connected() {
        return loop.connected();
    }

    /** Why Redis is unreachable, or what it refused last; null if nothing ever went wrong. */
    @AnyThread
    public @Nullable String lastError() {
        String failure = loop.lastFailure();
        return failure != null ? failure : loop.answers().lastError();
    }

    /** What of the agent's own keys is refused, lapses or is another process's, and how many times that happened. */
    @AnyThread
    public Map<Problem, Long> problems() {
        Map<Problem, Long> problems = loop.troubles().present(nanoClock.getAsLong());
        String taken = loop.nameTaken();
        if (taken != null) {
            problems.put(connector.problem(taken), 1L);
        }
        return problems;
    }

    /** Why there is no connection now; null while there is one, or the first is being made. */
    @AnyThread
    public @Nullable Problem connectionProblem() {
        String failure = loop.lastFailure();
        return loop.connected() || failure == null || loop.nameTaken() != null ? null : connector.problem(failure);
    }

    /** Targets with something to write. */
    @AnyThread
    public int pending() {
        return pages.queued() + loop.waitingRemovals();
    }

    /** As {@link #close(Duration)} with five seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /**
     * Writes what is pending and the final status, deletes {@code agent-online}, and ends ping-redis. Does not wait for
     * a Redis that is unreachable.
     */
    public void close(Duration deadline) {
        loop.close(deadline);
        worker.stop();
        if (!worker.join(deadline) && !Thread.currentThread().isInterrupted()) {
            loop.abort();
            worker.join(ABORT_PATIENCE);
            LOG.warn("Redis at {} was too slow to take the final state", connector.server());
        }
    }
}
