package io.pingagent.config.read;

import io.pingagent.model.NearWord;
import io.pingagent.model.Problem;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out what an unknown key was meant to be. */
final class UnknownKeys {

    private UnknownKeys() {}

    /** @param path of a key or section in the file */
    static Problem problem(String where, String path, KnownKeys keys) {
        Set<String> known = keys.pathsAndSections();
        String near = NearWord.nearest(path, known);
        if (near == null) {
            near = sameLastWord(path, keys);
        }
        if (near != null) {
            return new Problem(where, "unknown key", "did you mean " + near + "?");
        }
        String section = path.contains(".") ? path.substring(0, path.lastIndexOf('.') + 1) : "";
        String choice = known.stream()
                .filter(name -> name.startsWith(section) && name.indexOf('.', section.length()) < 0)
                .map(name -> name.substring(section.length()))
                .collect(Collectors.joining(", "));
        return new Problem(where, "unknown key", "remove it; known here are " + choice);
    }

    static Problem environmentProblem(String name, KnownKeys keys) {
        String near = NearWord.nearest(name, keys.variables());
        return new Problem(
                "environment: " + name,
                "unknown variable",
                near == null ? "unset it; the reference lists all variables" : "did you mean " + near + "?");
    }

    /** A right key in the wrong section. */
    private static @Nullable String sameLastWord(String path, KnownKeys keys) {
        String word = path.substring(path.lastIndexOf('.') + 1);
        for (String keyPath : keys.paths()) {
            if (keyPath.endsWith("." + word)) {
                return keyPath;
            }
        }
        return null;
    }
}
