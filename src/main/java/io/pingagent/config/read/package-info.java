/**
 * What somebody wrote: the YAML file, the environment, and where each value came from.
 *
 * <p>Entered by {@code config}.
 */
@NullMarked
package io.pingagent.config.read;

import org.jspecify.annotations.NullMarked;
