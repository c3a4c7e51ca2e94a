/**
 * Probes that wait: for the time to be sent, for the kernel, for a reply.
 *
 * <p>Entered by {@code probe}.
 */
@NullMarked
package io.pingagent.probe.queue;

import org.jspecify.annotations.NullMarked;
