package io.pingagent.cli.view;

import com.google.gson.stream.JsonWriter;
import io.pingagent.model.IpAddress;
import io.pingagent.model.LabelFields;
import io.pingagent.model.TargetLabels;
import java.io.IOException;
import java.util.Map;

/** Name, parent and labels of an address as commands print them. Stateless. */
public final class LabelFormat {

    private LabelFormat() {}

    /** The fields {@code name}, {@code parent} and {@code labels} of an object, as far as there are any. */
    public static void writeFields(JsonWriter out, TargetLabels labels) throws IOException {
        if (!labels.name().isEmpty()) {
            out.name("name").value(labels.name());
        }
        IpAddress parent = labels.parent();
        if (parent != null) {
            out.name("parent").value(parent.toString());
        }
        if (!labels.labels().isEmpty()) {
            out.name("labels").beginObject();
            for (Map.Entry<String, String> label : labels.labels().entrySet()) {
                out.name(label.getKey()).value(label.getValue());
            }
            out.endObject();
        }
    }

    /** Behind an address, as {@code group add --file} reads it: with a blank in front, or empty. */
    public static String words(TargetLabels labels) {
        StringBuilder words = new StringBuilder();
        if (!labels.name().isEmpty()) {
            word(words, LabelFields.NAME, labels.name());
        }
        labels.labels().forEach((label, value) -> word(words, label, value));
        IpAddress parent = labels.parent();
        if (parent != null) {
            word(words, LabelFields.PARENT, parent.toString());
        }
        return words.toString();
    }

    private static void word(StringBuilder words, String label, String value) {
        words.append(' ').append(label).append('=');
        boolean isPlain = value.chars().noneMatch(c -> Character.isWhitespace(c) || c == '"' || c == '\\' || c == '#');
        words.append(isPlain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
}
