/**
 * Values that no server has acknowledged, on disk.
 *
 * <p>Entered by {@code zabbix}, {@code zabbix.delivery}.
 */
@NullMarked
package io.pingagent.zabbix.buffer;

import org.jspecify.annotations.NullMarked;
