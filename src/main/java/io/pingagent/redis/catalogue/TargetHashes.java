package io.pingagent.redis.catalogue;

import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.RedisKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Finds the addresses that have a hash {@code target_$ip}, and reads these hashes.
 *
 * <p>Most addresses have none, and most installations have none at all. So one command asks Redis how many keys of a
 * thousand exist. Where some do, the next ask for 25 each. Only where some of these exist, the hashes are read. Stateless.
 */
public final class TargetHashes {

    /** Keys of one {@code EXISTS}: it keeps Redis busy for 0.35 milliseconds. */
    static final int AT_ONCE = 1_000;

    private static final int FEW = 25;
    /** Addresses in one exchange. */
    private static final int IN_FLIGHT = 20 * AT_ONCE;

    private static final int HASHES_AT_ONCE = 1_000;

    /** Hears of each hash that is there. */
    public interface Sink {

        void hash(IpAddress address, Map<String, String> fields);

        /** The key holds something else. */
        void wrongType(IpAddress address);
    }

    /** Addresses from one index to another, exclusive. */
    private record Run(int from, int to) {}

    private TargetHashes() {}

    /**
     * Reads the hashes of some addresses.
     *
     * @param addresses by index, 0 to {@code count - 1}
     * @throws JedisDataException if Redis refuses a command
     * @throws redis.clients.jedis.exceptions.JedisException if it cannot be asked
     */
    public static void read(Jedis jedis, int count, IntFunction<IpAddress> addresses, Sink sink) {
        for (int from = 0; from < count; from += IN_FLIGHT) {
            List<Run> whole = List.of(new Run(from, Math.min(count, from + IN_FLIGHT)));
            List<Run> some = inhabited(jedis, split(whole, AT_ONCE), addresses);
            if (!some.isEmpty()) {
                readHashes(jedis, inhabited(jedis, split(some, FEW), addresses), addresses, sink);
            }
        }
    }

    private static List<Run> split(List<Run> runs, int most) {
        List<Run> parts = new ArrayList<>();
        for (Run run : runs) {
            for (int from = run.from; from < run.to; from += most) {
                parts.add(new Run(from, Math.min(run.to, from + most)));
            }
        }
        return parts;
    }

    /** Those runs of which any key exists. */
    private static List<Run> inhabited(Jedis jedis, List<Run> runs, IntFunction<IpAddress> addresses) {
        List<Response<Long>> counts = new ArrayList<>(runs.size());
        Pipeline pipeline = jedis.pipelined();
        for (Run run : runs) {
            TargetKeys keys = new TargetKeys(run.from, run.to, addresses);
            counts.add(pipeline.appendCommand(new CommandObject<>(keys, BuilderFactory.LONG)));
        }
        pipeline.sync();
        List<Run> inhabited = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            if (counts.get(i).get() > 0) {
                inhabited.add(runs.get(i));
            }
        }
        return inhabited;
    }

    private static void readHashes(Jedis jedis, List<Run> runs, IntFunction<IpAddress> addresses, Sink sink) {
        List<IpAddress> batch = new ArrayList<>();
        for (Run run : runs) {
            for (int i = run.from; i < run.to; i++) {
                batch.add(addresses.apply(i));
            }
            if (batch.size() >= HASHES_AT_ONCE) {
                readHashes(jedis, batch, sink);
                batch.clear();
            }
        }
        readHashes(jedis, batch, sink);
    }

    private static void readHashes(Jedis jedis, List<IpAddress> addresses, Sink sink) {
        List<Response<Map<String, String>>> hashes = new ArrayList<>(addresses.size());
        Pipeline pipeline = jedis.pipelined();
        addresses.forEach(address -> hashes.add(pipeline.hgetAll(RedisKeys.target(address))));
        pipeline.sync();
        for (int i = 0; i < hashes.size(); i++) {
            try {
                Map<String, String> fields = hashes.get(i).get();
                if (!fields.isEmpty()) {
                    sink.hash(addresses.get(i), fields);
                }
            } catch (JedisDataException e) {
                if (RedisError.of(e) != RedisError.WRONG_TYPE) {
                    throw e;
                }
                sink.wrongType(addresses.get(i));
            }
        }
    }
}
