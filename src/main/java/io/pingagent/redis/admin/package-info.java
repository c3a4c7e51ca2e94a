/**
 * What commands read and change in Redis.
 *
 * <p>Entered by {@code agent.control}, {@code app.demo}, {@code app.zabbix}, {@code cli}, {@code cli.doctor},
 * {@code cli.shell}, {@code cli.trace}, {@code cli.view}, {@code cli.zabbix}, {@code imports}.
 */
@NullMarked
package io.pingagent.redis.admin;

import org.jspecify.annotations.NullMarked;
