package io.pingagent.testkit;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Signals to processes, by the system call: the program {@code kill} is not on every machine. Any thread. */
public final class SentSignals {

    /** Of Linux on x86 and ARM. */
    private static final Map<String, Integer> NUMBERS = Map.of(
            "HUP", 1, "INT", 2, "QUIT", 3, "KILL", 9, "USR1", 10, "USR2", 12, "TERM", 15, "CONT", 18, "STOP", 19);

    private SentSignals() {}

    /**
     * Sends one.
     *
     * @param name without SIG: {@code STOP}
     */
    public static void send(long pid, String name) throws IOException {
        Integer number = NUMBERS.get(name);
        if (number == null) {
            throw new IllegalArgumentException("no number is known for SIG" + name);
        }
        try {
            TestLibc.kill((int) pid, number);
        } catch (LastErrorException e) {
            throw new IOException("SIG" + name + " does not reach process " + pid + ": " + e.getMessage(), e);
        }
    }

    /**
     * Words before a command that give it the default disposition of every signal, whatever this JVM ignores: under
     * {@code nohup} or in the background of a shell a child would ignore what the test sends.
     *
     * @return options of {@code env}; none where its version knows none
     */
    public static List<String> defaultDispositions() {
        return Options.KNOWN;
    }

    private static final class Options {
        static final List<String> KNOWN = ask();

        private static List<String> ask() {
            try {
                boolean known = Command.run("env", "--default-signal", "true").exitStatus() == 0;
                return known ? List.of("--default-signal") : List.of();
            } catch (IOException e) {
                return List.of();
            }
        }
    }
}
