/**
 * The command {@code doctor}: its checks and how they are shown.
 *
 * <p>Entered by {@code cli}.
 */
@NullMarked
package io.pingagent.cli.doctor;

import org.jspecify.annotations.NullMarked;
