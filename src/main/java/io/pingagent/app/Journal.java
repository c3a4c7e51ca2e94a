package io.pingagent.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether standard error leads to systemd's journal. Then log lines begin with a priority ({@code <3>}, as
 * {@code sd-daemon(3)} says) instead of time and level, which the journal keeps itself. An exception stays on its line.
 */
public final class Journal {

    /** Read by {@code log4j2.xml}. */
    private static final String APPENDER_PROPERTY = "pingagent.log.appender";

    private Journal() {}

    /** To be called before the first logger is made, so this class has none. */
    static void chooseLogFormat() {
        if (System.getProperty(APPENDER_PROPERTY) == null && isStandardError()) {
            System.setProperty(APPENDER_PROPERTY, "journal");
        }
    }

    /** Whether what is written to standard error becomes entries of the journal. */
    public static boolean isStandardError() {
        String stream = System.getenv("JOURNAL_STREAM");
        return stream != null && stream.equals(standardError());
    }

    /** Device and inode, as {@code JOURNAL_STREAM} has them: the variable alone is inherited by whoever writes elsewhere. */
    private static String standardError() {
        Path file = Path.of("/proc/self/fd/2");
        try {
            return Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
