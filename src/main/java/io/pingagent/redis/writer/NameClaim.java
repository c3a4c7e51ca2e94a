package io.pingagent.redis.writer;

import io.pingagent.base.OwnedBy;
import io.pingagent.redis.NameTakenException;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/**
 * Whether this process is the one that runs under its agent's name. {@code agent-owner_$agent} says who is, and lapses
 * with {@code agent-online_$agent}.
 *
 * <p>The name is taken if that key does not exist. Otherwise:
 *
 * <ul>
 *   <li>The key of a process that is known to be dead is replaced at once.
 *   <li>For the key of another machine or container this process waits. The key lapses, or is prolonged, which shows
 *       that its process lives.
 * </ul>
 *
 * <p>A running agent that finds another's key there writes nothing until that has gone.
 */
@OwnedBy("ping-redis")
final class NameClaim {

    /** What a look at the key said. */
    enum Outcome {
        OURS,
        /** It was ours and is gone before its time: Redis has lost data. */
        WAS_LOST,
        /** Redis does not let the key be read or written. */
        UNKNOWN
    }

    /** How far the remaining time may differ from what is expected without having been prolonged. */
    private static final long PROLONGED_MILLIS = 300;

    private static final int TRIES = 3;

    private final String agent;
    private final String key;
    private final AgentOwner self;
    private final String mine;
    private final long ttlMillis;

    private boolean everOurs;
    private long lapsesNanos;
    private @Nullable String refusal;

    private @Nullable String waitedFor;
    private long waitedLapsesNanos;

    NameClaim(RedisSettings settings, RedisKeys keys, AgentOwner self) {
        this.agent = keys.agent();
        this.key = keys.owner();
        this.self = self;
        this.mine = self.toJson();
        this.ttlMillis = settings.onlineTtl().toMillis();
    }

    /** Why the owner is unknown, as Redis says it; null if it is known. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** Whether it was ever this process's. */
    boolean everOurs() {
        return everOurs;
    }

    /**
     * Looks who owns the name, and takes it if it is free.
     *
     * @throws NameTakenException if another process owns it
     * @throws redis.clients.jedis.exceptions.JedisException if the connection is lost or the server refuses everything
     */
    Outcome take(Jedis redis, long nowNanos) {
        try {
            Outcome outcome = attempt(redis, nowNanos);
            refusal = null;
            return outcome;
        } catch (JedisDataException e) {
            String error = String.valueOf(e.getMessage());
            if (RedisError.of(error).isOfWholeServer()) {
                throw e;
            }
            refusal = error;
            return Outcome.UNKNOWN;
        }
    }

    /** Its key was there and was given its whole TTL again, at this moment or later. */
    void prolonged(long nowNanos) {
        lapsesNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(ttlMillis);
    }

    /** So that it cannot lapse between a look and what is done then. */
    void prolong(Jedis redis) {
        try {
            redis.pexpire(key, ttlMillis);
        } catch (JedisDataException e) {
            refusal = String.valueOf(e.getMessage());
        }
    }

    private Outcome attempt(Jedis redis, long nowNanos) {
        for (int i = 0; i < TRIES; i++) {
            String holder = redis.get(key);
            if (mine.equals(holder)) {
                owned();
                return Outcome.OURS;
            }
            if (holder != null) {
                if (replacesADeadOne(redis, holder)) {
                    owned();
                    prolonged(nowNanos);
                    return Outcome.OURS;
                }
                judge(redis, holder, nowNanos);
            } else if (redis.set(key, mine, SetParams.setParams().nx().px(ttlMillis)) != null) {
                boolean tooEarly = everOurs && nowNanos - lapsesNanos < 0;
                owned();
                prolonged(nowNanos);
                return tooEarly ? Outcome.WAS_LOST : Outcome.OURS;
            }
        }
        throw new NameTakenException("agent '" + agent + "' is started and stopped by several processes", false);
    }

    private void owned() {
        everOurs = true;
        waitedFor = null;
    }

    private boolean replacesADeadOne(Jedis redis, String holder) {
        if (AgentOwner.parse(holder).life(self) != AgentOwner.Life.DEAD) {
            return false;
        }
        redis.watch(key);
        boolean unchanged = holder.equals(redis.get(key));
        try (Transaction transaction = redis.multi()) {
            if (unchanged) {
                transaction.set(key, mine, SetParams.setParams().px(ttlMillis));
            }
            return transaction.exec() != null && unchanged;
        }
    }

    private void judge(Jedis redis, String holder, long nowNanos) {
        AgentOwner other = AgentOwner.parse(holder);
        if (everOurs) {
            throw new NameTakenException(
                    key + ": " + other.description() + " has taken this agent's name, so nothing is written to Redis;"
                            + " stop one of the two, or give it another agent.name",
                    true);
        }
        boolean alive = other.life(self) == AgentOwner.Life.ALIVE;
        if (!alive) {
            long remainingMillis = redis.pttl(key);
            if (remainingMillis == -1) {
                redis.pexpire(key, ttlMillis);
                remainingMillis = ttlMillis;
            }
            long lapsesAtNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(remainingMillis);
            alive = holder.equals(waitedFor)
                    && lapsesAtNanos - waitedLapsesNanos > TimeUnit.MILLISECONDS.toNanos(PROLONGED_MILLIS);
            if (!holder.equals(waitedFor)) {
                waitedFor = holder;
                waitedLapsesNanos = lapsesAtNanos;
            }
        }
        if (alive) {
            throw new NameTakenException(
                    "agent '" + agent + "' is already run by " + other.description()
                            + "; stop that one, or give this one another agent.name",
                    true);
        }
        throw new NameTakenException(
                key + ": " + other.description() + " may still run; waiting until its key lapses, "
                        + TimeUnit.MILLISECONDS.toSeconds(ttlMillis) + " s at most",
                false);
    }
}
