/**
 * Calls of the system by JNA direct mapping: sockets, clocks, memory. 64-bit little-endian Linux.
 *
 * <p>Entered by {@code agent}, {@code app}, {@code icmp}.
 */
@NullMarked
package io.pingagent.sys;

import org.jspecify.annotations.NullMarked;
