/**
 * The probe engine: target table, pacing of rounds, matching of replies, loss windows and err-list verdicts.
 *
 * <p>Two threads share it. {@code ping-send} owns rounds and pacing; {@code ping-recv} owns matching, loss windows and
 * verdicts. What the first knows reaches the second through {@link io.pingagent.probe.EventRing}; the second answers only
 * with changes of the err list, through {@link io.pingagent.probe.ErrListChanges}.
 */
@NullMarked
package io.pingagent.probe;

import org.jspecify.annotations.NullMarked;
