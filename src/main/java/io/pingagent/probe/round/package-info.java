/**
 * When a probe is due: the order within a round, running rounds, the err list's seconds.
 *
 * <p>Entered by {@code probe}.
 */
@NullMarked
package io.pingagent.probe.round;

import org.jspecify.annotations.NullMarked;
