package io.pingagent.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis://[user:password@]host[:port][/database]}, or {@code rediss} for TLS.
 *
 * @param location without user and password, with port and database
 */
record RedisUrl(
        URI location, @Nullable String user, @Nullable String password) {

    private static final int DEFAULT_PORT = 6379;
    private static final String FORM = "redis://HOST:PORT/DATABASE, or rediss:// for TLS";

    static final ValueType<RedisUrl> TYPE =
            new ScalarType<>("URL", FORM, RedisUrl::parse, url -> Texts.quote(url.toString()));

    private static RedisUrl parse(String text) throws InvalidValueException {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // The exception's own message repeats the password.
            throw new InvalidValueException(
                    "'" + hidePassword(text) + "' is not a URL (" + e.getReason() + ")",
                    "write " + FORM + "; percent-encode special characters of the password or use redis.password-file");
        }
        String scheme = uri.getScheme();
        String host = uri.getHost();
        String path = uri.getRawPath();
        if (scheme == null || !scheme.equals("redis") && !scheme.equals("rediss")) {
            throw invalid(text, "does not begin with redis:// or rediss://");
        }
        if (host == null) {
            throw invalid(text, "names no valid host");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw invalid(text, "has a port outside 1 to 65535");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw invalid(text, "has a query or fragment, which means nothing here");
        }
        if (path != null && !path.matches("(/\\d{0,5})?")) {
            throw invalid(text, "has '" + path + "' where the number of the database belongs");
        }
        String database =
                path == null || path.length() < 2 ? "0" : Integer.toString(Integer.parseInt(path.substring(1)));
        int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
        String userInfo = uri.getUserInfo();
        String user = null;
        String password = null;
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            user = colon < 0 ? userInfo : userInfo.substring(0, colon);
            password = colon < 0 ? null : userInfo.substring(colon + 1);
        }
        return new RedisUrl(
                URI.create(scheme + "://" + host + ":" + port + "/" + database),
                user == null || user.isEmpty() ? null : user,
                password == null || password.isEmpty() ? null : password);
    }

    private static InvalidValueException invalid(String text, String what) {
        return new InvalidValueException("'" + hidePassword(text) + "' " + what, "write " + FORM);
    }

    /** Everything before the last at sign may be a password, also in a URL that cannot be read. */
    private static String hidePassword(String text) {
        int at = text.lastIndexOf('@');
        int slashes = text.indexOf("//");
        return at < 0
                ? text
                : (slashes < 0 || slashes > at ? "" : text.substring(0, slashes + 2)) + "***" + text.substring(at);
    }

    /** With the password hidden. */
    @Override
    public String toString() {
        String text = location.toString();
        if (user == null && password == null) {
            return text;
        }
        String hidden = (user == null ? "" : user) + (password == null ? "" : ":***") + "@";
        return text.replaceFirst("//", "//" + java.util.regex.Matcher.quoteReplacement(hidden));
    }
}
