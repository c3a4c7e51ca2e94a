package io.pingagent.redis.writer;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.writer.CommandBatch.Purpose;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the writing of the agent's own keys: which of them Redis refuses, and whether it is too slow. A
 * refusal holds until a command for the same purpose is accepted and none was refused for some seconds.
 *
 * <p>The thread that writes is the only one that reports; {@link #present} is for all.
 */
final class WriteTroubles {

    /** Of commands for the same purpose one may be refused and the next not. */
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long SLOW_HOLDS_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** Answers to one batch of commands that take longer are slow. */
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** As Redis 6 and newer word it. */
    private static final Pattern REFUSED_COMMAND = Pattern.compile("^NOPERM .* run the '([a-z|]+)' command");

    private static final class Trouble {
        private final String error;
        private final RedisError kind;
        private long times;
        private long refusedNanos;
        private boolean acceptedSince;

        Trouble(String error) {
            this.error = error;
            this.kind = RedisError.of(error);
        }
    }

    private final RedisKeys keys;
    private final String server;
    private final String user;
    private final @Nullable Trouble[] byPurpose = new Trouble[Purpose.values().length];

    private long lapsed;
    private long lapsedNanos;
    private long slowTimes;
    private long slowNanos;
    private boolean onlineLapsed;

    WriteTroubles(RedisSettings settings, RedisKeys keys, String server) {
        this.keys = keys;
        this.server = server;
        String named = settings.url().user();
        this.user = named == null ? "default" : named;
    }

    @OwnedBy("ping-redis")
    synchronized void refused(Purpose purpose, String error, long nowNanos) {
        Trouble trouble = byPurpose[purpose.ordinal()];
        if (trouble == null || trouble.kind != RedisError.of(error)) {
            trouble = new Trouble(error);
            byPurpose[purpose.ordinal()] = trouble;
        }
        trouble.times++;
        trouble.refusedNanos = nowNanos;
        trouble.acceptedSince = false;
    }

    /** For every answer, so without locking in the usual case: a trouble is made by the same thread. */
    @OwnedBy("ping-redis")
    void accepted(Purpose purpose) {
        Trouble trouble = byPurpose[purpose.ordinal()];
        if (trouble != null) {
            accepted(trouble);
        }
    }

    private synchronized void accepted(Trouble trouble) {
        trouble.acceptedSince = true;
    }

    /** A key lapsed while the value that would have prolonged it waited for Redis. */
    synchronized void lapsed(long nowNanos) {
        lapsed++;
        lapsedNanos = nowNanos;
    }

    /** The same of {@code agent-online}. */
    @OwnedBy("ping-redis")
    synchronized void onlineLapsed(long nowNanos) {
        onlineLapsed = true;
        lapsed(nowNanos);
    }

    /** The answers to one batch took so long. */
    @OwnedBy("ping-redis")
    void answered(long durationNanos, long nowNanos) {
        if (durationNanos >= SLOW_NANOS) {
            slow(nowNanos);
        }
    }

    private synchronized void slow(long nowNanos) {
        slowTimes++;
        slowNanos = nowNanos;
    }

    /** What holds now, with how many times it happened. */
    @AnyThread
    synchronized Map<Problem, Long> present(long nowNanos) {
        Map<Problem, Long> present = new LinkedHashMap<>();
        for (Purpose purpose : Purpose.values()) {
            Trouble trouble = byPurpose[purpose.ordinal()];
            if (trouble == null) {
                continue;
            }
            if (trouble.acceptedSince && nowNanos - trouble.refusedNanos >= CALM_NANOS) {
                byPurpose[purpose.ordinal()] = null;
            } else {
                present.merge(problem(purpose, trouble.error), trouble.times, Long::sum);
            }
        }
        if (lapsed > 0 && nowNanos - lapsedNanos >= SLOW_HOLDS_NANOS) {
            lapsed = 0;
            onlineLapsed = false;
        }
        if (slowTimes > 0 && nowNanos - slowNanos >= SLOW_HOLDS_NANOS) {
            slowTimes = 0;
        }
        if (lapsed > 0) {
            present.put(
                    new Problem(
                            "Redis at " + server,
                            "is slower than what is written: "
                                    + (onlineLapsed
                                            ? keys.online() + " and keys of addresses lapse"
                                            : keys.lastMsPrefix() + "* lapse")
                                    + " while their next values wait",
                            "see LATENCY DOCTOR and SLOWLOG GET there, or bring it nearer to this agent"),
                    lapsed);
        } else if (slowTimes > 0) {
            present.put(
                    new Problem(
                            "Redis at " + server,
                            "is slow: answers take about a second or longer",
                            "see LATENCY DOCTOR and SLOWLOG GET there, or bring it nearer to this agent"),
                    slowTimes);
        }
        return present;
    }

    private Problem problem(Purpose purpose, String error) {
        String key = key(purpose);
        String command = command(purpose, error);
        return new Problem(key, "Redis refuses " + command + ": " + error, remedy(purpose, command, key, error));
    }

    /** Some purposes take several commands: the one that Redis names, if it names one. */
    private static String command(Purpose purpose, String error) {
        Matcher named = REFUSED_COMMAND.matcher(error);
        return named.find() ? named.group(1).toUpperCase(Locale.ROOT) : purpose.command();
    }

    private String remedy(Purpose purpose, String command, String key, String error) {
        return switch (RedisError.of(error)) {
            case NO_PERMISSION ->
                "allow it: ACL SETUSER " + user + " +" + command.toLowerCase(Locale.ROOT) + " '~" + key + "'";
            case WRONG_TYPE -> "it has to be a " + purpose.type() + "; remove it with DEL " + key;
            default -> RedisError.of(error).remedy();
        };
    }

    private String key(Purpose purpose) {
        return switch (purpose) {
            case VALUE, EXPIRY_CHECK, REMOVAL -> keys.lastMsPrefix() + "*";
            case PER_IP, PER_IP_EXPIRY_CHECK, PER_IP_REMOVAL -> keys.perIpPrefix() + "*";
            case ERR_LIST_ADD, ERR_LIST_REMOVE, ERR_LIST_READ -> keys.errList();
            case STATUS -> keys.allIpStatus();
            case STATUS_BEGIN, STATUS_PIECE, STATUS_CHECK, STATUS_PUBLISH -> keys.allIpStatusNext();
            case STATUS_EXCHANGE, STATUS_EXCHANGED -> keys.allIpStatusSpare();
            case AGENT_LIST -> RedisKeys.AGENT_LIST;
            case ONLINE, WITHDRAWAL -> keys.online();
            case OWNER, OWNER_TTL -> keys.owner();
            case STATS -> keys.stats();
        };
    }
}
