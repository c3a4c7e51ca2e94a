package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.base.OneLine;
import io.pingagent.base.OwnedBy;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Zabbix's JSON-RPC 2.0 as the owner of an API token. The token is read from its file when the session opens. It goes
 * only to the frontend that first said its version, and is in no message.
 *
 * <p>Up to 6.2 the token is the property {@code auth} of a request, from 6.4 on it is in the header
 * {@code Authorization} ({@code https://www.zabbix.com/documentation/7.0/en/manual/api}).
 */
@OwnedBy("caller")
public final class ApiSession {

    private static final int MAX_REDIRECTS = 3;
    /** Without a look-up: the names of RFC 6761, 6.3, and the addresses. */
    private static final Pattern LOOPBACK =
            Pattern.compile("(?:.+\\.)?localhost\\.?|127(?:\\.[0-9]{1,3}){3}|\\[(?:::1|0*(?::0*){6}:0*1)\\]");

    private final ApiHttp http;
    private final Duration timeout;
    private final String token;
    private URI url;
    private ApiVersion version = new ApiVersion(0, 0, "unknown");

    private ApiSession(ApiSettings settings, String token) throws ApiException {
        this.http = new ApiHttp(settings);
        this.timeout = settings.callTimeout();
        this.url = settings.url();
        this.token = token;
    }

    /**
     * Reads the token and asks for the version, which shows that an API is there. Whether the token is valid shows with
     * the first call.
     *
     * @throws ApiException if the token cannot be read, or no API of Zabbix 6.0 or later answers
     */
    public static ApiSession open(ApiSettings settings) throws ApiException {
        String token;
        try {
            token = KeyFiles.password(settings.tokenFile());
        } catch (KeyFileException e) {
            throw new ApiException(Kind.REFUSED, "API token: " + e.what(), e.remedy(), e);
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ApiException(
                    Kind.REFUSED,
                    "'" + settings.tokenFile() + "' holds no API token: those have no blanks",
                    "put a token there (Users, API tokens), on one line");
        }
        ApiSession session = new ApiSession(settings, token);
        session.version = session.askVersion();
        return session;
    }

    public ApiVersion version() {
        return version;
    }

    /** Where the API is, after redirects. */
    public URI url() {
        return url;
    }

    /** Whether the token, and all else, goes over a network without encryption. */
    public boolean isInClear() {
        return isInClear(url);
    }

    static boolean isInClear(URI url) {
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        return !"https".equals(url.getScheme()) && !LOOPBACK.matcher(host).matches();
    }

    private ApiVersion askVersion() throws ApiException {
        for (int redirect = 0; ; redirect++) {
            try {
                JsonElement answer =
                        post("apiinfo.version", new JsonArray(), false, reader -> JsonParser.parseReader(reader));
                if (!answer.isJsonPrimitive()) {
                    throw HttpAnswers.noApi(url, answer.toString());
                }
                ApiVersion found = ApiVersion.parse(OneLine.of(answer.getAsString(), 60));
                if (!found.isAtLeast(6, 0)) {
                    throw new ApiException(
                            Kind.REFUSED,
                            url + " is Zabbix " + found + ", whose API is too old",
                            "use Zabbix 6.0 or later");
                }
                return found;
            } catch (IllegalArgumentException e) {
                throw HttpAnswers.noApi(url, String.valueOf(e.getMessage()));
            } catch (ApiHttp.RedirectException e) {
                if (redirect == MAX_REDIRECTS) {
                    throw new ApiException(
                            Kind.REFUSED,
                            url + " redirects in a circle",
                            "look at the configuration of the web server");
                }
                url = Redirects.follow(url, e.location());
            }
        }
    }

    /**
     * Calls a method whose answer is small.
     *
     * @throws ApiException if there is no answer, or the API refuses
     */
    public JsonElement call(String method, JsonElement parameters) throws ApiException {
        return authorized(method, parameters, reader -> JsonParser.parseReader(reader));
    }

    /** Takes one element of a long list. */
    interface Elements {
        void take(JsonObject element) throws ApiException;
    }

    /**
     * Calls a method whose answer is a list of objects, which are handed over one by one as they come in.
     *
     * @throws ApiException as {@link #call}; what was handed over by then is not the whole list
     */
    void each(String method, JsonElement parameters, Elements elements) throws ApiException {
        authorized(method, parameters, reader -> {
            reader.beginArray();
            while (reader.hasNext()) {
                elements.take(JsonFields.object(JsonParser.parseReader(reader), method));
            }
            reader.endArray();
            return "";
        });
    }

    private <T> T authorized(String method, JsonElement parameters, ApiAnswer.Result<T> result) throws ApiException {
        try {
            return post(method, parameters, true, result);
        } catch (ApiHttp.RedirectException e) {
            throw new ApiException(
                    Kind.REFUSED,
                    url + " redirects a request with a token to '" + OneLine.of(e.location(), 200) + "'",
                    "name the address where the API itself is in zabbix.api-url");
        }
    }

    private <T> T post(String method, JsonElement parameters, boolean isAuthorized, ApiAnswer.Result<T> result)
            throws ApiException, ApiHttp.RedirectException {
        JsonObject request = new JsonObject();
        request.addProperty("jsonrpc", "2.0");
        request.addProperty("method", method);
        request.add("params", parameters);
        boolean inBody = isAuthorized && !version.takesBearer();
        if (inBody) {
            request.addProperty("auth", token);
        }
        request.addProperty("id", 1);
        String bearer = isAuthorized && !inBody ? token : null;
        return http.post(
                url,
                request.toString(),
                bearer,
                timeout,
                body -> new ApiAnswer(url, version).read(method, body, result));
    }
}
