/**
 * Hosts that Zabbix already has become the addresses of groups: once, or at intervals.
 *
 * <p>Entered by {@code agent}, {@code app}, {@code app.zabbix}, {@code cli.zabbix}.
 */
@NullMarked
package io.pingagent.imports;

import org.jspecify.annotations.NullMarked;
