/**
 * Zabbix's API: hosts that exist, templates, values, what {@code zabbix setup} makes.
 *
 * <p>Entered by {@code app}, {@code app.zabbix}, {@code cli.zabbix}, {@code config}, {@code config.type},
 * {@code imports}.
 */
@NullMarked
package io.pingagent.zabbix.api;

import org.jspecify.annotations.NullMarked;
