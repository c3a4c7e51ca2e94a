package io.pingagent.agent2;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent says. Fields that a type does not have are empty; unknown ones are passed over.
 *
 * @param id to be repeated in the answer; 0 cannot be answered
 * @param type see {@link MessageType}, perhaps another
 * @param key of an export
 * @param parameters of that key
 * @param timeoutSeconds of that item, from Zabbix 7.0 on; else 0
 * @param globalTimeoutSeconds of the agent's configuration, in a configure request; else 0
 * @param options of the plugin, in validate and configure requests; else null
 */
record AgentMessage(
        int id,
        int type,
        String key,
        List<String> parameters,
        int timeoutSeconds,
        int globalTimeoutSeconds,
        @Nullable PluginOptions options) {

    AgentMessage {
        parameters = List.copyOf(parameters);
    }

    /** @throws IOException if it is no such message */
    static AgentMessage parse(byte[] json) throws IOException {
        try (JsonReader in =
                new JsonReader(new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8))) {
            return read(in);
        } catch (IllegalStateException | NumberFormatException e) {
            throw new IOException("not a message of Zabbix agent 2: " + e.getMessage(), e);
        }
    }

    private static AgentMessage read(JsonReader in) throws IOException {
        int id = 0;
        int type = 0;
        String key = "";
        List<String> parameters = List.of();
        int timeoutSeconds = 0;
        int globalTimeoutSeconds = 0;
        PluginOptions options = null;
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                continue;
            }
            switch (name) {
                case "id" -> id = in.nextInt();
                case "type" -> type = in.nextInt();
                case "key" -> key = in.nextString();
                case "parameters" -> parameters = texts(in);
                case "timeout" -> timeoutSeconds = in.nextInt();
                case "global_options" -> globalTimeoutSeconds = timeout(in);
                case "private_options" -> options = PluginOptions.read(in);
                default -> in.skipValue();
            }
        }
        in.endObject();
        return new AgentMessage(id, type, key, parameters, timeoutSeconds, globalTimeoutSeconds, options);
    }

    private static List<String> texts(JsonReader in) throws IOException {
        List<String> texts = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            texts.add(in.nextString());
        }
        in.endArray();
        return texts;
    }

    private static int timeout(JsonReader in) throws IOException {
        int seconds = 0;
        in.beginObject();
        while (in.hasNext()) {
            if (in.nextName().equals("Timeout") && in.peek() == JsonToken.NUMBER) {
                seconds = in.nextInt();
            } else {
                in.skipValue();
            }
        }
        in.endObject();
        return seconds;
    }
}
