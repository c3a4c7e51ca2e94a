/**
 * Pictures of round-trip times and losses: lines and bars for the terminal, SVG for files, and the command {@code plot}.
 *
 * <p>Entered by {@code cli}.
 */
@NullMarked
package io.pingagent.cli.picture;

import org.jspecify.annotations.NullMarked;
