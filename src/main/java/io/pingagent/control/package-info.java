/**
 * The control socket of the running agent: its protocol, server and client.
 *
 * <p>Entered by {@code agent}, {@code agent.control}, {@code agent2}, {@code cli.picture}.
 */
@NullMarked
package io.pingagent.control;

import org.jspecify.annotations.NullMarked;
