package io.pingagent.agent.watch;

import io.pingagent.base.AnyThread;
import org.jspecify.annotations.Nullable;

/** Port: rounds that were still running when their next was due. */
@AnyThread
public interface Overruns {

    /** @param unsent probes of the round that were not sent when its next was due */
    record Overrun(int jobId, int unsent) {}

    /** How many there were since the start. */
    long overruns();

    /** The most recent one since the last call, or null. */
    @Nullable
    Overrun takeOverrun();
}
