/**
 * Host names and their addresses, kept up to date by DNS; the only package that imports dnsjava.
 *
 * <p>Entered by {@code agent.catalogue}.
 */
@NullMarked
package io.pingagent.dns;

import org.jspecify.annotations.NullMarked;
