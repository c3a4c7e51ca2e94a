package io.pingagent.agent;

/** Numbers of things in sentences. */
final class Counted {

    private Counted() {}

    /** {@code 1 probe}, {@code 17 probes}. */
    static String probes(long count) {
        return count + (count == 1 ? " probe" : " probes");
    }
}
