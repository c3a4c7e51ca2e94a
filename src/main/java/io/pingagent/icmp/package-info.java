/**
 * Raw ICMP and ICMPv6 echo: sockets, batches, the echo codec, kernel timestamps.
 *
 * <p>No bytes leave this package: {@link io.pingagent.icmp.IcmpSocket} takes and {@link io.pingagent.icmp.IcmpHandler}
 * gives primitives only. An IPv4 address is its 32 bits in the low half of {@code low} with {@code high} 0, as in the
 * address model.
 */
@NullMarked
package io.pingagent.icmp;

import org.jspecify.annotations.NullMarked;
