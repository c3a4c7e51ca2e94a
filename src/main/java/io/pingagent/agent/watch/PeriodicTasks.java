package io.pingagent.agent.watch;

import io.pingagent.base.DaemonThreads;
import io.pingagent.base.OwnedBy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Small tasks that the busy threads leave to {@code ping-housekeeping}, each repeated at its own interval. */
@OwnedBy("caller")
public final class PeriodicTasks implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(PeriodicTasks.class);

    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("ping-housekeeping"));

    /** Repeats a task for the first time after the interval. A task that fails is logged and repeated like the others. */
    @SuppressWarnings("FutureReturnValueIgnored") // failures are logged by the task
    public void every(long intervalMillis, Runnable task) {
        executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        // An exception would silently end the repetition.
                        LOG.error("a periodic task failed; it is repeated", e);
                    }
                },
                intervalMillis,
                intervalMillis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
