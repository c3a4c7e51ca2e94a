/**
 * What the commands {@code zabbix …} and {@code doctor} do with Zabbix, without a running agent.
 *
 * <p>Entered by {@code app}, {@code cli.zabbix}.
 */
@NullMarked
package io.pingagent.app.zabbix;

import org.jspecify.annotations.NullMarked;
