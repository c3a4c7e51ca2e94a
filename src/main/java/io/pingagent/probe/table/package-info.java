/**
 * Everything known of each target, in pages of primitive arrays.
 *
 * <p>Entered by {@code probe}, {@code probe.queue}, {@code probe.stamp}, {@code probe.validity}.
 */
@NullMarked
package io.pingagent.probe.table;

import org.jspecify.annotations.NullMarked;
