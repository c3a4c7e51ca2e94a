/**
 * The demo: a Redis of its own, the whole agent, and addresses of loopback.
 *
 * <p>Entered by {@code app}, {@code cli}.
 */
@NullMarked
package io.pingagent.app.demo;

import org.jspecify.annotations.NullMarked;
