package io.pingagent.trace;

import io.pingagent.base.AnyThread;
import io.pingagent.model.AddressStatus;
import io.pingagent.model.IpAddress;
import org.jspecify.annotations.Nullable;

/** Port: the addresses whose paths are of interest. */
@AnyThread
public interface PathTargets {

    /** Ids are 0 to limit - 1. */
    int limit();

    /** The address of a target, or null if there is none of that id or nobody wants its path. */
    @Nullable
    IpAddress address(int targetId);

    boolean isUp(int targetId);

    /** What is shown of a target; neither up nor down while nothing is known of those behind which it stands. */
    @Nullable
    AddressStatus status(int targetId);

    /** Whether it is being found out that the agent itself is cut off, so that nothing is to be concluded now. */
    boolean isIsolationSuspected();

    /** Whether the agent itself is cut off. */
    boolean isIsolated();
}
