package io.pingagent.agent2;

import com.google.gson.stream.JsonWriter;
import io.pingagent.base.AnyThread;
import io.pingagent.control.ItemKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What the plugin says, as JSON in UTF-8. Stateless. */
@AnyThread
final class PluginMessage {

    /** As the agent counts them. */
    enum Severity {
        INFO,
        CRITICAL,
        ERROR,
        WARNING,
        DEBUG
    }

    /** Part of the agent's configuration: {@code Plugins.Ping}. */
    static final String NAME = "Ping";

    /** Exporter, configurator, runner. */
    private static final int INTERFACES = 1 | 2 | 4;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int ESCAPE_BYTES = 6;

    private PluginMessage() {}

    private interface Fields {
        void writeTo(JsonWriter json) throws IOException;
    }

    private static byte[] message(int id, int type, Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonWriter json = new JsonWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
            json.beginObject();
            json.name("id").value(id);
            json.name("type").value(type);
            fields.writeTo(json);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] registered(int id) {
        return message(id, MessageType.REGISTERED, json -> {
            json.name("name").value(NAME);
            json.name("metrics").beginArray();
            for (ItemKey key : ItemKey.values()) {
                json.value(key.key());
                json.value(key.description());
            }
            json.endArray();
            json.name("interfaces").value(INTERFACES);
        });
    }

    static byte[] validated(int id) {
        return message(id, MessageType.VALIDATED, json -> {});
    }

    static byte[] error(int id, String text) {
        return message(id, MessageType.EXPORTED, json -> json.name("error").value(text));
    }

    static byte[] log(Severity severity, String text) {
        return message(0, MessageType.LOG, json -> {
            json.name("severity").value(severity.ordinal());
            json.name("message").value(text);
        });
    }

    /**
     * A value, always as text: of a number the agent would keep six decimals.
     *
     * @param utf8 as it came, so that a long text need not be decoded
     */
    static byte[] value(int id, byte[] utf8) {
        byte[] start = ("{\"id\":" + id + ",\"type\":" + MessageType.EXPORTED + ",\"value\":\"")
                .getBytes(StandardCharsets.US_ASCII);
        int length = start.length + 2;
        for (byte b : utf8) {
            length += isSpecial(b) ? isControl(b) ? ESCAPE_BYTES : 2 : 1;
        }
        byte[] message = new byte[length];
        System.arraycopy(start, 0, message, 0, start.length);
        int at = start.length;
        for (byte b : utf8) {
            if (isControl(b)) {
                message[at++] = '\\';
                message[at++] = 'u';
                message[at++] = '0';
                message[at++] = '0';
                message[at++] = HEX[b >> 4];
                message[at++] = HEX[b & 0xf];
            } else {
                if (isSpecial(b)) {
                    message[at++] = '\\';
                }
                message[at++] = b;
            }
        }
        message[at++] = '"';
        message[at] = '}';
        return message;
    }

    private static boolean isControl(byte b) {
        return b >= 0 && b < ' ';
    }

    /** What has to be escaped in JSON; bytes of longer UTF-8 sequences are negative. */
    private static boolean isSpecial(byte b) {
        return isControl(b) || b == '"' || b == '\\';
    }
}
