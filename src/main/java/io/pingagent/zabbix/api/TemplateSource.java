package io.pingagent.zabbix.api;

import com.google.gson.JsonPrimitive;
import io.pingagent.base.OwnedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a template file of ours. Macros and tags are read and changed line by line, since the layout is that of
 * Zabbix's export.
 */
@OwnedBy("caller")
final class TemplateSource {

    private static final String TEMPLATE = "      template: ";
    private static final String MACROS = "      macros:";
    private static final String TAGS = "      tags:";
    private static final String MACRO = "        - macro: ";
    private static final String TAG = "        - tag: ";
    private static final String VALUE = "          value: ";
    private static final Pattern ELEMENT = Pattern.compile(" {8}- .*");
    /** A text in single quotes, in double quotes, or bare. */
    private static final Pattern SCALAR = Pattern.compile("'(.*)'|\"(.*)\"|(.*)");

    private final List<String> lines;

    TemplateSource(String yaml) {
        lines = new ArrayList<>(List.of(yaml.split("\n", -1)));
    }

    String text() {
        return String.join("\n", lines);
    }

    /** The value of a template's macro, or null if the file has no such macro. */
    @Nullable
    String macro(String template, String macro) {
        int at = element(template, MACROS, MACRO, macro);
        return at < 0 ? null : value(at);
    }

    /** Gives a macro of the file another value. */
    void setMacro(String template, String macro, String value) {
        int at = element(template, MACROS, MACRO, macro);
        int valueAt = valueLine(at);
        if (valueAt >= 0) {
            lines.remove(valueAt);
        }
        lines.add(at + 1, VALUE + quoted(value));
    }

    /** Adds a macro that the file lacks. */
    void addMacro(String template, String macro, String value, String description, boolean isInVault) {
        int at = section(template, MACROS);
        List<String> element = new ArrayList<>(List.of(MACRO + quoted(macro), VALUE + quoted(value)));
        if (isInVault) {
            element.add("          type: VAULT");
        }
        if (!description.isEmpty()) {
            element.add("          description: " + quoted(description));
        }
        lines.addAll(at + 1, element);
    }

    /**
     * Adds a tag.
     *
     * @return whether the file lacked it
     */
    boolean addTag(String template, String tag, String value) {
        int end = end(template);
        for (int i = find(template, TAGS); i >= 0 && i < end; i++) {
            if (isSectionEnd(i, TAGS)) {
                break;
            }
            String line = lines.get(i);
            if (line.startsWith(TAG) && scalar(line.substring(TAG.length())).equals(tag) && value(i).equals(value)) {
                return false;
            }
        }
        lines.addAll(section(template, TAGS) + 1, List.of(TAG + quoted(tag), VALUE + quoted(value)));
        return true;
    }

    /** The line of a template's name, or -1. */
    private int start(String template) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(TEMPLATE)
                    && scalar(line.substring(TEMPLATE.length())).equals(template)) {
                return i;
            }
        }
        return -1;
    }

    /** The line behind a template's last one. */
    private int end(String template) {
        int i = start(template) + 1;
        while (i < lines.size() && (lines.get(i).isEmpty() || lines.get(i).startsWith("      "))) {
            i++;
        }
        return i;
    }

    /** The line at which a template's macros or tags begin, or -1. */
    private int find(String template, String name) {
        int end = end(template);
        for (int i = start(template); i >= 0 && i < end; i++) {
            if (lines.get(i).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** As {@link #find}; the section is made if there is none. */
    private int section(String template, String name) {
        int at = find(template, name);
        if (at < 0) {
            at = start(template) + 1;
            lines.add(at, name);
        }
        return at;
    }

    private boolean isSectionEnd(int line, String name) {
        return !lines.get(line).equals(name) && !lines.get(line).startsWith("        ");
    }

    private int element(String template, String section, String prefix, String name) {
        int end = end(template);
        for (int i = find(template, section); i >= 0 && i < end && !isSectionEnd(i, section); i++) {
            String line = lines.get(i);
            if (line.startsWith(prefix)
                    && scalar(line.substring(prefix.length())).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The value of the macro or tag that begins at a line; empty if it has none. */
    private String value(int element) {
        int at = valueLine(element);
        return at < 0 ? "" : scalar(lines.get(at).substring(VALUE.length()));
    }

    private int valueLine(int element) {
        for (int i = element + 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(VALUE)) {
                return i;
            }
            if (ELEMENT.matcher(line).matches() || !line.startsWith("          ")) {
                return -1;
            }
        }
        return -1;
    }

    private static String scalar(String text) {
        Matcher matcher = SCALAR.matcher(text.strip());
        if (!matcher.matches()) {
            return text;
        }
        if (matcher.group(1) != null) {
            return matcher.group(1).replace("''", "'");
        }
        return matcher.group(2) != null ? matcher.group(2).replace("\\\"", "\"").replace("\\\\", "\\") : text.strip();
    }

    /** A JSON text is a double-quoted one of YAML (YAML 1.2, 1.3 and 7.3.1). */
    private static String quoted(String text) {
        return new JsonPrimitive(text).toString();
    }
}
