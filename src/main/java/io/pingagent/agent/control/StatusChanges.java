package io.pingagent.agent.control;

import io.pingagent.base.OwnedBy;

/** Port: hears which targets go down and come up again. Must not wait. */
@OwnedBy("ping-recv")
public interface StatusChanges {

    /**
     * A target went down, or came up after it was down.
     *
     * @param wallNanos Unix nanoseconds of the verdict, whichever it is
     */
    void changed(int targetId, boolean isUp, long wallNanos);

    /** A target is none any more; another may get its number. */
    void removed(int targetId);
}
