/**
 * One packet to one server and its answer: TCP, TLS with certificates or a pre-shared key.
 *
 * <p>Entered by {@code zabbix}, {@code zabbix.sender}.
 */
@NullMarked
package io.pingagent.zabbix.transport;

import org.jspecify.annotations.NullMarked;
