/**
 * Redis: names of all keys, connections, and what its errors mean.
 *
 * <p>Entered by {@code agent}, {@code agent.catalogue}, {@code agent.control}, {@code cli}, {@code cli.doctor},
 * {@code cli.view}, {@code cli.zabbix}, {@code config}, {@code config.type}, {@code imports}, {@code redis.admin},
 * {@code redis.catalogue}, {@code redis.events}, {@code redis.writer}.
 */
@NullMarked
package io.pingagent.redis;

import org.jspecify.annotations.NullMarked;
