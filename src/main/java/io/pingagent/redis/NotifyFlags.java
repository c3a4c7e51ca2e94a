package io.pingagent.redis;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The server's {@code notify-keyspace-events}: {@code E} and {@code x} for expired keys, {@code K} and {@code s} for
 * changes of lists, groups and the err list. Not {@code g} and {@code $}, which would announce every key that an agent
 * writes. Flags are added, never removed. Stateless.
 */
public final class NotifyFlags {

    public static final String NEEDED = "KEsx";

    private static final String SETTING = "notify-keyspace-events";

    /** What {@link #ensure} found. */
    public enum Outcome {
        /** All are set. */
        SET,
        /** Some are missing and may not be added. */
        MISSING,
        /** The server does not say. */
        UNKNOWN
    }

    private NotifyFlags() {}

    /** What of {@link #NEEDED} is not in the server's flags, where {@code A} stands for all kinds of events. */
    public static String missing(String have) {
        StringBuilder missing = new StringBuilder();
        for (int i = 0; i < NEEDED.length(); i++) {
            char flag = NEEDED.charAt(i);
            boolean kindOfEvent = flag != 'K' && flag != 'E';
            if (have.indexOf(flag) < 0 && !(kindOfEvent && have.indexOf('A') >= 0)) {
                missing.append(flag);
            }
        }
        return missing.toString();
    }

    /**
     * Adds what is missing, if that is permitted.
     *
     * @throws redis.clients.jedis.exceptions.JedisConnectionException if the connection is lost
     */
    public static Outcome ensure(Jedis jedis) {
        String have;
        try {
            have = jedis.configGet(SETTING).get(SETTING);
        } catch (JedisDataException e) {
            return Outcome.UNKNOWN;
        }
        if (have == null) {
            return Outcome.UNKNOWN;
        }
        String missing = missing(have);
        if (missing.isEmpty()) {
            return Outcome.SET;
        }
        try {
            jedis.configSet(SETTING, have + missing);
            return Outcome.SET;
        } catch (JedisDataException e) {
            return Outcome.MISSING;
        }
    }
}
