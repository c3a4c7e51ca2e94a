package io.pingagent.app.doctor;

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
        OK("ok", 0),
        /** Neither well nor ill. */
        NOTE("note", 0),
        WARN("warn", 0),
        SERVICE_AWAY("fail", 69),
        NOT_PERMITTED("fail", 77),
        BAD_CONFIGURATION("fail", 78);

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
