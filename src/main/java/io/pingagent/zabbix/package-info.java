/**
 * The bridge to Zabbix: item keys, discovery, what is measured per push interval.
 *
 * <p>Entered by {@code agent}, {@code agent.catalogue}, {@code agent.control}, {@code agent.report},
 * {@code app.zabbix}, {@code config}.
 */
@NullMarked
package io.pingagent.zabbix;

import org.jspecify.annotations.NullMarked;
