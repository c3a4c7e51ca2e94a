package io.pingagent.app.doctor;

import io.pingagent.base.ExitStatus;

/**
 * The result of one {@code doctor} check.
 *
 * @param outcome how it went
 * @param name what was looked at, two or three words
 * @param found what was found, with the value seen
 * @param remedy what to do; empty when it is well
 */
public record Check(Outcome outcome, String name, String found, String remedy) {

    /** How a check went; a failure says which exit status it stands for. */
    public enum Outcome {
        OK("ok", ExitStatus.DONE),
        /** Neither well nor ill. */
        NOTE("note", ExitStatus.DONE),
        WARN("warn", ExitStatus.DONE),
        SERVICE_UNREACHABLE("fail", ExitStatus.SERVICE_UNREACHABLE),
        NOT_PERMITTED("fail", ExitStatus.NOT_PERMITTED),
        BAD_CONFIGURATION("fail", ExitStatus.BAD_CONFIGURATION);

        private final String word;
        private final int exitStatus;

        Outcome(String word, int exitStatus) {
            this.word = word;
            this.exitStatus = exitStatus;
        }

        /** {@code ok}, {@code note}, {@code warn} or {@code fail}. */
        public String word() {
            return word;
        }

        public int exitStatus() {
            return exitStatus;
        }
    }

    public static Check ok(String name, String found) {
        return new Check(Outcome.OK, name, found, "");
    }

    public static Check note(String name, String found) {
        return new Check(Outcome.NOTE, name, found, "");
    }

    public static Check warn(String name, String found, String remedy) {
        return new Check(Outcome.WARN, name, found, remedy);
    }

    public static Check fail(Outcome outcome, String name, String found, String remedy) {
        return new Check(outcome, name, found, remedy);
    }
}
