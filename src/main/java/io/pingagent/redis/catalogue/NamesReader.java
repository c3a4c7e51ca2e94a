package io.pingagent.redis.catalogue;

import io.pingagent.model.Addresses;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * The hash {@code agent-names_$agent}: which addresses the host names of this agent had last, for its next start. Each call
 * opens a connection of its own and closes it; one thread at a time.
 */
public final class NamesReader {

    private static final int FIELDS_AT_ONCE = 5_000;

    private final RedisConnector connector;
    private final String key;

    public NamesReader(RedisConnector connector, RedisKeys keys) {
        this.connector = connector;
        this.key = keys.agentNames();
    }

    /**
     * What an agent wrote; fields that are no names with addresses are left out.
     *
     * @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked
     * @throws NamesRefusedException if Redis refuses it
     */
    public Map<HostName, List<IpAddress>> read() {
        try (Jedis jedis = connector.open("catalogue")) {
            return read(jedis, key);
        } catch (JedisDataException e) {
            throw new NamesRefusedException(key, e);
        } catch (JedisException e) {
            throw connector.away(e);
        }
    }

    /**
     * The same by a connection that is open.
     *
     * @param key of the hash
     * @throws JedisDataException if Redis refuses it
     * @throws JedisException if it cannot be asked
     */
    public static Map<HostName, List<IpAddress>> read(Jedis jedis, String key) {
        Map<HostName, List<IpAddress>> names = new HashMap<>();
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<Map.Entry<String, String>> some =
                    jedis.hscan(key, cursor, new ScanParams().count(FIELDS_AT_ONCE));
            some.getResult().forEach(field -> take(field, names));
            cursor = some.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return names;
    }

    private static void take(Map.Entry<String, String> field, Map<HostName, List<IpAddress>> names) {
        try {
            List<IpAddress> addresses = new ArrayList<>();
            for (String text : field.getValue().split(" ", -1)) {
                IpAddress address = Addresses.parse(text);
                if (NeverAnswers.why(address).isEmpty()) {
                    addresses.add(address);
                }
            }
            names.put(HostName.parse(field.getKey()), addresses);
        } catch (IllegalArgumentException e) {
            // No agent wrote that. The name is asked for in any case.
        }
    }

    /**
     * Writes these names and removes others, and nothing else.
     *
     * @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked
     * @throws NamesRefusedException if Redis refuses it
     */
    public void write(Map<HostName, List<IpAddress>> put, Collection<HostName> removed) {
        try (Jedis jedis = connector.open("catalogue")) {
            Pipeline pipeline = jedis.pipelined();
            if (!removed.isEmpty()) {
                pipeline.hdel(key, removed.stream().map(HostName::toString).toArray(String[]::new));
            }
            if (!put.isEmpty()) {
                Map<String, String> fields = new HashMap<>();
                put.forEach((name, addresses) -> fields.put(
                        name.toString(),
                        addresses.stream().map(IpAddress::toString).collect(Collectors.joining(" "))));
                pipeline.hset(key, fields);
            }
            for (Object answer : pipeline.syncAndReturnAll()) {
                if (answer instanceof JedisDataException refused) {
                    throw refused;
                }
            }
        } catch (JedisDataException e) {
            throw new NamesRefusedException(key, e);
        } catch (JedisException e) {
            throw connector.away(e);
        }
    }
}
