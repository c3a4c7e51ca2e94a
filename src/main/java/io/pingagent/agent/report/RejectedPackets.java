package io.pingagent.agent.report;

import io.pingagent.icmp.Rejection;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Engine;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Packets that came and were no replies to probes. Stateless. */
final class RejectedPackets {

    private static final String FOREIGN_ERROR = name(Rejection.FOREIGN_ERROR);

    private RejectedPackets() {}

    /** How many there were for each reason; reasons that never occurred are left out. */
    static Map<String, Long> byReason(Engine engine) {
        Map<String, Long> byReason = new TreeMap<>();
        for (Rejection reason : Rejection.values()) {
            if (engine.rejected(reason) > 0) {
                byReason.put(name(reason), engine.rejected(reason));
            }
        }
        long foreign = engine.counters().get(Counter.FOREIGN_SOURCE);
        if (foreign > 0) {
            byReason.put("foreign_source", foreign);
        }
        return byReason;
    }

    private static String name(Rejection reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    static long total(Engine engine) {
        return total(byReason(engine));
    }

    /**
     * Without ICMP errors about foreign packets. Those are harmless: routers send them about each trace of this agent,
     * each probe with a profile, and whatever else runs on this machine.
     */
    static long total(Map<String, Long> byReason) {
        return byReason.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(FOREIGN_ERROR))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
