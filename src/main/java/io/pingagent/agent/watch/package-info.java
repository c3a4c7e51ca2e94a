/**
 * Log lines about the running agent, folded, and the thread that repeats small tasks.
 *
 * <p>Entered by {@code agent}.
 */
@NullMarked
package io.pingagent.agent.watch;

import org.jspecify.annotations.NullMarked;
