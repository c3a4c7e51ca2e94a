package io.pingagent.redis;

import io.pingagent.base.InvalidValueException;
import io.pingagent.model.KeyNames;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the agent reaches Redis and what it writes there. Immutable, checked when made.
 *
 * @param agent the agent's name, part of its keys; 1 to 128 characters
 * @param url the server, with user and password
 * @param certificates what {@code rediss} uses
 * @param connectTimeout longest wait for a TCP connection, at least 1 ms
 * @param readTimeout longest wait for one reply, at least 1 ms; a slower Redis counts as unreachable
 * @param written what is written, and how often
 */
public record RedisSettings(
        String agent,
        RedisUrl url,
        Certificates certificates,
        Duration connectTimeout,
        Duration readTimeout,
        Written written) {

    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);
    public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(1);

    /**
     * The PEM files of {@code rediss}.
     *
     * @param caFile certificates that are trusted, or null for those of the Java runtime
     * @param certificateFile shown to a server that asks for one, or null
     * @param keyFile key of that certificate, or null
     */
    public record Certificates(
            @Nullable Path caFile,
            @Nullable Path certificateFile,
            @Nullable Path keyFile) {

        /** The authorities of the Java runtime, and no certificate of our own. */
        public static final Certificates DEFAULT = new Certificates(null, null, null);
    }

    /**
     * What the agent writes, and how often.
     *
     * @param statusInterval gap between two status strings, at least 1 s
     * @param onlineTtl TTL of {@code agent-online_$agent}, at least 3 s; refreshed after a third of it
     * @param decimalLastMs last-ms as {@code 11.204} instead of {@code 11}
     * @param perIpStatus whether the earlier layout's {@code ip_$agent_$ip} keys are written
     */
    public record Written(Duration statusInterval, Duration onlineTtl, boolean decimalLastMs, boolean perIpStatus) {

        /** As the contract has it. */
        public static final Written DEFAULT = new Written(Duration.ofSeconds(10), Duration.ofSeconds(30), false, false);

        /** @throws IllegalArgumentException if a value is out of its range; the message gives value and range */
        public Written {
            requireAtLeast("redis.status-interval", statusInterval, Duration.ofSeconds(1));
            requireAtLeast("agent.online-ttl", onlineTtl, Duration.ofSeconds(3));
        }
    }

    /** @throws IllegalArgumentException if a value is out of its range; the message gives value and range */
    public RedisSettings {
        if (agent.isEmpty() || agent.length() > KeyNames.MOST_AGENT_CHARACTERS) {
            throw new IllegalArgumentException(
                    "agent.name has 1 to " + KeyNames.MOST_AGENT_CHARACTERS + " characters, not " + agent.length());
        }
        requireAtLeast("redis connect timeout", connectTimeout, LEAST_TIMEOUT);
        requireAtLeast("redis read timeout", readTimeout, LEAST_TIMEOUT);
    }

    /** With the time limits of the agent. */
    public RedisSettings(String agent, RedisUrl url, Certificates certificates, Written written) {
        this(agent, url, certificates, DEFAULT_CONNECT_TIMEOUT, DEFAULT_READ_TIMEOUT, written);
    }

    /**
     * The defaults of the contract for an agent and a URL.
     *
     * @throws IllegalArgumentException if the URL is none of Redis
     */
    public static RedisSettings of(String agent, URI url) {
        try {
            return new RedisSettings(agent, RedisUrl.parse(url.toString()), Certificates.DEFAULT, Written.DEFAULT);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException("redis.url: " + e.what() + "; " + e.remedy(), e);
        }
    }

    /** The same with other time limits. */
    public RedisSettings within(Duration newConnectTimeout, Duration newReadTimeout) {
        return new RedisSettings(agent, url, certificates, newConnectTimeout, newReadTimeout, written);
    }

    /** The same with other PEM files. */
    public RedisSettings with(Certificates newCertificates) {
        return new RedisSettings(agent, url, newCertificates, connectTimeout, readTimeout, written);
    }

    /** The same, writing something else. */
    public RedisSettings writing(Written newWritten) {
        return new RedisSettings(agent, url, certificates, connectTimeout, readTimeout, newWritten);
    }

    public boolean tls() {
        return url.tls();
    }

    public int database() {
        return url.database();
    }

    public Duration statusInterval() {
        return written.statusInterval();
    }

    public Duration onlineTtl() {
        return written.onlineTtl();
    }

    public boolean decimalLastMs() {
        return written.decimalLastMs();
    }

    public boolean perIpStatus() {
        return written.perIpStatus();
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return url.location() + " as agent " + agent;
    }

    private static void requireAtLeast(String what, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(what + " is " + value.toMillis() + " ms; at least " + least.toMillis());
        }
    }
}
