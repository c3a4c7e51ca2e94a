package io.pingagent.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Port: hears that a spec is due. Called by a Quartz worker; posts a command and returns at once. */
@FunctionalInterface
public interface Firing {

    /**
     * @param id as given to {@link JobScheduler#schedule}
     * @param scheduledAt the time named by the spec; now, or earlier by the delay
     * @param next the following time, or null if there is none
     */
    void fired(String id, Instant scheduledAt, @Nullable Instant next);
}
