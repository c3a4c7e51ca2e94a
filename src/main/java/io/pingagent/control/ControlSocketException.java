package io.pingagent.control;

import io.pingagent.model.Problem;
import org.jspecify.annotations.Nullable;

/** The control socket cannot be made. */
public final class ControlSocketException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String remedy;
    private final boolean isMissingDirectory;

    ControlSocketException(String what, String remedy, boolean isMissingDirectory, @Nullable Throwable cause) {
        super(what + "; " + remedy, cause);
        this.what = what;
        this.remedy = remedy;
        this.isMissingDirectory = isMissingDirectory;
    }

    /** Whether the directory of the socket does not exist. */
    public boolean isMissingDirectory() {
        return isMissingDirectory;
    }

    public Problem problem() {
        return new Problem("agent.socket", what, remedy);
    }
}
