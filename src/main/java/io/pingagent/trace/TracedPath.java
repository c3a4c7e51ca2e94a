package io.pingagent.trace;

import java.util.List;
import java.util.Objects;

/**
 * The hops on the way to an address, at one moment. Silent hops behind the last one that answered are left out.
 *
 * @param wallMillis when it was measured, Unix milliseconds
 * @param reached whether the address itself answered
 * @param firstHop TTL of the first hop, at least 1
 * @param hops in the order of their TTL
 */
public record TracedPath(long wallMillis, boolean reached, int firstHop, List<Hop> hops) {

    public TracedPath {
        hops = List.copyOf(hops);
    }

    /** A path from the first hop on, without what is behind the last hop that answered. */
    static TracedPath of(long wallMillis, boolean reached, int firstHop, List<Hop> hops) {
        int length = hops.size();
        while (length > 0
                && hops.get(length - 1).isSilent()
                && hops.get(length - 1).note().isEmpty()) {
            length--;
        }
        return new TracedPath(wallMillis, reached, firstHop, hops.subList(0, length));
    }

    /** What a hop answered; silence for one that the path does not have. */
    public Hop hop(int ttl) {
        int index = ttl - firstHop;
        return index < 0 || index >= hops.size() ? Hop.SILENT : hops.get(index);
    }

    /** The last TTL of the path, 0 if nobody answered. */
    public int lastHop() {
        return hops.isEmpty() ? 0 : firstHop + hops.size() - 1;
    }

    /**
     * The first hop at which this path and another one part; 0 if they do not. A hop that is silent in one of them parts
     * them only if no hop behind it answers any more. Many routers leave out an answer now and then.
     */
    public int firstDifference(TracedPath other) {
        int last = Math.max(lastHop(), other.lastHop());
        for (int ttl = Math.min(firstHop, other.firstHop); ttl <= last; ttl++) {
            Hop one = hop(ttl);
            Hop another = other.hop(ttl);
            boolean isEnd = ttl > lastHop() || ttl > other.lastHop();
            boolean areDifferent = !one.isSilent()
                    && !another.isSilent()
                    && !(Objects.equals(one.address(), another.address())
                            && one.note().equals(another.note()));
            if (isEnd || areDifferent) {
                return ttl;
            }
        }
        return 0;
    }
}
