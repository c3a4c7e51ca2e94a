package io.pingagent.redis.writer;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.redis.RedisConnection;
import io.pingagent.redis.RedisError;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * When the err list is compared with Redis:
 *
 * <ul>
 *   <li>Every 30 s.
 *   <li>Soon after a keyspace event on it.
 *   <li>Soon when the number of its members is not what Redis acknowledged.
 * </ul>
 *
 * <p>A large set is compared less often, so that this never costs more than a tenth of the time.
 */
@OwnedBy("ping-redis")
final class ErrListWatch {

    private static final long REGULAR_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long MIN_GAP_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long EVENT_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String key;
    private final ErrListMirror mirror;
    private final WriteTroubles troubles;

    private volatile boolean enabled;
    private volatile boolean edited;
    private boolean isWhole;
    private boolean restored;
    private boolean leftOversDue;
    private long dueNanos;
    private long earliestNanos;
    private long startedNanos;

    ErrListWatch(String key, ErrListMirror mirror, WriteTroubles troubles) {
        this.key = key;
        this.mirror = mirror;
        this.troubles = troubles;
    }

    /** From now on. */
    @AnyThread
    void enable() {
        enabled = true;
    }

    /** Look soon. */
    @AnyThread
    void edited() {
        edited = true;
    }

    /**
     * @param otherServer whether this may be another server than the last one, or one that lost data. Then what memory
     *     says is right, once the list has been read for the first time
     */
    void connected(boolean otherServer, long nowNanos) {
        if (otherServer) {
            mirror.forget();
            leftOversDue = restored;
        }
        dueNanos = nowNanos;
        earliestNanos = nowNanos;
    }

    /** The server lost its data within the same run: what is missing is nobody's edit. */
    void lost(long nowNanos) {
        mirror.forget();
        dueNanos = nowNanos;
    }

    void disconnected() {
        mirror.stop();
    }

    /**
     * Looks whether the set has as many members as Redis acknowledged. To be called about once a second.
     *
     * @throws redis.clients.jedis.exceptions.JedisException as {@link #step}
     */
    void count(Jedis jedis, long nowNanos) {
        isWhole = false;
        if (!enabled || mirror.scanning()) {
            return;
        }
        try {
            isWhole = jedis.scard(key) == mirror.acknowledgedCount();
            if (!isWhole) {
                // No |=, which could take back what another thread sets meanwhile.
                edited = true;
            }
        } catch (JedisDataException e) {
            refused(CommandBatch.Purpose.ERR_LIST_READ, e, nowNanos);
        }
    }

    /** Whether the last {@link #count} found as many members as there should be. */
    boolean isWhole() {
        return isWhole;
    }

    /**
     * Continues a scan, or starts one if it is time.
     *
     * @param lostByRedis asked when the whole set has gone: whether Redis lost it
     * @return whether there is more to scan at once
     * @throws redis.clients.jedis.exceptions.JedisException if the connection is lost or the server refuses everything
     */
    boolean step(RedisConnection from, BooleanSupplier lostByRedis, long nowNanos) {
        if (mirror.scanning()) {
            return scan(from, lostByRedis, nowNanos);
        }
        if (!enabled) {
            return false;
        }
        if (edited || restored && !mirror.isKnown()) {
            edited = false;
            long soonNanos = nowNanos + EVENT_DELAY_NANOS;
            if (soonNanos - earliestNanos < 0) {
                soonNanos = earliestNanos;
            }
            if (soonNanos - dueNanos < 0) {
                dueNanos = soonNanos;
            }
        }
        if (nowNanos - dueNanos < 0) {
            return false;
        }
        startedNanos = nowNanos;
        mirror.start(leftOversDue ? ErrListMirror.Unknown.LEFT_OVER : ErrListMirror.Unknown.ADDED_BY_HAND);
        return scan(from, lostByRedis, nowNanos);
    }

    private boolean scan(RedisConnection from, BooleanSupplier lostByRedis, long nowNanos) {
        try {
            mirror.step(new Jedis(from), lostByRedis, nowNanos);
            troubles.accepted(CommandBatch.Purpose.ERR_LIST_READ);
            if (mirror.scanning()) {
                return true;
            }
            restored = true;
            leftOversDue = false;
        } catch (JedisDataException e) {
            boolean read = mirror.scanning();
            mirror.stop();
            refused(read ? CommandBatch.Purpose.ERR_LIST_READ : CommandBatch.Purpose.ERR_LIST_REMOVE, e, nowNanos);
            restored |= !read;
        }
        dueNanos = nowNanos + REGULAR_NANOS;
        earliestNanos = nowNanos + MIN_GAP_NANOS + 10 * (nowNanos - startedNanos);
        return false;
    }

    private void refused(CommandBatch.Purpose purpose, JedisDataException e, long nowNanos) {
        String error = String.valueOf(e.getMessage());
        RedisError kind = RedisError.of(error);
        if (kind.isOfWholeServer()) {
            throw e;
        }
        if (kind == RedisError.WRONG_TYPE) {
            // The set has gone, and with it what it held: that is nobody's edit of it.
            mirror.forget();
        }
        troubles.refused(purpose, error, nowNanos);
    }
}
