package io.pingagent.agent;

import io.pingagent.config.LoggingConfig;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** What is logged, beyond the defaults of {@code log4j2.xml}. */
public final class LogLevels {

    private static final String OWN = "io.pingagent";

    private LogLevels() {}

    public static void level(LoggingConfig.Level level) {
        Configurator.setLevel(OWN, Level.valueOf(level.name()));
    }

    /** For commands that own the screen. */
    public static void silence() {
        Configurator.setLevel(OWN, Level.OFF);
        Configurator.setRootLevel(Level.OFF);
    }
}
