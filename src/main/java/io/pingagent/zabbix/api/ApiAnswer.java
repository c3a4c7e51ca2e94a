package io.pingagent.zabbix.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.pingagent.base.AnyThread;
import io.pingagent.base.OneLine;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads answers of JSON-RPC 2.0 as they come in. Immutable. */
@AnyThread
final class ApiAnswer {

    private static final int MAX_SAID = 300;
    private static final String NOT_AUTHORIZED_REMEDY =
            "put a token that is valid into zabbix.api-token-file (Users, API tokens)";

    /**
     * What the frontend says, with HTTP status 200, while its database is unreachable; the last is in place of an SQL
     * error.
     */
    private static final List<String> DATABASE = List.of(
            "error connecting to database",
            "unable to select configuration",
            "sql statement execution",
            "system error occurred");

    private final URI url;
    private final ApiVersion version;

    /**
     * @param url of the API, for messages
     * @param version of the API, for remedies
     */
    ApiAnswer(URI url, ApiVersion version) {
        this.url = url;
        this.version = version;
    }

    /** Reads what stands at {@code result}. */
    interface Result<T> {
        T read(JsonReader reader) throws IOException, ApiException;
    }

    /**
     * Reads one answer.
     *
     * @throws IOException if the connection breaks
     * @throws ApiException if it is an error of the API, or no answer of it
     */
    <T> T read(String method, InputStream body, Result<T> result) throws IOException, ApiException {
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
        } catch (MalformedJsonException | EOFException | IllegalStateException e) {
            throw unreadable(method, beginning.text(), e);
        } catch (JsonParseException e) {
            // Gson wraps what it meets within a value.
            Throwable cause = e.getCause();
            if (cause instanceof IOException io
                    && !(io instanceof MalformedJsonException)
                    && !(io instanceof EOFException)) {
                throw io;
            }
            throw unreadable(method, beginning.text(), cause == null ? e : cause);
        }
        if (found == null) {
            throw HttpAnswers.noApi(url, beginning.text());
        }
        return found;
    }

    private ApiException unreadable(String method, String start, Throwable e) {
        boolean isCutOff =
                e instanceof EOFException || String.valueOf(e.getMessage()).startsWith("Unterminated");
        if (!isCutOff) {
            return HttpAnswers.noApi(url, start);
        }
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
        if (DATABASE.stream().anyMatch(lower::contains)) {
            return new ApiException(
                    Kind.AWAY,
                    "the Zabbix frontend at " + url + " has trouble with its database: " + said,
                    "look at the database of Zabbix, and at the log of the web server");
        }
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
        if (lower.contains("no permissions to call")) {
            return new ApiException(
                    Kind.NOT_PERMITTED,
                    what,
                    "allow " + method + " in the role of the token's user (Users, User roles, Access to API)");
        }
        if (lower.contains("no permissions") || lower.contains("permission")) {
            return new ApiException(
                    Kind.NOT_PERMITTED,
                    what,
                    "give the user group of the token's user the permission on the host groups and templates concerned:"
                            + " read to import, read-write to link; 'ping-agent zabbix setup' needs a Super admin");
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
    private static final class Beginning extends FilterInputStream {

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
