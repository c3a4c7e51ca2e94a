/**
 * Zabbix's API: hosts that exist, templates, values, what {@code zabbix setup} makes.
 *
 * <p>Entered by {@code app.zabbix}, {@code imports}.
 */
@NullMarked
package io.pingagent.zabbix.api;

import org.jspecify.annotations.NullMarked;
