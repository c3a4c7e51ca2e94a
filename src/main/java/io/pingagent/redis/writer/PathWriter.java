package io.pingagent.redis.writer;

import io.pingagent.base.AnyThread;
import io.pingagent.base.Backoff;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.Worker;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisUnreachableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * Writes and reads the keys {@code agent-path_$agent_$ip}, with a thread and a connection of its own. While Redis is
 * unreachable the newest record of each address waits, of {@value #MOST_WAITING} addresses at most.
 */
public final class PathWriter {

    static final int MOST_WAITING = 10_000;

    static final int MOST_LOADS = 1_000;
    private static final int BATCH = 100;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** In place of a record: the key is to be removed. */
    private static final String NONE = "";

    private record Load(IpAddress address, Consumer<@Nullable String> taker, Runnable unknown) {}

    private final RedisConnector connector;
    private final RedisKeys keys;
    private final SetParams ttl;
    private final Worker worker = Worker.named("ping-path-redis").work(this::turn);
    /** Guarded by itself. */
    private final Map<IpAddress, String> waiting = new LinkedHashMap<>();
    /** Guarded by {@link #waiting}. */
    private final Deque<Load> loads = new ArrayDeque<>();

    @OwnedBy("ping-path-redis")
    private final Backoff backoff = new Backoff(FIRST_RETRY_NANOS, MAX_RETRY_NANOS);

    @OwnedBy("ping-path-redis")
    private @Nullable Jedis jedis;

    private volatile @Nullable Problem problem;
    private volatile boolean isFull;

    /** @param keyTtl of the keys, at least a second */
    public PathWriter(RedisConnector connector, RedisKeys keys, Duration keyTtl) {
        this.connector = connector;
        this.keys = keys;
        this.ttl = SetParams.setParams().px(keyTtl.toMillis());
    }

    public void start() {
        worker.start();
    }

    /** Replaces the record of an address. */
    @AnyThread
    public void save(IpAddress address, String json) {
        put(address, json);
    }

    @AnyThread
    public void remove(IpAddress address) {
        put(address, NONE);
    }

    private void put(IpAddress address, String value) {
        synchronized (waiting) {
            waiting.remove(address);
            waiting.put(address, value);
            dropOldest();
        }
        worker.wake();
    }

    private void dropOldest() {
        Iterator<String> oldest = waiting.values().iterator();
        while (waiting.size() > MOST_WAITING) {
            oldest.next();
            oldest.remove();
            isFull = true;
        }
    }

    /**
     * Reads a record. While Redis is unreachable the question waits. One of both hears of the answer, and must not wait.
     *
     * @param taker gets the record, or null if there is none
     * @param unknown runs if Redis refuses to say, or too many questions wait
     */
    @AnyThread
    public void load(IpAddress address, Consumer<@Nullable String> taker, Runnable unknown) {
        boolean isRefused;
        synchronized (waiting) {
            isRefused = loads.size() >= MOST_LOADS;
            if (!isRefused) {
                loads.add(new Load(address, taker, unknown));
            }
        }
        if (isRefused) {
            unknown.run();
        } else {
            worker.wake();
        }
    }

    /** What keeps the keys from being written, for users. */
    @AnyThread
    public List<Problem> problems() {
        Problem found = problem;
        return found == null ? List.of() : List.of(found);
    }

    @OwnedBy("ping-path-redis")
    private long turn() {
        Map<IpAddress, String> batch = new LinkedHashMap<>();
        Deque<Load> asked = new ArrayDeque<>();
        synchronized (waiting) {
            Iterator<Map.Entry<IpAddress, String>> next = waiting.entrySet().iterator();
            while (next.hasNext() && batch.size() < BATCH) {
                Map.Entry<IpAddress, String> entry = next.next();
                batch.put(entry.getKey(), entry.getValue());
                next.remove();
            }
            while (!loads.isEmpty() && asked.size() < BATCH) {
                asked.add(loads.remove());
            }
        }
        if (batch.isEmpty() && asked.isEmpty()) {
            return IDLE_NANOS;
        }
        boolean wasOpen = jedis != null;
        try {
            Jedis open = jedis == null ? connector.open("path") : jedis;
            jedis = open;
            Problem found = write(open, batch);
            batch.clear();
            while (!asked.isEmpty()) {
                Problem ofOne = read(open, asked.element());
                found = ofOne == null ? found : ofOne;
                asked.remove();
            }
            backoff.reset();
            isFull = false;
            problem = found;
            return 0;
        } catch (JedisException | RedisUnreachableException e) {
            putBack(batch, asked);
            discard(e);
            if (wasOpen) {
                // A server may have closed it for being idle.
                return 0;
            }
            problem = away(e);
            return backoff.nextNanos();
        }
    }

    @OwnedBy("ping-path-redis")
    private @Nullable Problem write(Jedis open, Map<IpAddress, String> batch) {
        if (batch.isEmpty()) {
            return null;
        }
        JedisDataException refused = null;
        try (Pipeline pipeline = open.pipelined()) {
            batch.forEach((address, json) -> {
                if (json.equals(NONE)) {
                    pipeline.del(keys.path(address));
                } else {
                    pipeline.set(keys.path(address), json, ttl);
                }
            });
            for (Object answer : pipeline.syncAndReturnAll()) {
                refused = answer instanceof JedisDataException e ? e : refused;
            }
        }
        if (refused != null && RedisError.of(refused).isOfWholeServer()) {
            throw refused;
        }
        return refused == null ? null : refusal(refused);
    }

    private Problem refusal(JedisDataException refused) {
        RedisError kind = RedisError.of(refused);
        return new Problem(
                keys.pathPrefix() + "*",
                "Redis refuses the paths of addresses that went down: " + RedisConnector.reason(refused),
                kind == RedisError.NO_PERMISSION
                        ? "allow '~" + keys.pathPrefix() + "*' with ACL SETUSER, as security.md shows"
                        : kind.remedy());
    }

    @OwnedBy("ping-path-redis")
    private @Nullable Problem read(Jedis open, Load load) {
        String json;
        try {
            json = open.get(keys.path(load.address));
        } catch (JedisDataException e) {
            RedisError kind = RedisError.of(e);
            if (kind.isOfWholeServer()) {
                throw e;
            }
            if (kind == RedisError.WRONG_TYPE) {
                // No record, whatever it is. A save replaces it.
                load.taker.accept(null);
            } else {
                load.unknown.run();
            }
            return refusal(e);
        }
        load.taker.accept(json);
        return null;
    }

    @OwnedBy("ping-path-redis")
    private void discard(RuntimeException e) {
        Jedis open = jedis;
        jedis = null;
        if (open != null) {
            try {
                open.close();
            } catch (JedisException closing) {
                e.addSuppressed(closing);
            }
        }
    }

    /** What came meanwhile is newer. */
    private void putBack(Map<IpAddress, String> batch, Deque<Load> asked) {
        synchronized (waiting) {
            while (!asked.isEmpty()) {
                loads.addFirst(asked.removeLast());
            }
            Map<IpAddress, String> newer = new LinkedHashMap<>(waiting);
            waiting.clear();
            waiting.putAll(batch);
            newer.forEach((address, json) -> {
                waiting.remove(address);
                waiting.put(address, json);
            });
            dropOldest();
        }
    }

    private Problem away(RuntimeException e) {
        Problem away = connector.problem(connector.explain(e, "writing to"));
        return isFull
                ? new Problem(
                        away.where(),
                        away.what() + "; of the paths that wait the oldest beyond " + MOST_WAITING + " were dropped",
                        away.remedy())
                : away;
    }

    /** Ends the thread; what waits is written if Redis takes it at once. */
    @OwnedBy("caller")
    public void close(Duration deadline) {
        long untilNanos = System.nanoTime() + deadline.toNanos();
        worker.wake();
        while (isWaiting() && problem == null && worker.isAlive() && System.nanoTime() - untilNanos < 0) {
            worker.join(Duration.ofMillis(10));
        }
        worker.stop();
        if (worker.join(Duration.ofNanos(Math.max(0, untilNanos - System.nanoTime())))) {
            closeConnection();
        }
    }

    private void closeConnection() {
        Jedis open = jedis;
        if (open != null) {
            try {
                open.close();
            } catch (JedisException e) {
                // It is of no use any more.
            }
        }
    }

    private boolean isWaiting() {
        synchronized (waiting) {
            return !waiting.isEmpty();
        }
    }
}
