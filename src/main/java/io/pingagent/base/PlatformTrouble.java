package io.pingagent.base;

/** Says what a {@link LinkageError} means: this machine or installation lacks something, and the program is not at fault. */
public final class PlatformTrouble {

    private static final int MOST_CHARACTERS = 300;

    private PlatformTrouble() {}

    /** What is wrong, without the remedy. */
    public static String what(LinkageError error) {
        Throwable cause =
                error instanceof ExceptionInInitializerError && error.getCause() != null ? error.getCause() : error;
        String reason =
                OneLine.of(String.valueOf(cause.getMessage()).strip().replaceAll("\\s*\\R\\s*", " "), MOST_CHARACTERS);
        if (isAboutJna(error)) {
            return "the native library (JNA) cannot be used on this machine: " + reason;
        }
        if (error instanceof UnsupportedClassVersionError) {
            return "this Java is too old: " + reason;
        }
        if (error instanceof NoClassDefFoundError) {
            return "the installation is not complete, a class is missing: " + reason;
        }
        return "this machine or installation cannot run it: " + cause.getClass().getSimpleName() + ", " + reason;
    }

    /** What to do about it. */
    public static String remedy(LinkageError error) {
        if (isAboutJna(error)) {
            return "set PING_AGENT_JAVA_OPTS=-Djna.tmpdir=DIR, with a directory that is writable and not mounted noexec";
        }
        if (error instanceof UnsupportedClassVersionError) {
            return "install Java 17 or newer, or correct JAVA_HOME";
        }
        return "install ping-agent again, with all of its lib directory";
    }

    private static boolean isAboutJna(LinkageError error) {
        return error instanceof UnsatisfiedLinkError
                || String.valueOf(error.getMessage()).contains("com.sun.jna");
    }
}
