/**
 * Whether a loss counts: pauses of this process, full buffers, unproven errors.
 *
 * <p>Entered by {@code probe}.
 */
@NullMarked
package io.pingagent.probe.validity;

import org.jspecify.annotations.NullMarked;
