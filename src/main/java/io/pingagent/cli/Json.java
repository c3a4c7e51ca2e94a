package io.pingagent.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Prints what scripts read: one JSON document on standard output. */
final class Json {

    private static final String INDENT = "  ";

    /** Writes the document. */
    interface Content {
        void writeTo(JsonWriter out) throws IOException;
    }

    private Json() {}

    static void print(Terminal terminal, Content content) {
        try {
            Writer text = new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8);
            JsonWriter out = new JsonWriter(text);
            out.setIndent(INDENT);
            content.writeTo(out);
            out.flush();
            terminal.out().println();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a JSON text found in Redis as JSON, or as a string where it is none; null as null. */
    static void embed(JsonWriter out, @Nullable String json) throws IOException {
        JsonElement parsed = json == null ? null : parse(json);
        if (parsed == null) {
            out.value(json);
        } else {
            out.jsonValue(parsed.toString());
        }
    }

    /** The parsed text, or null if it is no JSON. */
    static @Nullable JsonElement parse(String json) {
        try {
            return JsonParser.parseString(json);
        } catch (JsonParseException e) {
            return null;
        }
    }
}
