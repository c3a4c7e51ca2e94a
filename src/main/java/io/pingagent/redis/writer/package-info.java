/**
 * State written to Redis: last-ms, err list, status string, the agent's own keys.
 *
 * <p>Entered by {@code agent}, {@code agent.control}, {@code agent.report}.
 */
@NullMarked
package io.pingagent.redis.writer;

import org.jspecify.annotations.NullMarked;
