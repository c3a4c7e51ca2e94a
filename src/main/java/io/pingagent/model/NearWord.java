package io.pingagent.model;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the known word that a mistyped one was meant to be. Stateless, any thread. */
public final class NearWord {

    /** Longer ones are no typing errors, and would take long. */
    private static final int MOST_CHARACTERS = 200;

    private NearWord() {}

    /**
     * The known word that differs least, if it does not differ in more than a third of its letters; else null. Case does not
     * count.
     */
    public static @Nullable String nearest(String word, Collection<String> known) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        if (word.length() > MOST_CHARACTERS) {
            return null;
        }
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

    /** How many letters are to be changed, added, left out or swapped with their neighbour. */
    private static int distance(String a, String b) {
        int[][] distances = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            distances[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            distances[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int changed = distances[i - 1][j - 1] + (same(a, i - 1, b, j - 1) ? 0 : 1);
                distances[i][j] = Math.min(Math.min(distances[i][j - 1], distances[i - 1][j]) + 1, changed);
                if (i > 1 && j > 1 && same(a, i - 1, b, j - 2) && same(a, i - 2, b, j - 1)) {
                    distances[i][j] = Math.min(distances[i][j], distances[i - 2][j - 2] + 1);
                }
            }
        }
        return distances[a.length()][b.length()];
    }

    private static boolean same(String a, int i, String b, int j) {
        return Character.toLowerCase(a.charAt(i)) == Character.toLowerCase(b.charAt(j));
    }
}
