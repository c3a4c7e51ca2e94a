package io.pingagent.base;

/**
 * A state that is logged when it begins and when it is over, however often it is met in between. Not thread-safe.
 *
 * <pre>
 * if (loss.begins()) { LOG.warn(...); }   ...   if (loss.ends()) { LOG.info(...); }
 * </pre>
 */
public final class SayOnce {

    private boolean said;

    /** The state is met: true for the first time since the last {@link #ends}, when it is to be logged. */
    public boolean begins() {
        boolean isNew = !said;
        said = true;
        return isNew;
    }

    /** The state is not there: true if its beginning was logged, so that its end is to be logged now. */
    public boolean ends() {
        boolean wasSaid = said;
        said = false;
        return wasSaid;
    }

    /** Whether its beginning was logged and its end was not. */
    public boolean isSaid() {
        return said;
    }
}
