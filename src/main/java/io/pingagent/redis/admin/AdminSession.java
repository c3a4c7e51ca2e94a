package io.pingagent.redis.admin;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.Utf8;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisUnreachableException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** One connection of {@link RedisAdmin}; turns every failure of Jedis into one of ours. */
@OwnedBy("caller")
final class AdminSession implements AutoCloseable {

    private static final int SCAN_COUNT = 5_000;
    /** Agents read it within a reload interval; later a job of that name may be lost like any other. */
    private static final long REMOVED_TTL_SECONDS = 3_600;

    private final RedisConnector connector;
    private final Jedis jedis;

    /**
     * @throws RedisUnreachableException if it cannot be reached
     * @throws AdminRefusedException if it refuses the log-in
     */
    AdminSession(RedisConnector connector) {
        this.connector = connector;
        try {
            jedis = connector.open("cli");
        } catch (RedisUnreachableException e) {
            if (e.getCause() instanceof JedisDataException refused
                    && RedisError.of(refused).isDenied()) {
                throw denied(refused);
            }
            throw e;
        }
    }

    String server() {
        return connector.server();
    }

    /**
     * @throws RedisUnreachableException if the connection breaks
     * @throws AdminRefusedException if Redis answers with an error
     */
    <T> T call(String key, Function<Jedis, T> command) {
        try {
            return command.apply(jedis);
        } catch (JedisDataException e) {
            RedisError kind = RedisError.of(e);
            if (kind.isDenied()) {
                throw denied(e);
            }
            if (kind == RedisError.WRONG_TYPE) {
                throw new AdminRefusedException(
                        AdminRefusedException.Reason.WRONG_CONTENT,
                        "Redis key '" + key + "' at " + server() + " holds another type of value than it should;"
                                + " remove it with DEL, or correct redis.url if this is not the agent's database",
                        e);
            }
            throw connector.away(e);
        } catch (JedisException e) {
            throw connector.away(e);
        }
    }

    /** Hands over every member, some perhaps twice; memory stays small however large the set. */
    void eachMember(String key, Consumer<String> sink) {
        byte[] name = Utf8.bytes(key);
        ScanParams params = new ScanParams().count(SCAN_COUNT);
        byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
        do {
            byte[] from = cursor;
            ScanResult<byte[]> page = call(key, redis -> redis.sscan(name, from, params));
            page.getResult().forEach(member -> sink.accept(Utf8.text(member)));
            cursor = page.getCursorAsBytes();
        } while (!isStart(cursor));
    }

    /** Hands over every field of a hash with its value, some perhaps twice. */
    void eachField(String key, BiConsumer<String, String> sink) {
        ScanParams params = new ScanParams().count(SCAN_COUNT);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            String from = cursor;
            ScanResult<Map.Entry<String, String>> page = call(key, redis -> redis.hscan(key, from, params));
            page.getResult().forEach(field -> sink.accept(field.getKey(), field.getValue()));
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    }

    /** Hands over every key that begins with a prefix, some perhaps twice. */
    void eachKey(String prefix, Consumer<String> sink) {
        ScanParams params = new ScanParams().count(SCAN_COUNT).match(RedisKeys.escapeGlob(prefix) + "*");
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            String from = cursor;
            ScanResult<String> page = call(prefix, redis -> redis.scan(from, params));
            page.getResult().forEach(sink);
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    }

    /** The members of a set, sorted. */
    Set<String> members(String key) {
        Set<String> names = new TreeSet<>();
        eachMember(key, names::add);
        return names;
    }

    /** The text of a string, or null if there is none. */
    @Nullable
    String text(String key) {
        byte[] bytes = read(key);
        return bytes == null ? null : Utf8.text(bytes);
    }

    /** The bytes of a string, or null if there is none. */
    byte @Nullable [] read(String key) {
        byte[] name = Utf8.bytes(key);
        // A list, for the functional interface carries no null.
        return call(key, redis -> redis.mget(name)).get(0);
    }

    /** Sends commands of which all or none are carried out; their replies. */
    List<Object> transaction(String key, Consumer<AbstractTransaction> commands) {
        return call(key, redis -> {
            try (AbstractTransaction transaction = redis.multi()) {
                commands.accept(transaction);
                return transaction.exec();
            }
        });
    }

    /** The sum of the numbers among some replies. */
    static long countOf(List<Object> replies) {
        return replies.stream()
                .mapToLong(reply -> reply instanceof Long count ? count : 0)
                .sum();
    }

    /** Lets agents know for an hour that what this key held was removed on purpose. */
    static void markRemoved(AbstractTransaction transaction, String key) {
        transaction.sadd(RedisKeys.REMOVED, key);
        transaction.expire(RedisKeys.REMOVED, REMOVED_TTL_SECONDS);
    }

    @Override
    public void close() {
        try {
            jedis.close();
        } catch (JedisException e) {
            // Everything was acknowledged; a connection that breaks now harms nobody.
        }
    }

    private static boolean isStart(byte[] cursor) {
        return cursor.length == 1 && cursor[0] == '0';
    }

    private AdminRefusedException denied(JedisDataException e) {
        return new AdminRefusedException(
                AdminRefusedException.Reason.NOT_PERMITTED,
                "Redis at " + server() + " does not permit this: " + RedisConnector.reason(e) + "; "
                        + RedisError.of(e).remedy(),
                e);
    }
}
