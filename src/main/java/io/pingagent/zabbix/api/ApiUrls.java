package io.pingagent.zabbix.api;

import io.pingagent.base.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Reads {@code zabbix.api-url}: the frontend's address as in a browser, or that of {@code api_jsonrpc.php}. Stateless.
 */
public final class ApiUrls {

    private static final String SCRIPT = "api_jsonrpc.php";
    /** What to write, in words that follow "write". */
    public static final String FORM = "the address of the Zabbix frontend, such as https://zabbix.example.com/zabbix";

    private ApiUrls() {}

    /**
     * The address of {@code api_jsonrpc.php}.
     *
     * @throws InvalidValueException if the text is no address of a frontend
     */
    public static URI parse(String text) throws InvalidValueException {
        InvalidValueException.refuseLostCharacters(text);
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new InvalidValueException("it is no URL (" + e.getReason() + ")", "write " + FORM);
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new InvalidValueException("it does not begin with http:// or https://", "write " + FORM);
        }
        if (url.getRawUserInfo() != null) {
            // Not shown: it may hold a password.
            throw new InvalidValueException(
                    "it holds a user or password, which the API does not take",
                    "write " + FORM + ", and a token into zabbix.api-token-file");
        }
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > 65_535) {
            throw new InvalidValueException("it names no valid host and port", "write " + FORM);
        }
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        int lastSlash = path.lastIndexOf('/');
        // A page of the frontend, as copied from a browser.
        String directory = path.endsWith(".php") ? path.substring(0, lastSlash) : path.replaceAll("/+$", "");
        try {
            return new URI(scheme + "://" + url.getRawAuthority() + directory + "/" + SCRIPT);
        } catch (URISyntaxException e) {
            throw new InvalidValueException("it is no URL (" + e.getReason() + ")", "write " + FORM);
        }
    }
}
