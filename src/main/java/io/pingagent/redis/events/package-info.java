/**
 * What Redis announces: expired keys, and edits of jobs, groups and err lists.
 *
 * <p>Entered by {@code agent}, {@code agent.report}.
 */
@NullMarked
package io.pingagent.redis.events;

import org.jspecify.annotations.NullMarked;
