/**
 * The sender protocol: packets, answers, several servers, proxy groups.
 *
 * <p>Entered by {@code zabbix}, {@code zabbix.delivery}.
 */
@NullMarked
package io.pingagent.zabbix.sender;

import org.jspecify.annotations.NullMarked;
