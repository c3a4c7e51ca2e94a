package io.pingagent.config;

import org.jspecify.annotations.Nullable;

/**
 * Port: judges a cron spec. It is plugged in because cron specs belong to the package {@code jobs}, which this one does not
 * know.
 */
@FunctionalInterface
public interface SpecCheck {

    /** Accepts any text that is not empty. */
    SpecCheck NONE = spec -> null;

    /** What is wrong with the spec, in words that follow "'…'" and name the remedy, or null if it is valid. */
    @Nullable
    String problemOf(String spec);
}
