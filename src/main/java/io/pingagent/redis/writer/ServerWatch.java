package io.pingagent.redis.writer;

import io.pingagent.base.OwnedBy;
import io.pingagent.redis.NameTakenException;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.ServerFacts;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Looks about once a second whether what the writer knows of Redis still holds:
 *
 * <ul>
 *   <li>The agent's name is this process's.
 *   <li>The server is the master and has the data that it had.
 *   <li>The err list is whole.
 * </ul>
 */
@OwnedBy("ping-redis")
final class ServerWatch {

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FACTS_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Of the time that looking may take, where answers take long. */
    private static final int SHARE = 10;

    private final NameClaim claim;
    private final ErrListWatch errListWatch;
    private final WriteTroubles troubles;
    private final LongSupplier nanoClock;

    private ServerFacts facts = ServerFacts.UNKNOWN;
    private long factsDueNanos;
    private long lookDueNanos;
    /** Keys evicted before the err list was last seen whole. */
    private long evictedBefore;

    private boolean dataLost;
    private boolean dataReplaced;

    ServerWatch(NameClaim claim, ErrListWatch errListWatch, WriteTroubles troubles, LongSupplier nanoClock) {
        this.claim = claim;
        this.errListWatch = errListWatch;
        this.troubles = troubles;
        this.nanoClock = nanoClock;
    }

    /**
     * A connection was made: looks at the server before anything is written.
     *
     * @throws NameTakenException if another process runs under the agent's name
     * @throws JedisDataException if the server takes no writes
     */
    void connected(Jedis jedis, long nowNanos) {
        ServerFacts found = ServerFacts.ask(jedis);
        requireMaster(found);
        dataLost = take(jedis, nowNanos) == NameClaim.Outcome.WAS_LOST;
        dataReplaced = found.run().isEmpty() || !isSameData(facts, found);
        facts = found;
        evictedBefore = found.evictedKeys();
        factsDueNanos = nowNanos + FACTS_NANOS;
        lookDueNanos = nowNanos + LOOK_NANOS;
    }

    boolean isDue(long nowNanos) {
        return nowNanos - lookDueNanos >= 0;
    }

    /** Looks again, when {@link #isDue}. Throws as {@link #connected} does. */
    void look(Jedis jedis, long nowNanos) {
        dataLost |= take(jedis, nowNanos) == NameClaim.Outcome.WAS_LOST;
        errListWatch.count(jedis, nowNanos);
        if (errListWatch.isWhole()) {
            evictedBefore = facts.evictedKeys();
        }
        if (nowNanos - factsDueNanos >= 0) {
            factsDueNanos = nowNanos + FACTS_NANOS;
            ServerFacts found = ServerFacts.ask(jedis);
            requireMaster(found);
            // One that does not answer INFO any more says nothing of its data.
            if (!found.run().isEmpty()) {
                dataReplaced |= !isSameData(facts, found);
                facts = found;
            }
        }
        long endNanos = nanoClock.getAsLong();
        troubles.answered(endNanos - nowNanos, endNanos);
        lookDueNanos = endNanos + Math.max(LOOK_NANOS, SHARE * (endNanos - nowNanos));
    }

    /**
     * Whether keys that the agent wrote have gone before their time since the last call: FLUSHALL, eviction, by hand.
     */
    boolean takeDataLost() {
        boolean lost = dataLost;
        dataLost = false;
        return lost;
    }

    /** Whether the server's data is, or may be, another's or an older one, since the last call. */
    boolean takeDataReplaced() {
        boolean replaced = dataReplaced;
        dataReplaced = false;
        return replaced;
    }

    /** The whole err list has gone: because Redis lost or evicted it, and not by hand? */
    boolean isErrListLost(Jedis jedis, long nowNanos) {
        dataLost |= take(jedis, nowNanos) == NameClaim.Outcome.WAS_LOST;
        return dataLost || ServerFacts.ask(jedis).evictedKeys() != evictedBefore;
    }

    /**
     * So that the name cannot lapse while the last things are written.
     *
     * @throws NameTakenException if it is another process's by now
     */
    void prolongName(Jedis jedis, long nowNanos) {
        claim.prolong(jedis);
        take(jedis, nowNanos);
    }

    private NameClaim.Outcome take(Jedis jedis, long nowNanos) {
        NameClaim.Outcome outcome = claim.take(jedis, nowNanos);
        String refusal = claim.refusal();
        if (refusal == null) {
            troubles.accepted(CommandBatch.Purpose.OWNER);
        } else {
            troubles.refused(CommandBatch.Purpose.OWNER, refusal, nowNanos);
        }
        return outcome;
    }

    private static boolean isSameData(ServerFacts one, ServerFacts other) {
        return one.run().equals(other.run()) && one.replication().equals(other.replication());
    }

    /** Of a server that takes no writes the name may lead to another one by now. */
    private static void requireMaster(ServerFacts found) {
        if (found.readOnly()) {
            throw new JedisDataException(RedisError.READ_ONLY.line("it is a read-only replica"));
        }
    }
}
