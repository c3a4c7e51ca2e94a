package io.pingagent.control;

import io.pingagent.model.Problem;
import org.jspecify.annotations.Nullable;

/** The control socket cannot be made. */
public final class ControlSocketException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String remedy;
    private final boolean isUnusableDirectory;

    ControlSocketException(String what, String remedy, boolean isUnusableDirectory, @Nullable Throwable cause) {
        super(what + "; " + remedy, cause);
        this.what = what;
        this.remedy = remedy;
        this.isUnusableDirectory = isUnusableDirectory;
    }

    /** Whether the directory of the socket does not exist, or nothing may be made there. */
    public boolean isUnusableDirectory() {
        return isUnusableDirectory;
    }

    public Problem problem() {
        return new Problem("agent.socket", what, remedy);
    }
}
