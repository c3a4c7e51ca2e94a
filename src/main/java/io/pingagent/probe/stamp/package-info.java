/**
 * Transmit stamps: how much later than its stamp a packet left, and how the RTT is corrected.
 *
 * <p>Entered by {@code probe}.
 */
@NullMarked
package io.pingagent.probe.stamp;

import org.jspecify.annotations.NullMarked;
