/**
 * The command line: its commands and their way from arguments to an exit status.
 *
 * <p>Entered by the JVM.
 */
@NullMarked
package io.pingagent.cli;

import org.jspecify.annotations.NullMarked;
