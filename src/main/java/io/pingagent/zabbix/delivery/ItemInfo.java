package io.pingagent.zabbix.delivery;

import io.pingagent.base.AnyThread;

/** What delivery has to know of hosts and item keys. */
@AnyThread
public interface ItemInfo {

    /** Whether a host takes no values any more, so that nobody wants those that wait for it. */
    boolean isLeft(String host);

    /** Whether an item is about the agent as a whole, and so is there with the agent's template. */
    boolean isOfAgent(String key);

    /** The address that an item is about; empty if its key names none. */
    String addressOf(String key);
}
