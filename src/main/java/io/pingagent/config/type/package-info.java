/**
 * How the values of keys are read, checked, described and written: numbers, texts, URLs, lists.
 *
 * <p>Entered by {@code config}, {@code config.read}.
 */
@NullMarked
package io.pingagent.config.type;

import org.jspecify.annotations.NullMarked;
