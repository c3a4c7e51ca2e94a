package io.pingagent.redis.writer;

import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.RepeatedErrors;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.jspecify.annotations.Nullable;

/** The keys that say that the agent lives: agent-list, agent-online, agent-owner, agent-stats. Owned by ping-redis. */
final class PresenceKeys {

    static final int MOST_COMMANDS = 4;

    private static final int MAX_STATS_BYTES = 32 * 1024;

    private static final byte[] SADD = CommandBatch.ascii("SADD");
    private static final byte[] SET = CommandBatch.ascii("SET");
    private static final byte[] DEL = CommandBatch.ascii("DEL");
    private static final byte[] PEXPIRE = CommandBatch.ascii("PEXPIRE");
    private static final byte[] PX = CommandBatch.ascii("PX");
    private static final byte[] ONLINE = CommandBatch.ascii("online");
    private static final byte[] AGENT_LIST = CommandBatch.ascii(RedisKeys.AGENT_LIST);

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

    private final RepeatedErrors errors = new RepeatedErrors(LogManager.getLogger(PresenceKeys.class));

    private volatile @Nullable Supplier<String> stats;
    private long onlineDueNanos;
    private long statsDueNanos;

    PresenceKeys(RedisSettings settings, RedisKeys keys, CommandBatch batch, NameClaim claim) {
        this.batch = batch;
        this.claim = claim;
        this.agent = utf8(keys.agent());
        this.onlineKey = utf8(keys.online());
        this.ownerKey = utf8(keys.owner());
        this.statsKey = utf8(keys.stats());
        this.onlineTtlMillis = utf8(Long.toString(settings.onlineTtl().toMillis()));
        this.statsTtlMillis = utf8(Long.toString(3 * settings.statusInterval().toMillis()));
        this.onlineGapNanos = settings.onlineTtl().toNanos() / 3;
        this.statsGapNanos = settings.statusInterval().toNanos();
    }

    /** Any thread. */
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
            byte[] value = utf8(json.get());
            if (value.length > MAX_STATS_BYTES) {
                errors.report("the agent's statistics are longer than " + MAX_STATS_BYTES + " bytes", nowNanos);
                return;
            }
            batch.any(CommandBatch.Purpose.STATS, SET, statsKey, value, PX, statsTtlMillis);
        } catch (RuntimeException e) {
            errors.report("the agent's statistics are not written: " + e, nowNanos);
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

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
