package io.pingagent.redis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the agent reaches Redis and what it writes there. Immutable, checked when made.
 *
 * @param agent the agent's name, part of its keys; 1 to 200 characters
 * @param url {@code redis://[[user:]password@]host[:port][/db]}, or {@code rediss://} for TLS
 * @param user wins over the user in the URL
 * @param password wins over the password in the URL
 * @param caFile PEM certificates trusted for {@code rediss}, or null for those of the Java runtime
 * @param certificateFile PEM certificate shown to a server that asks for one, or null
 * @param keyFile PEM key of that certificate, or null
 * @param connectTimeout longest wait for a TCP connection, above 0
 * @param readTimeout longest wait for one reply, above 0; a slower Redis counts as away
 * @param statusInterval gap between two status strings, at least 1 s
 * @param decimalLastMs last-ms as {@code 11.204} instead of {@code 11}
 * @param perIpStatus whether the earlier layout's {@code ip_$agent_$ip} keys are written
 * @param onlineTtl TTL of {@code agent-online_$agent}, at least 3 s; refreshed after a third of it
 */
public record RedisSettings(
        String agent,
        URI url,
        @Nullable String user,
        @Nullable String password,
        @Nullable Path caFile,
        @Nullable Path certificateFile,
        @Nullable Path keyFile,
        Duration connectTimeout,
        Duration readTimeout,
        Duration statusInterval,
        boolean decimalLastMs,
        boolean perIpStatus,
        Duration onlineTtl) {

    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);
    public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(5);

    private static final int DEFAULT_PORT = 6379;

    /** @throws IllegalArgumentException if a value is out of its range; the message gives value and range */
    public RedisSettings {
        if (agent.isEmpty() || agent.length() > 200) {
            throw new IllegalArgumentException("agent.name has 1 to 200 characters, not " + agent.length());
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("redis") && !scheme.equals("rediss")) {
            throw new IllegalArgumentException("redis.url starts with '" + scheme + "', not redis:// or rediss://");
        }
        hostAndPort(url);
        databaseOf(url);
        requireAtLeast("redis connect time-out", connectTimeout, Duration.ofMillis(1));
        requireAtLeast("redis read time-out", readTimeout, Duration.ofMillis(1));
        requireAtLeast("redis.status-interval", statusInterval, Duration.ofSeconds(1));
        requireAtLeast("agent.online-ttl", onlineTtl, Duration.ofSeconds(3));
    }

    /** Same, without a certificate of our own. */
    public RedisSettings(
            String agent,
            URI url,
            @Nullable String user,
            @Nullable String password,
            @Nullable Path caFile,
            Duration connectTimeout,
            Duration readTimeout,
            Duration statusInterval,
            boolean decimalLastMs,
            boolean perIpStatus,
            Duration onlineTtl) {
        this(
                agent,
                url,
                user,
                password,
                caFile,
                null,
                null,
                connectTimeout,
                readTimeout,
                statusInterval,
                decimalLastMs,
                perIpStatus,
                onlineTtl);
    }

    /** The defaults of the contract for an agent and a URL. */
    public static RedisSettings of(String agent, URI url) {
        return new RedisSettings(
                agent,
                url,
                null,
                null,
                null,
                DEFAULT_CONNECT_TIMEOUT,
                DEFAULT_READ_TIMEOUT,
                Duration.ofSeconds(10),
                false,
                false,
                Duration.ofSeconds(30));
    }

    public boolean tls() {
        return "rediss".equalsIgnoreCase(url.getScheme());
    }

    /** The host without the brackets of an IPv6 literal. */
    public String host() {
        return hostAndPort(url).host;
    }

    public int port() {
        return hostAndPort(url).port;
    }

    public int database() {
        return databaseOf(url);
    }

    /** The user to log in as: the explicit one, else the URL's, else null for Redis's default user. */
    public @Nullable String effectiveUser() {
        if (user != null) {
            return user;
        }
        String fromUrl = userInfo();
        if (fromUrl == null || fromUrl.indexOf(':') <= 0) {
            return null;
        }
        return decode(fromUrl.substring(0, fromUrl.indexOf(':')));
    }

    /** The explicit password, else the URL's, else null. */
    public @Nullable String effectivePassword() {
        if (password != null) {
            return password;
        }
        String fromUrl = userInfo();
        if (fromUrl == null || fromUrl.isEmpty()) {
            return null;
        }
        return decode(fromUrl.substring(fromUrl.indexOf(':') + 1));
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return (tls() ? "rediss://" : "redis://") + bracketed(host()) + ':' + port() + '/' + database() + " as agent "
                + agent;
    }

    private @Nullable String userInfo() {
        String authority = url.getRawAuthority();
        int at = authority == null ? -1 : authority.lastIndexOf('@');
        return authority == null || at < 0 ? null : authority.substring(0, at);
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private record HostPort(String host, int port) {}

    /** By hand, because {@link URI#getHost} is null for names with an underscore, which container networks use. */
    private static HostPort hostAndPort(URI url) {
        String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
        String hostPort = authority.substring(authority.lastIndexOf('@') + 1);
        int bracket = hostPort.lastIndexOf(']');
        int colon = hostPort.indexOf(':', bracket + 1);
        String host = colon < 0 ? hostPort : hostPort.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty()) {
            throw new IllegalArgumentException("redis.url names no host; write redis://127.0.0.1:6379/0");
        }
        if (colon < 0) {
            return new HostPort(host, DEFAULT_PORT);
        }
        return new HostPort(host, number("port", hostPort.substring(colon + 1), 1, 65_535));
    }

    private static int databaseOf(URI url) {
        String path = url.getPath() == null ? "" : url.getPath();
        return path.isEmpty() || path.equals("/") ? 0 : number("database", path.substring(1), 0, Integer.MAX_VALUE);
    }

    private static int number(String what, String text, int min, int max) {
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("redis.url: the " + what + " '" + text + "' is not a number", e);
        }
        throw new IllegalArgumentException(
                "redis.url: the " + what + " " + text + " is not between " + min + " and " + max);
    }

    private static void requireAtLeast(String what, Duration value, Duration min) {
        if (value.compareTo(min) < 0) {
            throw new IllegalArgumentException(what + " is " + value.toMillis() + " ms; at least " + min.toMillis());
        }
    }
}
