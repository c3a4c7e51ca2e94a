package io.pingagent.redis;

import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * When the err list is compared with Redis: every 30 s, and soon after a keyspace event on it; but never so often that a
 * large set costs more than a tenth of the time. Owned by ping-redis, except where it says otherwise.
 */
final class ErrListWatch {

    private static final Logger LOG = LogManager.getLogger(ErrListWatch.class);

    private static final long REGULAR_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long MIN_GAP_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long EVENT_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String key;
    private final ErrListMirror mirror;
    private final RepeatedErrors errors = new RepeatedErrors(LOG);

    private volatile boolean enabled;
    private volatile boolean edited;
    private boolean restored;
    private boolean leftOversDue;
    private long dueNanos;
    private long earliestNanos;
    private long startedNanos;

    ErrListWatch(String key, ErrListMirror mirror) {
        this.key = key;
        this.mirror = mirror;
    }

    /** Any thread: from now on. */
    void enable() {
        enabled = true;
    }

    /** Any thread: look soon. */
    void edited() {
        edited = true;
    }

    /**
     * @param otherServer whether this may be another server than the last one, or one that lost data: then what memory
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

    void disconnected() {
        mirror.stop();
    }

    /**
     * Goes on with a scan, or starts one if it is time.
     *
     * @return whether there is more to scan at once
     * @throws redis.clients.jedis.exceptions.JedisException if the connection is lost or the server refuses everything
     */
    boolean step(RedisConnection from, long nowNanos) {
        if (mirror.scanning()) {
            return scan(from, nowNanos);
        }
        if (!enabled) {
            return false;
        }
        if (edited) {
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
        return scan(from, nowNanos);
    }

    private boolean scan(RedisConnection from, long nowNanos) {
        try {
            mirror.step(new Jedis(from));
            if (mirror.scanning()) {
                return true;
            }
            restored = true;
            leftOversDue = false;
        } catch (JedisDataException e) {
            String message = String.valueOf(e.getMessage());
            if (StateCommands.refusesEverything(message)) {
                throw e;
            }
            mirror.stop();
            errors.report(
                    message.startsWith("WRONGTYPE")
                            ? StateCommands.wrongType(key)
                            : "Redis does not let " + key + " be read: " + message + "; allow SSCAN with ACL SETUSER",
                    nowNanos);
        }
        dueNanos = nowNanos + REGULAR_NANOS;
        earliestNanos = nowNanos + MIN_GAP_NANOS + 10 * (nowNanos - startedNanos);
        return false;
    }
}
