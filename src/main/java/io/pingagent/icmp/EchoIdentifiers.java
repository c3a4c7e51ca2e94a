package io.pingagent.icmp;

/**
 * The ICMP identifier in use and the one before it. Changed by the sending thread, read by the receiving one, both in one
 * word so that they are never seen half changed.
 */
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
