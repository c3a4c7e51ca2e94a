package io.pingagent.cli.shell;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonWriter;
import io.pingagent.base.OneLine;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints what scripts read: one JSON document on standard output. */
public final class Json {

    private static final String INDENT = "  ";

    /** Writes the document. */
    public interface Content {
        void writeTo(JsonWriter out) throws IOException;
    }

    private Json() {}

    public static void print(Terminal terminal, Content content) {
        try {
            Writer text = new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8);
            JsonWriter out = new JsonWriter(new EscapingWriter(text));
            out.setIndent(INDENT);
            content.writeTo(out);
            out.flush();
            terminal.out().println();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text as a JSON string, quotes included. */
    public static String quoted(String text) {
        return harmless(new JsonPrimitive(text).toString());
    }

    /** The same document, in which no name can move the cursor of a terminal. */
    public static String harmless(String json) {
        if (json.chars().allMatch(c -> isKept((char) c))) {
            return json;
        }
        StringBuilder escaped = new StringBuilder(json.length() + 100);
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (isKept(c)) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }

    /** Line feeds stand between values, halves of pairs make one character. */
    private static boolean isKept(char c) {
        return c >= ' ' && c < 0x7f || c == '\n' || Character.isSurrogate(c) || OneLine.isHarmless(c);
    }

    /** Gson writes what JSON allows as it is, and JSON allows C1 controls and bidirectional ones. */
    private static final class EscapingWriter extends FilterWriter {

        EscapingWriter(Writer next) {
            super(next);
        }

        @Override
        public void write(int character) throws IOException {
            out.write(harmless(String.valueOf((char) character)));
        }

        @Override
        public void write(char[] characters, int from, int length) throws IOException {
            out.write(harmless(new String(characters, from, length)));
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            out.write(harmless(text.substring(from, from + length)));
        }
    }

    /** Writes a JSON text found in Redis as JSON, or as a string where it is none; null as null. */
    public static void embed(JsonWriter out, @Nullable String json) throws IOException {
        JsonElement parsed = json == null ? null : parse(json);
        if (parsed == null) {
            out.value(json);
        } else {
            out.jsonValue(parsed.toString());
        }
    }

    /** The parsed text, or null if it is no JSON. */
    public static @Nullable JsonElement parse(String json) {
        try {
            return JsonParser.parseString(json);
        } catch (JsonParseException e) {
            return null;
        }
    }
}
