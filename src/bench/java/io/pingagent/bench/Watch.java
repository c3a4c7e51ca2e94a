package io.pingagent.bench;

import io.pingagent.bench.ProcessTimes.Spent;
import java.io.IOException;

/**
 * What a measured process, its Redis and the rest of the machine spend from now on until {@link #end}. One thread.
 */
final class Watch {

    private static final long NO_OBSERVER = -1;

    private final long pid;
    private final Redis redis;
    private final long startNanos = System.nanoTime();
    private final long startMillis = System.currentTimeMillis();
    private final CpuTimes machine;
    private final ProcessTimes own;
    private final ProcessTimes measured;
    private final ProcessTimes store;
    private final long observer;
    private final ProcessTimes observing;

    /** @param redis null if there is none */
    Watch(long pid, Redis redis) throws IOException {
        this(pid, redis, NO_OBSERVER);
    }

    /**
     * @param redis null if there is none
     * @param observer a process that is neither measured nor foreign
     */
    Watch(long pid, Redis redis, long observer) throws IOException {
        this.pid = pid;
        this.observer = observer;
        this.redis = redis;
        machine = CpuTimes.now();
        own = ProcessTimes.of(ProcessHandle.current().pid());
        measured = ProcessTimes.of(pid);
        store = redis == null ? null : ProcessTimes.of(redis.pid());
        observing = observer == NO_OBSERVER ? null : ProcessTimes.of(observer);
    }

    /** How long it has been watching. */
    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    long startMillis() {
        return startMillis;
    }

    /**
     * Fills in all that is seen from outside.
     *
     * @param probesPerSecond of the same time
     */
    void end(Figures figures, double probesPerSecond) throws IOException {
        double seconds = seconds();
        ProcessTimes agent = ProcessTimes.of(pid).since(measured);
        double storeSeconds = redis == null
                ? 0
                : ProcessTimes.of(redis.pid()).since(store).allThreads().total();
        CpuTimes all = CpuTimes.now().since(machine);
        double ownSeconds =
                ProcessTimes.of(ProcessHandle.current().pid()).since(own).seconds();
        if (observing != null) {
            ownSeconds += ProcessTimes.of(observer).since(observing).seconds();
        }
        double micros = 1e6 / seconds / probesPerSecond;

        Spent send = agent.thread("ping-send");
        Spent receive = agent.thread("ping-recv");
        Spent write = agent.thread("ping-redis");
        Spent total = agent.allThreads();
        // Threads that ended meanwhile are in the process's time only, which is of less resolution.
        double ended = Math.max(0, agent.seconds() - total.total() - 0.05);
        Spent other = total.minus(send).minus(receive).minus(write);
        figures.put(Metric.SEND_USER_US, send.exactUser() * micros);
        figures.put(Metric.SEND_SYSTEM_US, send.exactSystem() * micros);
        figures.put(Metric.RECEIVE_USER_US, receive.exactUser() * micros);
        figures.put(Metric.RECEIVE_SYSTEM_US, receive.exactSystem() * micros);
        if (redis != null) {
            figures.put(Metric.WRITE_USER_US, write.exactUser() * micros);
            figures.put(Metric.WRITE_SYSTEM_US, write.exactSystem() * micros);
            figures.put(Metric.REDIS_US, storeSeconds * micros);
            figures.put(Metric.REDIS_MB, ProcessTimes.megabytes(redis.pid(), "VmHWM"));
        }
        double user = send.exactUser() + receive.exactUser() + write.exactUser() + other.exactUser() + ended;
        double agentSeconds = total.total() + ended;
        figures.put(Metric.OTHER_USER_US, (other.exactUser() + ended) * micros);
        figures.put(Metric.OTHER_SYSTEM_US, other.exactSystem() * micros);
        figures.put(Metric.AGENT_US, agentSeconds * micros);
        figures.put(Metric.ALL_US, (agentSeconds + storeSeconds) * micros);
        figures.put(Metric.USER_TO_KERNEL, user / Math.max(1e-9, agentSeconds - user));
        figures.put(Metric.CORES, (agentSeconds + storeSeconds) / seconds);
        figures.put(Metric.SOFTIRQ_CORES, all.softirqSeconds() / seconds);
        figures.put(Metric.AGENT_MB, ProcessTimes.megabytes(pid, "VmHWM"));
        figures.put(Metric.AGENT_NOW_MB, ProcessTimes.megabytes(pid, "VmRSS"));
        figures.put(
                Metric.FOREIGN_CORES,
                Math.max(0, all.busySeconds() - agentSeconds - storeSeconds - ownSeconds) / seconds);
        figures.put(Metric.STEAL_CORES, all.stealSeconds() / seconds);
        figures.put(Metric.LOAD_AVERAGE, CpuTimes.loadAverage());
    }
}
