/**
 * State written to Redis: last-ms, err list, status string, the agent's own keys.
 *
 * <p>Entered by {@code agent}.
 */
@NullMarked
package io.pingagent.redis.writer;

import org.jspecify.annotations.NullMarked;
