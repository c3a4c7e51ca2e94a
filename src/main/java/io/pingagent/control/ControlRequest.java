package io.pingagent.control;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One question.
 *
 * @param key an item key, perhaps one that nobody knows
 * @param parameters of the key, in order
 * @param timeoutMillis within which the answer is wanted, {@value #LEAST_TIMEOUT_MILLIS} to {@value #MOST_TIMEOUT_MILLIS}
 */
public record ControlRequest(String key, List<String> parameters, long timeoutMillis) {

    /** Less would be no time at all. */
    public static final long LEAST_TIMEOUT_MILLIS = 1;

    /** As long as an item of Zabbix may take. */
    public static final long MOST_TIMEOUT_MILLIS = 600_000;

    private static final long DEFAULT_TIMEOUT_MILLIS = 3_000;

    public ControlRequest {
        parameters = List.copyOf(parameters);
        timeoutMillis = Math.max(LEAST_TIMEOUT_MILLIS, Math.min(MOST_TIMEOUT_MILLIS, timeoutMillis));
    }

    /** The line that asks it, with its end. */
    byte[] encoded() {
        StringWriter text = new StringWriter();
        try {
            JsonWriter json = new JsonWriter(text);
            json.beginObject();
            json.name("key").value(key);
            json.name("parameters").beginArray();
            for (String parameter : parameters) {
                json.value(parameter);
            }
            json.endArray();
            json.name("timeoutMillis").value(timeoutMillis);
            json.endObject();
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // JSON escapes line ends.
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws ControlException if the line is no question */
    static ControlRequest parse(String line) throws ControlException {
        String key = "";
        List<String> parameters = new ArrayList<>();
        long timeoutMillis = DEFAULT_TIMEOUT_MILLIS;
        try (JsonReader json = new JsonReader(new StringReader(line))) {
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "key" -> key = json.nextString();
                    case "parameters" -> {
                        json.beginArray();
                        while (json.hasNext()) {
                            parameters.add(json.nextString());
                        }
                        json.endArray();
                    }
                    case "timeoutMillis" -> timeoutMillis = json.nextLong();
                    default -> json.skipValue();
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalStateException("more than one object");
            }
        } catch (IOException | RuntimeException e) {
            throw new ControlException(
                    "the request is not understood; write one line like {\"key\":\"ping.get\",\"parameters\":[]}", e);
        }
        return new ControlRequest(key, parameters, timeoutMillis);
    }
}
