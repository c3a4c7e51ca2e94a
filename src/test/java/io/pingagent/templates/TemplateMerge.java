package io.pingagent.templates;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds one tree of a template to another. Maps are merged by name. Of lists with an identity (a UUID, a macro, a named page of
 * a dashboard), rows with the same one are merged, and a new row comes after the row before it, or first; other lists and all
 * texts are replaced.
 */
final class TemplateMerge {

    private TemplateMerge() {}

    /** @return a new tree; neither argument is changed */
    static Map<String, Object> merge(Map<String, Object> base, Map<String, Object> addition) {
        Map<String, Object> merged = new LinkedHashMap<>(base);
        addition.forEach((name, value) -> merged.merge(name, value, (below, above) -> node(name, below, above)));
        return merged;
    }

    private static Object node(String name, Object below, Object above) {
        if (below instanceof Map<?, ?> && above instanceof Map<?, ?>) {
            return merge(TemplateFile.map(below), TemplateFile.map(above));
        }
        if (below instanceof List<?> lower
                && above instanceof List<?> upper
                && upper.stream().allMatch(row -> identity(name, row) != null)) {
            return rows(name, lower, upper);
        }
        return above;
    }

    private static List<Object> rows(String name, List<?> below, List<?> above) {
        List<Object> rows = new ArrayList<>(below);
        int next = 0;
        for (Object row : above) {
            int at = indexOf(name, rows, identity(name, row));
            if (at < 0) {
                rows.add(next++, row);
            } else {
                rows.set(at, node(name, rows.get(at), row));
                next = at + 1;
            }
        }
        return rows;
    }

    private static int indexOf(String name, List<Object> rows, @Nullable Object identity) {
        for (int i = 0; i < rows.size(); i++) {
            if (identity != null && identity.equals(identity(name, rows.get(i)))) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Object identity(String listName, Object row) {
        if (!(row instanceof Map<?, ?> entries)) {
            return null;
        }
        return switch (listName) {
            case "macros" -> entries.get("macro");
            case "pages" -> entries.get("name");
            default -> entries.get("uuid");
        };
    }
}
