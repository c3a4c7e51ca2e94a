/**
 * The loadable plugin of Zabbix agent 2: a process of its own that asks the agent's control socket.
 *
 * <p>Entered by the program that Zabbix agent 2 starts.
 */
@NullMarked
package io.pingagent.agent2;

import org.jspecify.annotations.NullMarked;
