package io.pingagent.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis://[user:password@]host[:port][/database]}, or {@code rediss} for TLS. User and password are percent-encoded,
 * in UTF-8, and may then hold any character.
 *
 * @param location without user and password, with port and database
 */
record RedisUrl(
        URI location, @Nullable String user, @Nullable String password) {

    private static final int DEFAULT_PORT = 6379;
    private static final String FORM = "redis://HOST:PORT/DATABASE, or rediss:// for TLS";
    private static final String ENCODE =
            "percent-encode them (@ %40, : %3A, / %2F, ? %3F, # %23, % %25) or use redis.user and redis.password-file";

    /** Names with an underscore, which container networks use, are none for {@link URI#getHost}. */
    private static final Pattern SERVER =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+(?:%[^\\]]+)?\\]|" + TextTypes.HOST_NAME + ")(?::(\\d{0,5}))?");

    static final ValueType<RedisUrl> TYPE =
            new ScalarType<>("URL", FORM, RedisUrl::parse, url -> TextTypes.quote(url.toString()));

    private static RedisUrl parse(String text) throws InvalidValueException {
        TextTypes.refuseLostCharacters(text);
        int slashes = text.indexOf("//");
        int at = text.lastIndexOf('@');
        if (slashes >= 0 && at > slashes && text.substring(slashes + 2, at).matches(".*[/?#].*")) {
            throw new InvalidValueException(
                    "'" + hidePassword(text) + "' has special characters in the user or password",
                    "write " + FORM + "; " + ENCODE);
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // The exception's own message repeats the password.
            throw new InvalidValueException(
                    "'" + hidePassword(text) + "' is not a URL (" + e.getReason() + ")",
                    at < 0
                            ? "write " + FORM
                            : "write " + FORM + "; special characters of user and password: " + ENCODE);
        }
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
        String digits =
                server.group(2) == null || server.group(2).isEmpty() ? Integer.toString(DEFAULT_PORT) : server.group(2);
        int port = Integer.parseInt(digits);
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
        int database = path.length() < 2 ? 0 : Integer.parseInt(path.substring(1));
        String userInfo = userEnd < 0 ? "" : authority.substring(0, userEnd);
        int colon = userInfo.indexOf(':');
        return new RedisUrl(
                URI.create(scheme + "://" + server.group(1) + ":" + port + "/" + database),
                decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                decode(colon < 0 ? "" : userInfo.substring(colon + 1)));
    }

    /** Null for nothing. Split before it is decoded: a user may hold a colon. */
    private static @Nullable String decode(String encoded) throws InvalidValueException {
        if (encoded.isEmpty()) {
            return null;
        }
        String text = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        TextTypes.refuseLostCharacters(text);
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

    /** With the password hidden. */
    @Override
    public String toString() {
        String text = location.toString();
        if (user == null && password == null) {
            return text;
        }
        String hidden = (user == null ? "" : user) + (password == null ? "" : ":***") + "@";
        return text.replaceFirst("//", "//" + Matcher.quoteReplacement(hidden));
    }
}
