/**
 * The way to an address, hop by hop: sweeps over TTLs, the paths that they find, and the agent's record of them.
 *
 * <p>Entered by {@code agent}, {@code app}, {@code cli.trace}, {@code config}.
 */
@NullMarked
package io.pingagent.trace;

import org.jspecify.annotations.NullMarked;
