package io.pingagent.cli.shell;

/** How much the libraries log while a command runs. To be set before the first logger is made. Stateless. */
public final class LibraryLogging {

    private LibraryLogging() {}

    /**
     * Nothing: a command reports its errors itself. Jedis's logger would load all of Log4j, which takes longer than the
     * command.
     */
    public static void silence() {
        setIfMissing("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
        setIfMissing("slf4j.internal.verbosity", "WARN");
    }

    /**
     * Errors, by Log4j's own small logger: for the one command that runs the engine and is over in a moment. The large logger
     * takes longer to start than the rest.
     */
    public static void errorsOnly() {
        setIfMissing("log4j.provider", "org.apache.logging.log4j.simple.internal.SimpleProvider");
    }

    private static void setIfMissing(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
