package io.pingagent.agent.report;

/** Numbers of things in sentences. Stateless. */
public final class ProbeCountText {

    private ProbeCountText() {}

    /** {@code 1 probe}, {@code 17 probes}. */
    public static String probes(long count) {
        return count + (count == 1 ? " probe" : " probes");
    }
}
