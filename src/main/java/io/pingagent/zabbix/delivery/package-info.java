/**
 * Delivers the values of the buffer: what the server made of each item, and which of its values wait.
 *
 * <p>Entered by {@code zabbix}.
 */
@NullMarked
package io.pingagent.zabbix.delivery;

import org.jspecify.annotations.NullMarked;
