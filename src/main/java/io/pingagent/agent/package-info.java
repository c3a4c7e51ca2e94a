/**
 * The running daemon: everything wired, started and stopped in order.
 *
 * <p>Entered by {@code app}, {@code app.demo}, {@code app.zabbix}.
 */
@NullMarked
package io.pingagent.agent;

import org.jspecify.annotations.NullMarked;
