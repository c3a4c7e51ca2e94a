package io.pingagent.config;

import io.pingagent.model.Problem;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out what an unknown key was meant to be. */
final class UnknownKeys {

    private UnknownKeys() {}

    /** @param path of a key or section in the file */
    static Problem problem(String where, String path) {
        Set<String> known = new LinkedHashSet<>();
        for (Key<?> key : Keys.ALL) {
            String keyPath = key.path();
            known.add(keyPath);
            for (int dot = keyPath.indexOf('.'); dot >= 0; dot = keyPath.indexOf('.', dot + 1)) {
                known.add(keyPath.substring(0, dot));
            }
        }
        String near = nearest(path, known);
        if (near == null) {
            near = sameLastWord(path);
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

    static Problem environmentProblem(String name) {
        Set<String> known = Keys.ALL.stream().map(Key::environmentName).collect(Collectors.toSet());
        String near = nearest(name, known);
        return new Problem(
                "environment: " + name,
                "unknown variable",
                near == null ? "unset it; the reference lists all variables" : "did you mean " + near + "?");
    }

    /** The known word that differs least, if it does not differ in more than a third of its letters. */
    private static @Nullable String nearest(String word, Set<String> known) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : known) {
            int most = Math.max(1, candidate.length() / 3);
            if (Math.abs(word.length() - candidate.length()) > most) {
                continue;
            }
            int distance = distance(word, candidate);
            if (distance <= most && distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** A right key in the wrong section. */
    private static @Nullable String sameLastWord(String path) {
        String word = path.substring(path.lastIndexOf('.') + 1);
        for (Key<?> key : Keys.ALL) {
            if (key.path().endsWith("." + word)) {
                return key.path();
            }
        }
        return null;
    }

    /** Levenshtein distance; case does not count. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + (same ? 0 : 1));
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
