package io.pingagent.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Signals that the agent cannot hear because whoever started it made it ignore them: {@code nohup}, some CI runners. Java
 * leaves an ignored signal ignored, without a word. Stateless.
 */
final class IgnoredSignals {

    private static final Logger LOG = LogManager.getLogger(IgnoredSignals.class);

    private static final String FIELD = "SigIgn:";
    private static final int SIGHUP = 1;
    private static final int SIGTERM = 15;

    private IgnoredSignals() {}

    /** Says at the start what will not work. */
    static void warn() {
        try {
            problems(Files.readAllLines(Path.of("/proc/self/status"))).forEach(LOG::warn);
        } catch (IOException e) {
            LOG.debug("cannot find out which signals are ignored", e);
        }
    }

    /** @param status the lines of {@code /proc/PID/status} */
    static List<String> problems(List<String> status) {
        List<String> problems = new ArrayList<>();
        for (String line : status) {
            if (line.startsWith(FIELD)) {
                long ignored =
                        Long.parseUnsignedLong(line.substring(FIELD.length()).strip(), 16);
                if (isSet(ignored, SIGHUP)) {
                    problems.add("SIGHUP is ignored, as after nohup: it does not reload jobs and groups;"
                            + " start the agent with setsid or as a service instead");
                }
                if (isSet(ignored, SIGTERM)) {
                    problems.add("SIGTERM is ignored: it does not stop the agent, only SIGKILL does;"
                            + " start the agent with 'env --default-signal=TERM'");
                }
            }
        }
        return problems;
    }

    private static boolean isSet(long mask, int signal) {
        return (mask >>> (signal - 1) & 1) != 0;
    }
}
