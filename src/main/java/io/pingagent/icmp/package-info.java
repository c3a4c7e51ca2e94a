/**
 * Raw ICMP and ICMPv6 sockets (RFC 792, RFC 4443): batches, the echo codec, timestamps of the kernel.
 *
 * <p>Entered by {@code agent}, {@code agent.control}, {@code agent.report}, {@code agent.watch}, {@code app.doctor},
 * {@code config}, {@code ping}, {@code probe}, {@code probe.stamp}, {@code probe.validity}, {@code trace}.
 */
@NullMarked
package io.pingagent.icmp;

import org.jspecify.annotations.NullMarked;
