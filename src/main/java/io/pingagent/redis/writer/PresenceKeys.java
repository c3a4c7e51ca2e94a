package io.pingagent.redis.writer;

import io.pingagent.base.AnyThread;
import io.pingagent.base.FoldedMessages;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.Utf8;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.jspecify.annotations.Nullable;

/** The keys that say that the agent is there: agent-list, agent-online, agent-owner, agent-stats. */
@OwnedBy("ping-redis")
final class PresenceKeys {

    static final int MOST_COMMANDS = 4;

    private static final int MAX_STATS_BYTES = 32 * 1024;
    private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final byte[] SADD = Utf8.bytes("SADD");
    private static final byte[] SET = Utf8.bytes("SET");
    private static final byte[] DEL = Utf8.bytes("DEL");
    private static final byte[] PEXPIRE = Utf8.bytes("PEXPIRE");
    private static final byte[] PX = Utf8.bytes("PX");
    private static final byte[] ONLINE = Utf8.bytes("online");
    private static final byte[] AGENT_LIST = Utf8.bytes(RedisKeys.AGENT_LIST);

    private final CommandBatch batch;
    private final NameClaim claim;
    private final byte[] agent;
    private final byte[] onlineKey;
    private final byte[] ownerKey;
    private final byte[] statsKey;
    private final byte[] onlineTtlMillis;
    private final byte[] statsTtlMillis;
    private final long onlineGapNanos;
    private final long statsGapNanos;

    private final FoldedMessages errors =
            new FoldedMessages(LogManager.getLogger(PresenceKeys.class)::warn, REPEAT_NANOS);

    private volatile @Nullable Supplier<String> stats;
    private long onlineDueNanos;
    private long statsDueNanos;

    PresenceKeys(RedisSettings settings, RedisKeys keys, CommandBatch batch, NameClaim claim) {
        this.batch = batch;
        this.claim = claim;
        this.agent = Utf8.bytes(keys.agent());
        this.onlineKey = Utf8.bytes(keys.online());
        this.ownerKey = Utf8.bytes(keys.owner());
        this.statsKey = Utf8.bytes(keys.stats());
        this.onlineTtlMillis = Utf8.bytes(Long.toString(settings.onlineTtl().toMillis()));
        this.statsTtlMillis =
                Utf8.bytes(Long.toString(3 * settings.statusInterval().toMillis()));
        this.onlineGapNanos = settings.onlineTtl().toNanos() / 3;
        this.statsGapNanos = settings.statusInterval().toNanos();
    }

    @AnyThread
    void stats(Supplier<String> json) {
        stats = json;
    }

    /** Adds the agent to the list and says that it is online. */
    void announce(long nowNanos) {
        batch.any(CommandBatch.Purpose.AGENT_LIST, SADD, AGENT_LIST, agent);
        batch.any(CommandBatch.Purpose.ONLINE, SET, onlineKey, ONLINE, PX, onlineTtlMillis);
        if (claim.everOurs()) {
            batch.any(CommandBatch.Purpose.OWNER_TTL, PEXPIRE, ownerKey, onlineTtlMillis);
        }
        onlineDueNanos = nowNanos + onlineGapNanos;
        statsDueNanos = nowNanos;
    }

    /** When agent-online is due to be written again; later than that by its TTL, it has lapsed. */
    long onlineDueNanos() {
        return onlineDueNanos;
    }

    /** Whether {@link #writeDue} has something to add. */
    boolean due(long nowNanos) {
        return nowNanos - onlineDueNanos >= 0 || stats != null && nowNanos - statsDueNanos >= 0;
    }

    /** Adds what is due to the batch, which has room for {@link #MOST_COMMANDS}. */
    void writeDue(long nowNanos) {
        if (nowNanos - onlineDueNanos >= 0) {
            long statsDue = statsDueNanos;
            announce(nowNanos);
            statsDueNanos = statsDue;
        }
        Supplier<String> json = stats;
        if (json != null && nowNanos - statsDueNanos >= 0) {
            statsDueNanos = nowNanos + statsGapNanos;
            writeStats(json, nowNanos);
        }
    }

    private void writeStats(Supplier<String> json, long nowNanos) {
        try {
            byte[] value = Utf8.bytes(json.get());
            if (value.length > MAX_STATS_BYTES) {
                errors.add("the agent's statistics are longer than " + MAX_STATS_BYTES + " bytes", nowNanos);
                return;
            }
            batch.any(CommandBatch.Purpose.STATS, SET, statsKey, value, PX, statsTtlMillis);
        } catch (RuntimeException e) {
            errors.add("the agent's statistics are not written: " + e, nowNanos);
        }
    }

    /** Says that the agent has gone, and what it counted last: the figures then agree with the last status string. */
    void withdraw(long nowNanos) {
        Supplier<String> json = stats;
        if (json != null) {
            writeStats(json, nowNanos);
        }
        batch.any(CommandBatch.Purpose.WITHDRAWAL, DEL, onlineKey);
        if (claim.everOurs()) {
            batch.any(CommandBatch.Purpose.WITHDRAWAL, DEL, ownerKey);
        }
    }
}
