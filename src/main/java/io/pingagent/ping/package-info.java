/**
 * One-shot pings: the engine without Redis and without err list.
 *
 * <p>Entered by {@code agent.control}, {@code app}, {@code cli.ping}.
 */
@NullMarked
package io.pingagent.ping;

import org.jspecify.annotations.NullMarked;
