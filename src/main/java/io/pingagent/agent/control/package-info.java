/**
 * What the agent answers at its control socket: figures of addresses and agents, and single probes.
 *
 * <p>Entered by {@code agent}.
 */
@NullMarked
package io.pingagent.agent.control;

import org.jspecify.annotations.NullMarked;
