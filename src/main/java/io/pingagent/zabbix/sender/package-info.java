/**
 * The sender protocol: packets, answers, several servers, proxy groups.
 *
 * <p>Entered by {@code app.zabbix}, {@code zabbix}.
 */
@NullMarked
package io.pingagent.zabbix.sender;

import org.jspecify.annotations.NullMarked;
