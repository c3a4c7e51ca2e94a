package io.pingagent.trace;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hops that send a packet round until its TTL is used up.
 *
 * @param firstHop TTL of the first of them
 * @param lastHop TTL of the last of them; those behind it repeat them
 */
record RoutingLoop(int firstHop, int lastHop) {

    /** Two may be a router that answers twice. */
    private static final int LEAST_TURNS = 3;

    /** The loop in which a path ends, or null. Routers in it may leave out answers after the first turn. */
    static @Nullable RoutingLoop of(TracedPath path) {
        if (path.reached()) {
            return null;
        }
        for (int length = 1; length * LEAST_TURNS <= path.hops().size(); length++) {
            int mostFirst = path.lastHop() - length * LEAST_TURNS + 1;
            for (int first = path.firstHop(); first <= mostFirst; first++) {
                if (repeats(path, first, length)) {
                    return new RoutingLoop(first, first + length - 1);
                }
            }
        }
        return null;
    }

    private static boolean repeats(TracedPath path, int first, int length) {
        for (int ttl = first; ttl <= path.lastHop(); ttl++) {
            Hop hop = path.hop(ttl);
            Hop model = path.hop(first + (ttl - first) % length);
            boolean fits = hop.isSilent()
                    ? ttl >= first + length
                    : Objects.equals(hop.address(), model.address())
                            && hop.note().isEmpty();
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return firstHop == lastHop ? "hop " + firstHop : "hops " + firstHop + " to " + lastHop;
    }
}
