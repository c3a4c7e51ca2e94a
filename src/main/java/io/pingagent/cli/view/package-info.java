/**
 * What several commands show: agents, addresses and jobs as they stand in Redis.
 *
 * <p>Entered by {@code cli}, {@code cli.doctor}, {@code cli.ping}, {@code cli.zabbix}.
 */
@NullMarked
package io.pingagent.cli.view;

import org.jspecify.annotations.NullMarked;
