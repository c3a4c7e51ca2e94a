package io.pingagent.config;

/** What is logged. */
public record LoggingConfig(Level level) {

    /** Least severe event that is logged; the names are log4j's. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }
}
