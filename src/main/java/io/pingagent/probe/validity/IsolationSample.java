package io.pingagent.probe.validity;

import io.pingagent.base.OwnedBy;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * Addresses that are probed to find out whether the agent is cut off: some of all that may answer, taken at random, and
 * the canaries.
 */
@OwnedBy("ping-recv")
public final class IsolationSample {

    /** Of so many the share of a million is known to within 3 %. */
    public static final int MOST = 256;
    /** Where ids are too many to look at each, so many are tried. */
    private static final int MOST_TRIES = 16 * MOST;

    /** What is known of one of them; 0 if nothing is. */
    private static final byte ALIVE = 1;

    private static final byte SILENT = 2;

    private final SplittableRandom random = new SplittableRandom();
    private int[] targetIds = new int[0];
    private byte[] states = new byte[0];
    private int canaries;

    /**
     * Chooses other targets.
     *
     * @param limit ids are below this
     * @param mayAnswer whether a target answered a moment ago
     * @param canaryIds asked in any case; must not be changed
     * @param isLive whether an id is a target
     */
    public void choose(int limit, IntPredicate mayAnswer, int[] canaryIds, IntPredicate isLive) {
        int[] live = Arrays.stream(canaryIds).filter(isLive).distinct().toArray();
        canaries = live.length;
        int[] chosen = Arrays.copyOf(live, canaries + MOST);
        int count = canaries;
        if (limit <= MOST_TRIES) {
            int seen = 0;
            for (int id = 0; id < limit; id++) {
                if (!mayAnswer.test(id) || isCanary(id, live)) {
                    continue;
                }
                // Reservoir: each of those seen has the same chance to be in it.
                seen++;
                if (count < canaries + MOST) {
                    chosen[count++] = id;
                } else {
                    int at = random.nextInt(seen);
                    if (at < MOST) {
                        chosen[canaries + at] = id;
                    }
                }
            }
        } else {
            for (int i = 0; i < MOST_TRIES && count < canaries + MOST; i++) {
                int id = random.nextInt(limit);
                if (mayAnswer.test(id) && indexOf(chosen, count, id) < 0) {
                    chosen[count++] = id;
                }
            }
        }
        targetIds = Arrays.copyOf(chosen, count);
        states = new byte[count];
    }

    private static boolean isCanary(int id, int[] canaryIds) {
        return indexOf(canaryIds, canaryIds.length, id) >= 0;
    }

    private static int indexOf(int[] ids, int count, int id) {
        for (int i = 0; i < count; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        return -1;
    }

    public void answered(int targetId) {
        set(targetId, ALIVE);
    }

    public void silent(int targetId) {
        set(targetId, SILENT);
    }

    private void set(int targetId, byte state) {
        int at = indexOf(targetIds, targetIds.length, targetId);
        if (at >= 0) {
            states[at] = state;
        }
    }

    /** Forgets a removed target. */
    public void remove(int targetId) {
        int at = indexOf(targetIds, targetIds.length, targetId);
        if (at < 0) {
            return;
        }
        int left = targetIds.length - 1;
        System.arraycopy(targetIds, at + 1, targetIds, at, left - at);
        System.arraycopy(states, at + 1, states, at, left - at);
        targetIds = Arrays.copyOf(targetIds, left);
        states = Arrays.copyOf(states, left);
        canaries -= at < canaries ? 1 : 0;
    }

    public int get(int index) {
        return targetIds[index];
    }

    /** Canaries and addresses. */
    public int size() {
        return targetIds.length;
    }

    public int canaries() {
        return canaries;
    }

    /** Addresses that are no canaries. */
    public int addresses() {
        return targetIds.length - canaries;
    }

    public boolean isAnyCanaryAlive() {
        return count(ALIVE, 0, canaries) > 0;
    }

    public boolean areAllCanariesSilent() {
        return count(SILENT, 0, canaries) == canaries;
    }

    public int aliveAddresses() {
        return count(ALIVE, canaries, targetIds.length);
    }

    public int silentAddresses() {
        return count(SILENT, canaries, targetIds.length);
    }

    public int silent() {
        return count(SILENT, 0, targetIds.length);
    }

    private int count(byte state, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += states[i] == state ? 1 : 0;
        }
        return count;
    }

    public void clear() {
        targetIds = new int[0];
        states = new byte[0];
        canaries = 0;
    }
}
