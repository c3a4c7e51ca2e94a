/**
 * Tools that every room may use. Uses none of the others.
 *
 * <p>Entered by every room.
 */
@NullMarked
package io.pingagent.base;

import org.jspecify.annotations.NullMarked;
