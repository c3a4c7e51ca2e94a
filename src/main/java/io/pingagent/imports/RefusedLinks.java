package io.pingagent.imports;

import io.pingagent.base.OwnedBy;
import io.pingagent.zabbix.api.FoundHost;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Hosts to which Zabbix would not link the template: each takes a call of its own, so it is not tried at every import.
 */
@OwnedBy("caller")
public final class RefusedLinks {

    private static final long REMEMBERED_NANOS = TimeUnit.DAYS.toNanos(1);

    private final Map<String, Long> refusedAtNanosById = new HashMap<>();

    /**
     * The hosts that may be tried.
     *
     * @param nowNanos monotonic
     */
    List<FoundHost> withoutRefused(List<FoundHost> hosts, long nowNanos) {
        refusedAtNanosById.values().removeIf(atNanos -> nowNanos - atNanos >= REMEMBERED_NANOS);
        return hosts.stream()
                .filter(host -> !refusedAtNanosById.containsKey(host.id()))
                .toList();
    }

    void add(Collection<String> ids, long nowNanos) {
        ids.forEach(id -> refusedAtNanosById.put(id, nowNanos));
    }
}
