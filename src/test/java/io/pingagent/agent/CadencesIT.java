package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.agent.catalogue.JobsBySpec;
import io.pingagent.agent.catalogue.RunningEngine;
import io.pingagent.agent.catalogue.SchedulerTimetable;
import io.pingagent.base.NanoClock;
import io.pingagent.jobs.CronSpec;
import io.pingagent.jobs.JobScheduler;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Engine;
import io.pingagent.probe.EngineOptions;
import io.pingagent.probe.Sockets;
import io.pingagent.probe.SystemNanoClock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Real seconds, because Quartz knows no other clock. */
class CadencesIT {

    private static final CronSpec EVERY_SECOND = CronSpec.parse("* * * * * *", ZoneOffset.UTC);
    /** More than the command queue holds. */
    private static final int JOBS = 200_000;

    /** One command each would be too many for the queue of an engine that takes none. */
    @Test
    void jobsOfOneSpecFireTogether() {
        NanoClock clock = new SystemNanoClock();
        Engine engine = new Engine(
                new EngineOptions(1_000, 1, 0.02, Duration.ofHours(1).toNanos()),
                null,
                null,
                clock,
                new AgentListener());
        try (JobScheduler scheduler = new JobScheduler()) {
            JobsBySpec cadences = new JobsBySpec(
                    new RunningEngine(engine, (profile, identifier) -> new Sockets(null, null)),
                    new SchedulerTimetable(scheduler),
                    clock);
            Map<Integer, CronSpec> wanted = new HashMap<>();
            for (int jobId = 0; jobId < JOBS; jobId++) {
                wanted.put(jobId, EVERY_SECOND);
            }
            cadences.set(wanted);
            AtomicInteger seconds = new AtomicInteger();
            scheduler.schedule("seconds", EVERY_SECOND, (id, scheduledAt, next) -> seconds.incrementAndGet());
            scheduler.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> seconds.get() >= 3);
            assertEquals(0, engine.counters().get(Counter.COMMAND_REJECTED));
        }
        engine.close(Duration.ZERO);
    }
}
