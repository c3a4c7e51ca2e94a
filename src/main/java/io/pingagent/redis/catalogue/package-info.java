/**
 * Jobs, groups and hosts read from Redis, and what shows whether they are whole.
 *
 * <p>Entered by {@code agent}, {@code agent.catalogue}, {@code agent.control}, {@code redis.admin}.
 */
@NullMarked
package io.pingagent.redis.catalogue;

import org.jspecify.annotations.NullMarked;
