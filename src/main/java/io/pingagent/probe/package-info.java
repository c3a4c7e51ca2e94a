/**
 * The probe engine: rounds, sending, matching of replies, verdicts.
 *
 * <p>Entered by {@code agent}, {@code agent.catalogue}, {@code agent.control}, {@code agent.report},
 * {@code agent.watch}, {@code app}, {@code app.demo}, {@code app.doctor}, {@code app.zabbix}, {@code config},
 * {@code ping}, {@code trace}.
 */
@NullMarked
package io.pingagent.probe;

import org.jspecify.annotations.NullMarked;
