package io.pingagent.zabbix;

import io.pingagent.base.AnyThread;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.sender.OwnValues;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Version and heartbeat of a running agent: one of them may be disabled.
 *
 * @param wallNanos Unix nanoseconds
 */
@AnyThread
record AgentOwnValues(String host, Supplier<String> version, LongSupplier wallNanos) implements OwnValues {

    @Override
    public List<ZabbixValue> now() {
        long now = wallNanos.getAsLong();
        String seconds = Long.toString(TimeUnit.NANOSECONDS.toSeconds(now));
        return List.of(
                ZabbixValue.at(host, AgentItem.VERSION.key(), version.get(), now),
                ZabbixValue.at(host, AgentItem.HEARTBEAT.key(), seconds, now));
    }
}
