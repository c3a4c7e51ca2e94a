/** Wires everything, starts and stops in order; offers {@link io.pingagent.app.Operations} to the command line. */
@NullMarked
package io.pingagent.app;

import org.jspecify.annotations.NullMarked;
