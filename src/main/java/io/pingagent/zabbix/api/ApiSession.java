package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import io.pingagent.model.OneLine;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Zabbix's JSON-RPC 2.0 as the owner of an API token. The token is read from its file when the session opens, goes nowhere
 * but to the frontend that first said its version, and is in no message. Used by one thread.
 *
 * <p>Up to 6.2 the token is the property {@code auth} of a request, from 6.4 on it is in the header {@code Authorization}
 * ({@code https://www.zabbix.com/documentation/7.0/en/manual/api}).
 */
public final class ApiSession {

    private static final int MAX_REDIRECTS = 3;
    private static final int MAX_SAID = 300;
    private static final String NOT_AUTHORIZED_REMEDY =
            "put a token that is valid into zabbix.api-token-file (Users, API tokens)";

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
     * Reads the token and asks for the version, which shows that an API is there. Whether the token is valid shows with the
     * first call.
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

    private <T> T authorized(String method, JsonElement parameters, Result<T> result) throws ApiException {
        try {
            return post(method, parameters, true, result);
        } catch (ApiHttp.RedirectException e) {
            throw new ApiException(
                    Kind.REFUSED,
                    url + " redirects a request with a token to '" + OneLine.of(e.location(), 200) + "'",
                    "name the address where the API itself is in zabbix.api-url");
        }
    }

    /** Reads what stands at {@code result}. */
    private interface Result<T> {
        T read(JsonReader reader) throws IOException, ApiException;
    }

    private <T> T post(String method, JsonElement parameters, boolean isAuthorized, Result<T> result)
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
        return http.post(url, request.toString(), bearer, timeout, body -> answer(method, body, result));
    }

    private <T> T answer(String method, InputStream body, Result<T> result) throws IOException, ApiException {
        Beginning beginning = new Beginning(body);
        JsonReader reader = new JsonReader(new InputStreamReader(beginning, StandardCharsets.UTF_8));
        @Nullable T found = null;
        try {
            reader.beginObject();
            while (reader.hasNext()) {
                switch (reader.nextName()) {
                    case "result" -> found = result.read(reader);
                    case "error" -> throw refusal(method, JsonParser.parseReader(reader));
                    default -> reader.skipValue();
                }
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw HttpAnswers.noApi(url, beginning.text());
            }
        } catch (EOFException e) {
            throw cutOff(method, beginning.text(), e);
        } catch (MalformedJsonException | IllegalStateException e) {
            throw HttpAnswers.noApi(url, beginning.text());
        } catch (JsonParseException e) {
            if (e.getCause() instanceof EOFException eof) {
                throw cutOff(method, beginning.text(), eof);
            }
            if (e.getCause() instanceof IOException io && !(io instanceof MalformedJsonException)) {
                throw io;
            }
            throw HttpAnswers.noApi(url, beginning.text());
        }
        if (found == null) {
            throw HttpAnswers.noApi(url, beginning.text());
        }
        return found;
    }

    private ApiException cutOff(String method, String start, EOFException e) {
        if (start.isBlank()) {
            return new ApiException(
                    Kind.AWAY,
                    url + " answered " + method + " with nothing",
                    "look at the log of the web server and of PHP, and at PHP's memory_limit",
                    e);
        }
        return new ApiException(
                Kind.AWAY,
                "the answer of " + url + " to " + method + " breaks off",
                "look at the log of the web server and of PHP",
                e);
    }

    private ApiException refusal(String method, JsonElement error) {
        String said = said(error);
        String lower = said.toLowerCase(Locale.ROOT);
        String what = "the Zabbix API refuses " + method + ": " + said;
        if (lower.contains("not authori") || lower.contains("re-login") || lower.contains("session terminated")) {
            return new ApiException(
                    Kind.NOT_PERMITTED,
                    what,
                    NOT_AUTHORIZED_REMEDY
                            + (version.takesBearer()
                                    ? "; if it is, let the web server pass on the header Authorization (Apache:"
                                            + " CGIPassAuth On)"
                                    : ""));
        }
        if (lower.contains("token expired") || lower.contains("token is disabled")) {
            return new ApiException(Kind.NOT_PERMITTED, what, NOT_AUTHORIZED_REMEDY);
        }
        if (lower.contains("no permissions to call") || lower.contains("do not have permission")) {
            return new ApiException(
                    Kind.NOT_PERMITTED,
                    what,
                    "allow " + method + " in the role of the token's user (Users, User roles, Access to API)");
        }
        if (lower.contains("no permissions") || lower.contains("permission")) {
            return new ApiException(
                    Kind.NOT_PERMITTED,
                    what,
                    "give the token's user the right to the host groups and templates concerned");
        }
        if (lower.contains("incorrect api") || lower.contains("incorrect method")) {
            return new ApiException(
                    Kind.REFUSED,
                    what,
                    "see that the role of the token's user has access to the API, and that Zabbix " + version
                            + " has this method");
        }
        return new ApiException(
                Kind.REFUSED, what, "look at what the API says; the log of the web server may say more");
    }

    /** The two parts of an error in one line. */
    private static String said(JsonElement error) {
        if (!(error instanceof JsonObject object)) {
            return OneLine.of(String.valueOf(error), MAX_SAID);
        }
        String message = JsonFields.textOr(object, "message", "");
        String data = JsonFields.textOr(object, "data", "");
        String text = data.isBlank() ? message : data;
        return OneLine.of(
                text.isBlank()
                        ? "an error without a text"
                        : text.strip().replaceAll("\\s+", " ").replaceAll("\\.$", ""),
                MAX_SAID);
    }

    /** Remembers how an answer begins, for messages. */
    private static final class Beginning extends java.io.FilterInputStream {

        private final byte[] start = new byte[1024];
        private int length;

        Beginning(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0 && length < start.length) {
                start[length++] = (byte) b;
            }
            return b;
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            int read = super.read(bytes, from, count);
            int kept = Math.min(Math.max(0, read), start.length - length);
            System.arraycopy(bytes, from, start, length, kept);
            length += kept;
            return read;
        }

        String text() {
            return new String(start, 0, length, StandardCharsets.UTF_8);
        }
    }
}
