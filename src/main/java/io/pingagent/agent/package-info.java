/**
 * The running daemon: everything wired, started and stopped in order, and what it says of itself.
 *
 * <p>Entered by {@code app}, {@code app.demo}, {@code app.zabbix}.
 */
@NullMarked
package io.pingagent.agent;

import org.jspecify.annotations.NullMarked;
