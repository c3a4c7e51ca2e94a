package io.pingagent.redis.catalogue;

import io.pingagent.model.Problem;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisError;
import redis.clients.jedis.exceptions.JedisDataException;

/** Redis neither gives nor takes the addresses of host names. */
public final class NamesRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    NamesRefusedException(String key, JedisDataException cause) {
        super(cause);
        String consequence = ", so host names that do not resolve at the next start of the agent are not probed then";
        RedisError kind = RedisError.of(cause);
        problem = switch (kind) {
            case WRONG_TYPE -> new Problem(key, "it is not a hash" + consequence, "DEL " + key);
            default ->
                new Problem(
                        key,
                        "Redis refuses it: " + RedisConnector.reason(cause) + consequence,
                        kind == RedisError.NO_PERMISSION
                                ? "allow ~" + key + ", HSCAN, HSET and HDEL with ACL SETUSER, as security.md shows"
                                : kind.remedy());
        };
    }

    public Problem problem() {
        return problem;
    }
}
