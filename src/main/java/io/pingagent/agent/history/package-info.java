/**
 * The probes of the last minutes, kept in memory for those who ask: bounded, and only where {@code history.last} is set.
 *
 * <p>Entered by {@code agent}, {@code agent.control}.
 */
@NullMarked
package io.pingagent.agent.history;

import org.jspecify.annotations.NullMarked;
