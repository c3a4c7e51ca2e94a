package io.pingagent.agent.catalogue;

import io.pingagent.jobs.CronSpec;
import io.pingagent.jobs.Firing;
import io.pingagent.jobs.JobScheduler;

/** The agent's scheduler, behind the port of the catalogue. Stateless. */
public final class SchedulerTimetable implements Timetable {

    private final JobScheduler scheduler;

    public SchedulerTimetable(JobScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public void schedule(String id, CronSpec spec, Firing listener) {
        scheduler.schedule(id, spec, listener);
    }

    @Override
    public void unschedule(String id) {
        scheduler.unschedule(id);
    }
}
