package io.pingagent.redis.admin;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.ServerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** Looks at the server itself. Every method throws as those of {@link RedisAdmin} do. */
@OwnedBy("caller")
final class ServerInspection {

    private final AdminSession session;

    ServerInspection(AdminSession session) {
        this.session = session;
    }

    /** Looks at the server itself. */
    AdminServer inspect() {
        long beforeNanos = System.nanoTime();
        long beforeMillis = System.currentTimeMillis();
        List<String> time = session.call("TIME", redis -> redis.time());
        long tookNanos = System.nanoTime() - beforeNanos;
        long serverMillis = TimeUnit.SECONDS.toMillis(Long.parseLong(time.get(0))) + Long.parseLong(time.get(1)) / 1000;
        long hereMillis = beforeMillis + TimeUnit.NANOSECONDS.toMillis(tookNanos / 2);
        String info = session.call("INFO", redis -> redis.info());
        return new AdminServer(
                infoField(info, "redis_version"),
                configValue("notify-keyspace-events"),
                number(infoField(info, "used_memory")),
                number(infoField(info, "maxmemory")),
                infoField(info, "maxmemory_policy"),
                serverMillis - hereMillis,
                TimeUnit.NANOSECONDS.toMicros(tookNanos));
    }

    /** What keeps agents from writing there, or from being read: such a server may show an old state, or none. */
    List<Problem> problems() {
        String info = session.call("INFO", redis -> redis.info());
        ServerFacts facts = ServerFacts.parse(info);
        List<Problem> problems = new ArrayList<>();
        if (facts.readOnly()) {
            problems.add(new Problem(
                    "Redis at " + session.server(),
                    "it is a read-only replica, so no agent can write there and what is shown may be old",
                    "let redis.url name the master"));
        } else if (facts.synchronising()) {
            problems.add(
                    new Problem("Redis at " + session.server(), "it is loading or synchronising its data", "wait"));
        }
        long usedBytes = number(infoField(info, "used_memory"));
        long maxBytes = number(infoField(info, "maxmemory"));
        if (maxBytes > 0 && usedBytes >= maxBytes) {
            String policy = infoField(info, "maxmemory_policy");
            problems.add(new Problem(
                    "Redis at " + session.server(),
                    policy.equals("noeviction")
                            ? "its memory is full, so it refuses what agents write"
                            : "its memory is full and maxmemory-policy is " + policy
                                    + ", so it evicts keys: jobs, groups and state vanish",
                    "raise maxmemory" + (policy.equals("noeviction") ? "" : " and set maxmemory-policy noeviction")));
        }
        return problems;
    }

    private @Nullable String configValue(String name) {
        try {
            Map<String, String> answer = session.call(name, redis -> redis.configGet(name));
            return answer.get(name);
        } catch (AdminRefusedException e) {
            return null;
        } catch (RedisUnreachableException e) {
            if (e.getCause() instanceof JedisDataException) {
                // Hosted servers rename CONFIG or take it away.
                return null;
            }
            throw e;
        }
    }

    private static String infoField(String info, String name) {
        String start = name + ":";
        return info.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst()
                .orElse("");
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
