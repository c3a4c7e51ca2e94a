package io.pingagent.agent.control;

import io.pingagent.base.OwnedBy;

/** Port: hears which targets go down and come up again. Must not wait. */
@OwnedBy("ping-recv")
public interface StatusChanges {

    /** A target that was up went down. */
    void wentDown(int targetId);

    /** The first verdict on a target is that it is down: it may be for long, as after a restart of the agent. */
    void foundDown(int targetId);

    /** A target came up after it was down. */
    void cameUp(int targetId);

    /** A target is none any more; another may get its number. */
    void removed(int targetId);
}
