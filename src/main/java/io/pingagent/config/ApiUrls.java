package io.pingagent.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** {@code zabbix.api-url}: the address of the frontend as a browser has it, or that of {@code api_jsonrpc.php}. */
public final class ApiUrls {

    private static final String SCRIPT = "api_jsonrpc.php";
    private static final String FORM = "the address of the Zabbix frontend, such as https://zabbix.example.com/zabbix";

    private ApiUrls() {}

    static ValueType<URI> type() {
        return new ScalarType<>("URL", FORM, ApiUrls::read, url -> TextTypes.quote(url.toString()));
    }

    /**
     * The address of {@code api_jsonrpc.php}.
     *
     * @throws IllegalArgumentException if the text is no address of a frontend; the message says what to write
     */
    public static URI parse(String text) {
        try {
            return read(text);
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(e.what() + "; " + e.remedy(), e);
        }
    }

    private static URI read(String text) throws InvalidValueException {
        TextTypes.refuseLostCharacters(text);
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
                    "write " + FORM + ", and a token into" + " zabbix.api-token-file");
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
