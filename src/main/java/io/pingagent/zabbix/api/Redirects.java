package io.pingagent.zabbix.api;

import io.pingagent.base.OneLine;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Which redirects of the first request are followed; it carries no token. Allowed: same host and port, or from http to
 * https at the default ports. Stateless.
 */
final class Redirects {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final String SCRIPT = "api_jsonrpc.php";

    private Redirects() {}

    /** @throws ApiException if it leads to another host or port, away from https, or to something that is no API */
    static URI follow(URI from, String location) throws ApiException {
        String shown = OneLine.of(location, 200);
        URI to;
        try {
            to = from.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw new ApiException(
                    Kind.REFUSED,
                    from + " redirects to '" + shown + "', which is no URL",
                    "look at the configuration of the web server");
        }
        String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        boolean isSafe = scheme.equals("https")
                || scheme.equals("http") && from.getScheme().equals("http");
        if (!isSafe
                || to.getHost() == null
                || !to.getHost().equalsIgnoreCase(from.getHost())
                || !isSamePort(from, to)) {
            throw new ApiException(
                    Kind.REFUSED,
                    from + " redirects to '" + shown
                            + "', and a token goes to no other server and not from https to http",
                    "name that address in zabbix.api-url if it is the Zabbix frontend");
        }
        String path = String.valueOf(to.getPath());
        if (!path.endsWith("/" + SCRIPT)) {
            throw new ApiException(
                    Kind.REFUSED,
                    from + " redirects to '" + shown + "', which is no API",
                    "write the address of the Zabbix frontend, as in a browser, into zabbix.api-url");
        }
        return to;
    }

    /** On one host another port may be another's program. */
    private static boolean isSamePort(URI from, URI to) {
        return port(from) == port(to) || port(from) == HTTP && port(to) == HTTPS;
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS : HTTP;
    }
}
