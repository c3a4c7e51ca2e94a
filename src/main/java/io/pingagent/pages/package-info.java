/**
 * Manual pages and completions, made from the commands by the build.
 *
 * <p>Entered by the build, and left out of the jar.
 */
@NullMarked
package io.pingagent.pages;

import org.jspecify.annotations.NullMarked;
