/** The command line: picocli commands, tables, exit statuses. Touches no socket itself. */
@NullMarked
package io.pingagent.cli;

import org.jspecify.annotations.NullMarked;
