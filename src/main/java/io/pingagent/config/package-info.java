/**
 * The configuration: one table of keys, read from file and environment, checked once. Immutable.
 *
 * <p>Entered by {@code agent}, {@code agent.control}, {@code agent.report}, {@code app}, {@code app.demo},
 * {@code app.doctor}, {@code app.zabbix}, {@code cli}, {@code cli.doctor}, {@code cli.picture}, {@code cli.shell},
 * {@code cli.zabbix}, {@code imports}.
 */
@NullMarked
package io.pingagent.config;

import org.jspecify.annotations.NullMarked;
