package io.pingagent.zabbix;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Values of the agent's own host that each host with the template takes, whatever else it has: by these a server is judged
 * that takes nothing. Any thread.
 */
interface OwnValues {

    /** The host that owns them. */
    String host();

    /** At least one, with the stamp of now; true at any time while the agent runs. */
    List<ZabbixValue> now();

    /**
     * Version and heartbeat of a running agent: one of them may be disabled.
     *
     * @param wallNanos Unix nanoseconds
     */
    static OwnValues ofAgent(String host, Supplier<String> version, LongSupplier wallNanos) {
        return new OwnValues() {

            @Override
            public String host() {
                return host;
            }

            @Override
            public List<ZabbixValue> now() {
                long now = wallNanos.getAsLong();
                String seconds = Long.toString(TimeUnit.NANOSECONDS.toSeconds(now));
                return List.of(
                        ZabbixValue.at(host, AgentItem.VERSION.key(), version.get(), now),
                        ZabbixValue.at(host, AgentItem.HEARTBEAT.key(), seconds, now));
            }
        };
    }
}
