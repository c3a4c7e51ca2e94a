package io.pingagent.agent.report;

import io.pingagent.icmp.Rejection;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Engine;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Packets that came and were no replies to probes. Stateless. */
final class RejectedPackets {

    private RejectedPackets() {}

    /** How many there were for each reason; reasons that never occurred are left out. */
    static Map<String, Long> byReason(Engine engine) {
        Map<String, Long> byReason = new TreeMap<>();
        for (Rejection reason : Rejection.values()) {
            if (engine.rejected(reason) > 0) {
                byReason.put(reason.name().toLowerCase(Locale.ROOT), engine.rejected(reason));
            }
        }
        long foreign = engine.counters().get(Counter.FOREIGN_SOURCE);
        if (foreign > 0) {
            byReason.put("foreign_source", foreign);
        }
        return byReason;
    }

    static long total(Engine engine) {
        return byReason(engine).values().stream().mapToLong(Long::longValue).sum();
    }
}
