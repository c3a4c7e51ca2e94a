package io.pingagent.redis;

import io.pingagent.base.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis://[user:password@]host[:port][/database]}, or {@code rediss} for TLS. User and password are
 * percent-encoded, in UTF-8, and may then hold any character. Immutable.
 *
 * @param tls whether the connection is encrypted
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 * @param database 0 to 99999
 * @param user null for Redis's default user
 * @param password null for none
 */
public record RedisUrl(
        boolean tls,
        String host,
        int port,
        int database,
        @Nullable String user,
        @Nullable String password) {

    /** What to write, in words that follow "write". */
    public static final String FORM = "redis://HOST:PORT/DATABASE, or rediss:// for TLS";

    /** A name that a resolver may know, as a regular expression. Container networks use names with an underscore. */
    public static final String HOST_NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}";

    private static final int DEFAULT_PORT = 6379;
    private static final String ENCODE =
            "percent-encode them (@ %40, : %3A, / %2F, ? %3F, # %23, % %25) or use redis.user and redis.password-file";

    /** {@link URI#getHost} does not take names with an underscore. */
    private static final Pattern SERVER =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]+(?:%[^\\]]+)?)\\]|(" + HOST_NAME + "))(?::(\\d{0,5}))?");

    /** @throws InvalidValueException if the text is no such URL; what it says holds no password */
    public static RedisUrl parse(String text) throws InvalidValueException {
        InvalidValueException.refuseLostCharacters(text);
        URI uri = uri(text);
        String scheme = uri.getScheme();
        if (scheme == null || !scheme.equals("redis") && !scheme.equals("rediss")) {
            throw invalid(text, "does not begin with redis:// or rediss://");
        }
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        int userEnd = authority.lastIndexOf('@');
        Matcher server = SERVER.matcher(authority.substring(userEnd + 1));
        if (!server.matches()) {
            throw invalid(text, "names no valid host and port");
        }
        String digits = server.group(3);
        int port = digits == null || digits.isEmpty() ? DEFAULT_PORT : Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw invalid(text, "has a port outside 1 to 65535");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw invalid(text, "has a query or fragment, which means nothing here");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (!path.matches("(/\\d{0,5})?")) {
            throw invalid(text, "has '" + path + "' where the number of the database belongs");
        }
        // Split before it is decoded: a user may hold a colon.
        String userInfo = userEnd < 0 ? "" : authority.substring(0, userEnd);
        int colon = userInfo.indexOf(':');
        return new RedisUrl(
                scheme.equals("rediss"),
                server.group(1) == null ? server.group(2) : server.group(1),
                port,
                path.length() < 2 ? 0 : Integer.parseInt(path.substring(1)),
                decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                decode(colon < 0 ? "" : userInfo.substring(colon + 1)));
    }

    private static URI uri(String text) throws InvalidValueException {
        int slashes = text.indexOf("//");
        int at = text.lastIndexOf('@');
        if (slashes >= 0 && at > slashes && text.substring(slashes + 2, at).matches(".*[/?#].*")) {
            throw new InvalidValueException(
                    "'" + hidePassword(text) + "' has special characters in the user or password",
                    "write " + FORM + "; " + ENCODE);
        }
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // The exception's own message repeats the password.
            throw new InvalidValueException(
                    "'" + hidePassword(text) + "' is not a URL (" + e.getReason() + ")",
                    at < 0
                            ? "write " + FORM
                            : "write " + FORM + "; special characters of user and password: " + ENCODE);
        }
    }

    /** Null for nothing. */
    private static @Nullable String decode(String encoded) throws InvalidValueException {
        if (encoded.isEmpty()) {
            return null;
        }
        String text = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        InvalidValueException.refuseLostCharacters(text);
        return text;
    }

    private static InvalidValueException invalid(String text, String what) {
        return new InvalidValueException("'" + hidePassword(text) + "' " + what, "write " + FORM);
    }

    /** Everything before the last at sign may be a password, also in a URL that cannot be read. */
    private static String hidePassword(String text) {
        int at = text.lastIndexOf('@');
        int slashes = text.indexOf("//");
        if (at >= 0) {
            return (slashes < 0 || slashes > at ? "" : text.substring(0, slashes + 2)) + "***" + text.substring(at);
        }
        int colon = slashes < 0 ? -1 : text.indexOf(':', slashes);
        boolean isPort = colon < 0
                || text.startsWith("[", slashes + 2)
                || text.substring(colon + 1).matches("\\d*(/.*)?");
        // A password whose host was forgotten stands where the port should.
        return isPort ? text : text.substring(0, colon + 1) + "***";
    }

    /** The same server, for another user. */
    public RedisUrl as(@Nullable String newUser, @Nullable String newPassword) {
        return new RedisUrl(tls, host, port, database, newUser, newPassword);
    }

    /** Without user and password, with port and database. */
    public String location() {
        return scheme() + server();
    }

    private String scheme() {
        return tls ? "rediss://" : "redis://";
    }

    private String server() {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port + '/' + database;
    }

    /** With the password hidden. */
    @Override
    public String toString() {
        if (user == null && password == null) {
            return location();
        }
        return scheme() + (user == null ? "" : user) + (password == null ? "" : ":***") + '@' + server();
    }
}
