package io.pingagent.agent2;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The plugin's lines of {@code zabbix_agent2.conf}, {@code Plugins.Ping.NAME=VALUE}, which come as a tree with values in
 * base64. {@code System} is the agent's own; 6.0 leaves it in.
 *
 * @param socket of {@code Plugins.Ping.Socket}; empty if there is none
 * @param unknown names of options that this plugin does not have
 */
record PluginOptions(String socket, List<String> unknown) {

    static final PluginOptions NONE = new PluginOptions("", List.of());

    private static final String SOCKET = "Socket";
    private static final String SYSTEM = "System";

    PluginOptions {
        unknown = List.copyOf(unknown);
    }

    /** Of a socket's path that is not absolute, what is wrong; else empty. */
    String trouble() {
        return socket.isEmpty() || socket.startsWith("/")
                ? ""
                : "Plugins.Ping.Socket is '" + socket + "', which is not an absolute path; correct it";
    }

    static PluginOptions read(JsonReader in) throws IOException {
        if (in.peek() != JsonToken.BEGIN_OBJECT) {
            in.skipValue();
            return NONE;
        }
        String socket = "";
        List<String> unknown = new ArrayList<>();
        in.beginObject();
        while (in.hasNext()) {
            if (!in.nextName().equals("Nodes") || in.peek() != JsonToken.BEGIN_ARRAY) {
                in.skipValue();
                continue;
            }
            in.beginArray();
            while (in.hasNext()) {
                Option option = option(in);
                if (option.name.equals(SOCKET)) {
                    // As everywhere in this file, the last line wins.
                    socket = option.value;
                } else if (!option.name.equals(SYSTEM)) {
                    unknown.add(option.name);
                }
            }
            in.endArray();
        }
        in.endObject();
        return new PluginOptions(socket, unknown);
    }

    private record Option(String name, String value) {}

    private static Option option(JsonReader in) throws IOException {
        String name = "";
        String value = "";
        in.beginObject();
        while (in.hasNext()) {
            String field = in.nextName();
            if (field.equals("Name") && in.peek() == JsonToken.STRING) {
                name = in.nextString();
            } else if (field.equals("Nodes") && in.peek() == JsonToken.BEGIN_ARRAY) {
                value = lastValue(in);
            } else {
                in.skipValue();
            }
        }
        in.endObject();
        return new Option(name, value);
    }

    private static String lastValue(JsonReader in) throws IOException {
        String value = "";
        in.beginArray();
        while (in.hasNext()) {
            in.beginObject();
            while (in.hasNext()) {
                if (in.nextName().equals("Value") && in.peek() == JsonToken.STRING) {
                    value = decoded(in.nextString());
                } else {
                    in.skipValue();
                }
            }
            in.endObject();
        }
        in.endArray();
        return value;
    }

    private static String decoded(String base64) throws IOException {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8).strip();
        } catch (IllegalArgumentException e) {
            throw new IOException("an option is not in base64", e);
        }
    }
}
