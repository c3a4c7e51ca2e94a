package io.pingagent.icmp;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;

/**
 * The ICMP identifier in use and the one before it, both in one word, so that the receiving thread never sees them half
 * changed.
 */
@AnyThread
final class EchoIdentifiers {

    /** Current in the upper half, previous in the lower; the same value twice when there is no previous one. */
    private volatile int both;

    EchoIdentifiers(int identifier) {
        both = pack(checked(identifier), identifier);
    }

    int current() {
        return both >>> 16;
    }

    boolean accepts(int identifier) {
        int seen = both;
        return identifier == seen >>> 16 || identifier == (seen & 0xffff);
    }

    @OwnedBy("ping-send")
    void change(int identifier) {
        both = pack(checked(identifier), current());
    }

    static int checked(int identifier) {
        if (identifier < 1 || identifier > 0xffff) {
            throw new IllegalArgumentException("identifier is " + identifier + ", must be 1 to 65535");
        }
        return identifier;
    }

    private static int pack(int current, int previous) {
        return current << 16 | previous;
    }
}
