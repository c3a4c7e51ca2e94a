package io.pingagent.faults;

import io.pingagent.testkit.Command;
import java.io.IOException;

/** Signals by process id. */
final class Processes {

    private Processes() {}

    /** @param name as {@code kill} takes it: {@code STOP} */
    static void signal(String name, long pid) throws IOException {
        Command.check("kill", "-" + name, Long.toString(pid));
    }
}
