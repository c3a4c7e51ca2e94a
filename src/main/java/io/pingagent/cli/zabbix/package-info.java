/**
 * The command {@code zabbix}: discovery lists, one round of values, import of hosts, set-up.
 *
 * <p>Entered by {@code cli}.
 */
@NullMarked
package io.pingagent.cli.zabbix;

import org.jspecify.annotations.NullMarked;
