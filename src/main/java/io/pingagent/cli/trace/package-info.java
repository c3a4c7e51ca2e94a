/**
 * The command {@code trace}: the hops on the way to an address, live or as an agent found them when the address went down.
 *
 * <p>Entered by {@code cli}.
 */
@NullMarked
package io.pingagent.cli.trace;

import org.jspecify.annotations.NullMarked;
