package io.pingagent.agent.catalogue;

import io.pingagent.jobs.CronSpec;
import io.pingagent.jobs.Firing;

/** Port: when specs are due. Called by {@code ping-reload}. */
public interface Timetable {

    /** @throws IllegalArgumentException if the id is scheduled already */
    void schedule(String id, CronSpec spec, Firing listener);

    /** From now on no new firing of this id begins. */
    void unschedule(String id);
}
