package io.pingagent.zabbix.sender;

import io.pingagent.base.AnyThread;
import io.pingagent.model.ZabbixValue;
import java.util.List;

/**
 * Values of the agent's own host that each host with the template takes, whatever else it has. A server that takes
 * nothing is judged by these.
 */
@AnyThread
public interface OwnValues {

    /** The host that owns them. */
    String host();

    /** At least one, with the stamp of now; true at any time while the agent runs. */
    List<ZabbixValue> now();
}
