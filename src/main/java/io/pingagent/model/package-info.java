/** Immutable values shared by the whole agent: addresses, jobs, settings. */
@NullMarked
package io.pingagent.model;

import org.jspecify.annotations.NullMarked;
