/**
 * Immutable values of the whole agent: addresses, jobs, problems, and what goes to Zabbix.
 *
 * <p>Entered by {@code agent}, {@code agent.catalogue}, {@code agent.control}, {@code agent.history}, {@code agent.report}, {@code agent.watch}, {@code app}, {@code app.demo}, {@code app.zabbix}, {@code cli}, {@code cli.doctor}, {@code cli.picture}, {@code cli.ping}, {@code cli.shell}, {@code cli.trace}, {@code cli.view}, {@code cli.zabbix}, {@code config}, {@code config.read}, {@code config.type}, {@code control}, {@code dns}, {@code imports}, {@code jobs}, {@code ping}, {@code probe}, {@code probe.round}, {@code probe.stamp}, {@code probe.table}, {@code redis}, {@code redis.admin}, {@code redis.catalogue}, {@code redis.events}, {@code redis.writer}, {@code trace}, {@code zabbix}, {@code zabbix.api}, {@code zabbix.buffer}, {@code zabbix.delivery}, {@code zabbix.sender}, {@code zabbix.transport}.
 */
@NullMarked
package io.pingagent.model;

import org.jspecify.annotations.NullMarked;
