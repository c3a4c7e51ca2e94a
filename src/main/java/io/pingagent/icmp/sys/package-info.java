/** The system calls behind raw sockets, by JNA direct mapping: the only package that knows JNA. 64-bit little-endian Linux. */
@NullMarked
package io.pingagent.icmp.sys;

import org.jspecify.annotations.NullMarked;
