package io.pingagent.redis;

import java.util.HashMap;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * What a server says of itself in {@code INFO}. Everything is empty, false or 0 where it does not say. Immutable.
 *
 * @param run distinguishes one start of a server from the next
 * @param replication distinguishes one history of the data from another: a replica takes that of its master, a promoted
 *     one begins a new one
 * @param mode {@code standalone}, {@code sentinel} or {@code cluster}
 * @param replica whether it copies another server
 * @param readOnly whether it is a replica that refuses writes
 * @param synchronising whether it is loading its data, or a replica without the whole of its master's
 * @param evictedKeys keys removed since its start because memory was short
 */
public record ServerFacts(
        String run,
        String replication,
        String mode,
        boolean replica,
        boolean readOnly,
        boolean synchronising,
        long evictedKeys) {

    public static final ServerFacts UNKNOWN = new ServerFacts("", "", "", false, false, false, 0);

    /** Asks the server; {@link #UNKNOWN} if it does not answer {@code INFO}. */
    public static ServerFacts ask(Jedis jedis) {
        try {
            return parse(jedis.info());
        } catch (JedisDataException e) {
            return UNKNOWN;
        }
    }

    public static ServerFacts parse(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        boolean replica = fields.getOrDefault("role", "").equals("slave");
        boolean apart = replica
                && (fields.getOrDefault("master_sync_in_progress", "0").equals("1")
                        || !fields.getOrDefault("master_link_status", "up").equals("up"));
        return new ServerFacts(
                fields.getOrDefault("run_id", ""),
                fields.getOrDefault("master_replid", ""),
                fields.getOrDefault("redis_mode", ""),
                replica,
                replica && !fields.getOrDefault("slave_read_only", "1").equals("0"),
                apart || fields.getOrDefault("loading", "0").equals("1"),
                number(fields.getOrDefault("evicted_keys", "0")));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
