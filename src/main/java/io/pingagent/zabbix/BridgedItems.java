package io.pingagent.zabbix;

import io.pingagent.base.AnyThread;
import io.pingagent.zabbix.delivery.ItemInfo;
import java.util.function.Predicate;

/**
 * The items of the bridge, for their delivery.
 *
 * @param left whether a host takes no values any more; any thread
 */
@AnyThread
public record BridgedItems(Predicate<String> left) implements ItemInfo {

    @Override
    public boolean isLeft(String host) {
        return left.test(host);
    }

    @Override
    public boolean isOfAgent(String key) {
        return AgentItem.isKey(key);
    }

    @Override
    public String addressOf(String key) {
        return ZabbixKeys.addressOf(key).orElse("");
    }
}
