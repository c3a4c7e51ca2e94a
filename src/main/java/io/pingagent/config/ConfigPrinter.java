package io.pingagent.config;

import io.pingagent.config.read.Setting;
import io.pingagent.config.type.Key;
import org.jspecify.annotations.Nullable;

/** Writes the effective configuration as YAML, each value with its origin as a comment and secrets hidden. */
public final class ConfigPrinter {

    private static final int COMMENT_COLUMN = 52;

    private ConfigPrinter() {}

    public static String print(EffectiveConfig effective) {
        StringBuilder out = new StringBuilder();
        String section = "";
        for (Setting<?> setting : effective.settings().all()) {
            section = openSections(out, section, setting.key().path());
            appendLine(out, setting);
        }
        return out.toString();
    }

    /** Writes the headings of the sections that begin with this key; returns the key's section. */
    static String openSections(StringBuilder out, String section, String path) {
        for (int dot = path.indexOf('.'), start = 0; dot >= 0; start = dot + 1, dot = path.indexOf('.', start)) {
            if (!section.equals(path.substring(0, dot)) && !section.startsWith(path.substring(0, dot) + ".")) {
                out.append(indent(path.substring(0, dot)))
                        .append(path, start, dot)
                        .append(":\n");
            }
        }
        return path.substring(0, path.lastIndexOf('.'));
    }

    static String indent(String path) {
        return "  ".repeat((int) path.chars().filter(c -> c == '.').count());
    }

    private static <T> void appendLine(StringBuilder out, Setting<T> setting) {
        String path = setting.key().path();
        int start = out.length();
        out.append(indent(path))
                .append(path.substring(path.lastIndexOf('.') + 1))
                .append(": ")
                .append(text(setting.key(), setting.value()))
                .append(" ");
        out.append(" ".repeat(Math.max(0, COMMENT_COLUMN - (out.length() - start))))
                .append("# ")
                .append(origin(setting))
                .append('\n');
    }

    private static <T> String text(Key<T> key, @Nullable T value) {
        if (value == null) {
            return "null";
        }
        return key.secret() ? "\"***\"" : key.type().format(value);
    }

    private static String origin(Setting<?> setting) {
        return switch (setting.origin()) {
            case DEFAULT ->
                setting.value() == null ? "default: " + setting.key().defaultNote() : "default";
            case FILE -> "file";
            case ENVIRONMENT -> "environment: " + setting.key().environmentName();
        };
    }
}
