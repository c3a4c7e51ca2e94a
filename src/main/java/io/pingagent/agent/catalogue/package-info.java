/**
 * Jobs and groups of Redis, brought into scheduler and engine; what cannot be read stays as it was.
 *
 * <p>Entered by {@code agent}, {@code agent.control}, {@code agent.report}.
 */
@NullMarked
package io.pingagent.agent.catalogue;

import org.jspecify.annotations.NullMarked;
