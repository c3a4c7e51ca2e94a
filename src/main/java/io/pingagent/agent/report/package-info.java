/**
 * What the agent says of itself, in Redis and to Zabbix: counters, rates, what it could not send.
 *
 * <p>Entered by {@code agent}, {@code agent.watch}.
 */
@NullMarked
package io.pingagent.agent.report;

import org.jspecify.annotations.NullMarked;
