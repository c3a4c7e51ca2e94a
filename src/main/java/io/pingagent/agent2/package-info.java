/**
 * The loadable plugin of Zabbix agent 2: a process that the agent starts, and that asks the ping-agents of this host at their
 * control sockets. See the manual page "Zabbix agent 2 plugin protocol". Kept small: it loads gson, and nothing else that is
 * not Java's or {@code control}'s.
 */
@NullMarked
package io.pingagent.agent2;

import org.jspecify.annotations.NullMarked;
