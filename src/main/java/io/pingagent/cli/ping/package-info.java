/**
 * The command {@code ping}: options, output and exit statuses of fping.
 *
 * <p>Entered by {@code cli}.
 */
@NullMarked
package io.pingagent.cli.ping;

import org.jspecify.annotations.NullMarked;
