/**
 * Cron specs, job definitions and the scheduler that starts rounds.
 *
 * <p>Entered by {@code agent}, {@code agent.catalogue}, {@code agent.control}, {@code app}, {@code config.type}.
 */
@NullMarked
package io.pingagent.jobs;

import org.jspecify.annotations.NullMarked;
